// SPDX-License-Identifier: Apache-2.0
// Slave to master: read the checkpoint of the timer wheel; the answer is its bytes as on disk.
import { noFields, type NoFields, type RequestType } from '../protocol/schema.ts'

/** Slave to master: read the checkpoint of the timer wheel; the answer is its bytes as on disk. Source: RequestCode.GET_TIMER_CHECK_POINT. */
export const getTimerCheckPoint: RequestType<NoFields, NoFields> = {
  code: 60,
  name: 'GET_TIMER_CHECK_POINT',
  request: noFields,
  response: noFields,
}
