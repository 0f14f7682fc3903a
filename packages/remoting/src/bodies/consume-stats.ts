// SPDX-License-Identifier: Apache-2.0
// How far a group is behind on each queue: the answer of GET_CONSUME_STATS.
import { double, initially, offset, pairsOf, record, type Shape } from '../java-json/shape.ts'
import type { JsonForm } from '../java-json/write.ts'
import { decodeBody, encodeBody } from './body.ts'
import { messageQueueShape, type MessageQueue } from './message-queue.ts'

/** Java's OffsetWrapper. */
export interface OffsetWrapper {
  readonly brokerOffset: number
  readonly consumerOffset: number
  /** Store time of the last consumed message in milliseconds since the Unix epoch. */
  readonly lastTimestamp: number
  readonly pullOffset: number
}

/** Java's ConsumeStats. */
export interface ConsumeStats {
  readonly consumeTps: number
  readonly offsetTable: readonly (readonly [MessageQueue, OffsetWrapper])[]
}

export const offsetWrapperShape: Shape<OffsetWrapper> = record<OffsetWrapper>({
  brokerOffset: initially(offset, () => 0),
  consumerOffset: initially(offset, () => 0),
  lastTimestamp: initially(offset, () => 0),
  pullOffset: initially(offset, () => 0),
})

export const consumeStatsShape: Shape<ConsumeStats> = record<ConsumeStats>({
  consumeTps: initially(double, () => 0),
  offsetTable: initially(pairsOf(messageQueueShape, offsetWrapperShape), () => []),
})

/** @throws {JavaJsonError} when the bytes are not a ConsumeStats. */
export function decodeConsumeStats(bytes: Uint8Array): ConsumeStats {
  return decodeBody('ConsumeStats', consumeStatsShape, bytes)
}

/** The bytes Java's ConsumeStats writes. */
export function encodeConsumeStats(body: ConsumeStats, form?: JsonForm): Uint8Array {
  return encodeBody(consumeStatsShape, body, form)
}
