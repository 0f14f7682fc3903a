// SPDX-License-Identifier: Apache-2.0
// How far each delay level has been delivered: delayOffset.json and the answer of GET_ALL_DELAY_OFFSET.
import {
  initially,
  int32,
  mapOf,
  offset,
  optional,
  record,
  type Shape,
} from '../java-json/shape.ts'
import type { JsonForm } from '../java-json/write.ts'
import { decodeBody, encodeBody } from './body.ts'
import { dataVersionShape, type DataVersion } from './data-version.ts'

/** Java's DelayOffsetSerializeWrapper. */
export interface DelayOffsetTable {
  readonly dataVersion?: DataVersion | undefined
  readonly offsetTable: ReadonlyMap<number, number>
}

const delayOffsetTableShape: Shape<DelayOffsetTable> = record<DelayOffsetTable>({
  dataVersion: optional(dataVersionShape),
  offsetTable: initially(mapOf(int32, offset), () => new Map()),
})

/** @throws {JavaJsonError} when the bytes are not a DelayOffsetTable. */
export function decodeDelayOffsetTable(bytes: Uint8Array): DelayOffsetTable {
  return decodeBody('DelayOffsetTable', delayOffsetTableShape, bytes)
}

/** The bytes Java's DelayOffsetSerializeWrapper writes. */
export function encodeDelayOffsetTable(body: DelayOffsetTable, form?: JsonForm): Uint8Array {
  return encodeBody(delayOffsetTableShape, body, form)
}
