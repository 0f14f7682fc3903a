// SPDX-License-Identifier: Apache-2.0
// Slave to master: read how many timed messages each topic has; the answer is a TimerMetricsSerializeWrapper body.
import { noFields, type NoFields, type RequestType } from '../protocol/schema.ts'

/** Slave to master: read how many timed messages each topic has; the answer is a TimerMetricsSerializeWrapper body. Source: RequestCode.GET_TIMER_METRICS. */
export const getTimerMetrics: RequestType<NoFields, NoFields> = {
  code: 61,
  name: 'GET_TIMER_METRICS',
  request: noFields,
  response: noFields,
}
