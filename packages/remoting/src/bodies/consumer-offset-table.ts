// SPDX-License-Identifier: Apache-2.0
// How far each group has consumed: consumerOffset.json and the answer of GET_ALL_CONSUMER_OFFSET.
import {
  initially,
  int32,
  mapOf,
  offset,
  optional,
  record,
  text,
  type Shape,
} from '../java-json/shape.ts'
import type { JsonForm } from '../java-json/write.ts'
import { decodeBody, encodeBody } from './body.ts'
import { dataVersionShape, type DataVersion } from './data-version.ts'

/** Java's ConsumerOffsetSerializeWrapper. */
export interface ConsumerOffsetTable {
  readonly dataVersion?: DataVersion | undefined
  /** By `topic@group`, then queue id: the queue offset to consume next. */
  readonly offsetTable: ReadonlyMap<string, ReadonlyMap<number, number>>
}

const shape: Shape<ConsumerOffsetTable> = record<ConsumerOffsetTable>({
  dataVersion: optional(dataVersionShape),
  offsetTable: initially(mapOf(text, mapOf(int32, offset)), () => new Map()),
})

/** @throws {JavaJsonError} when the bytes are not a ConsumerOffsetTable. */
export function decodeConsumerOffsetTable(bytes: Uint8Array): ConsumerOffsetTable {
  return decodeBody('ConsumerOffsetTable', shape, bytes)
}

/** The bytes Java's ConsumerOffsetSerializeWrapper writes. */
export function encodeConsumerOffsetTable(body: ConsumerOffsetTable, form?: JsonForm): Uint8Array {
  return encodeBody(shape, body, form)
}
