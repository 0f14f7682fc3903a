// SPDX-License-Identifier: Apache-2.0
// The version of a table: who has the newer one is decided by equality, not by order.
import { initially, offset, record, type Shape } from '../java-json/shape.ts'
import type { JsonForm } from '../java-json/write.ts'
import { decodeBody, encodeBody } from './body.ts'

/** Java's DataVersion. Two versions are the same when all three numbers are. */
export interface DataVersion {
  readonly counter: number
  readonly stateVersion: number
  /** Wall time of the last change, milliseconds since the Unix epoch. */
  readonly timestamp: number
}

/** Whether both name the same state of a table. */
export function sameDataVersion(a: DataVersion, b: DataVersion): boolean {
  return a.counter === b.counter && a.stateVersion === b.stateVersion && a.timestamp === b.timestamp
}

const zero = (): number => 0

export const dataVersionShape: Shape<DataVersion> = record<DataVersion>({
  counter: initially(offset, zero),
  stateVersion: initially(offset, zero),
  timestamp: initially(offset, zero),
})

/** @throws {JavaJsonError} when the bytes are not a DataVersion. */
export function decodeDataVersion(bytes: Uint8Array): DataVersion {
  return decodeBody('DataVersion', dataVersionShape, bytes)
}

/** The bytes Java's DataVersion writes. */
export function encodeDataVersion(body: DataVersion, form?: JsonForm): Uint8Array {
  return encodeBody(dataVersionShape, body, form)
}
