// SPDX-License-Identifier: Apache-2.0
// The progress of every group of a broker: the answer of GET_BROKER_CONSUME_STATS.
import {
  initially,
  list,
  mapOf,
  offset,
  optional,
  record,
  text,
  type Shape,
} from '../java-json/shape.ts'
import type { JsonForm } from '../java-json/write.ts'
import { decodeBody, encodeBody } from './body.ts'
import { consumeStatsShape, type ConsumeStats } from './consume-stats.ts'

/** Java's ConsumeStatsList. */
export interface ConsumeStatsList {
  readonly brokerAddr?: string | undefined
  readonly consumeStatsList: readonly ReadonlyMap<string, readonly ConsumeStats[]>[]
  readonly totalDiff: number
  readonly totalInflightDiff: number
}

const consumeStatsListShape: Shape<ConsumeStatsList> = record<ConsumeStatsList>({
  brokerAddr: optional(text),
  consumeStatsList: initially(list(mapOf(text, list(consumeStatsShape))), () => []),
  totalDiff: initially(offset, () => 0),
  totalInflightDiff: initially(offset, () => 0),
})

/** @throws {JavaJsonError} when the bytes are not a ConsumeStatsList. */
export function decodeConsumeStatsList(bytes: Uint8Array): ConsumeStatsList {
  return decodeBody('ConsumeStatsList', consumeStatsListShape, bytes)
}

/** The bytes Java's ConsumeStatsList writes. */
export function encodeConsumeStatsList(body: ConsumeStatsList, form?: JsonForm): Uint8Array {
  return encodeBody(consumeStatsListShape, body, form)
}
