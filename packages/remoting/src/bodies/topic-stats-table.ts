// SPDX-License-Identifier: Apache-2.0
// How far each queue of a topic reaches: the answer of GET_TOPIC_STATS_INFO.
import { double, initially, offset, pairsOf, record, type Shape } from '../java-json/shape.ts'
import type { JsonForm } from '../java-json/write.ts'
import { decodeBody, encodeBody } from './body.ts'
import { messageQueueShape, type MessageQueue } from './message-queue.ts'

/** Java's TopicOffset. */
export interface TopicOffset {
  /** Store time of the newest message in milliseconds since the Unix epoch; 0 when there is none. */
  readonly lastUpdateTimestamp: number
  readonly maxOffset: number
  readonly minOffset: number
}

/** Java's TopicStatsTable. */
export interface TopicStatsTable {
  readonly offsetTable: readonly (readonly [MessageQueue, TopicOffset])[]
  readonly topicPutTps: number
}

export const topicOffsetShape: Shape<TopicOffset> = record<TopicOffset>({
  lastUpdateTimestamp: initially(offset, () => 0),
  maxOffset: initially(offset, () => 0),
  minOffset: initially(offset, () => 0),
})

const shape: Shape<TopicStatsTable> = record<TopicStatsTable>({
  offsetTable: initially(pairsOf(messageQueueShape, topicOffsetShape), () => []),
  topicPutTps: initially(double, () => 0),
})

/** @throws {JavaJsonError} when the bytes are not a TopicStatsTable. */
export function decodeTopicStatsTable(bytes: Uint8Array): TopicStatsTable {
  return decodeBody('TopicStatsTable', shape, bytes)
}

/** The bytes Java's TopicStatsTable writes. */
export function encodeTopicStatsTable(body: TopicStatsTable, form?: JsonForm): Uint8Array {
  return encodeBody(shape, body, form)
}
