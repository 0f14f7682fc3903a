// SPDX-License-Identifier: Apache-2.0
// How many timed messages each topic has: the answer of GET_TIMER_METRICS.
import { initially, mapOf, offset, optional, record, text, type Shape } from '../java-json/shape.ts'
import type { JsonForm } from '../java-json/write.ts'
import { decodeBody, encodeBody } from './body.ts'
import { dataVersionShape, type DataVersion } from './data-version.ts'

/** Java's TimerMetrics.Metric. */
export interface TimerMetric {
  readonly count: number
  readonly timeStamp: number
}

/** Java's TimerMetrics.TimerMetricsSerializeWrapper. */
export interface TimerMetrics {
  readonly dataVersion?: DataVersion | undefined
  readonly timingCount: ReadonlyMap<string, TimerMetric>
}

const timerMetricShape: Shape<TimerMetric> = record<TimerMetric>({
  count: initially(offset, () => 0),
  timeStamp: initially(offset, () => 0),
})

const timerMetricsShape: Shape<TimerMetrics> = record<TimerMetrics>({
  dataVersion: optional(dataVersionShape),
  timingCount: initially(mapOf(text, timerMetricShape), () => new Map()),
})

/** @throws {JavaJsonError} when the bytes are not a TimerMetrics. */
export function decodeTimerMetrics(bytes: Uint8Array): TimerMetrics {
  return decodeBody('TimerMetrics', timerMetricsShape, bytes)
}

/** The bytes Java's TimerMetrics.TimerMetricsSerializeWrapper writes. */
export function encodeTimerMetrics(body: TimerMetrics, form?: JsonForm): Uint8Array {
  return encodeBody(timerMetricsShape, body, form)
}
