// SPDX-License-Identifier: Apache-2.0
// Names and texts: runtime figures of a broker, configuration of a name server.
import { initially, mapOf, record, text, type Shape } from '../java-json/shape.ts'
import type { JsonForm } from '../java-json/write.ts'
import { decodeBody, encodeBody } from './body.ts'

/** Java's KVTable. */
export interface KvTable {
  readonly table: ReadonlyMap<string, string>
}

const shape: Shape<KvTable> = record<KvTable>({
  table: initially(mapOf(text, text), () => new Map()),
})

/** @throws {JavaJsonError} when the bytes are not a KvTable. */
export function decodeKvTable(bytes: Uint8Array): KvTable {
  return decodeBody('KvTable', shape, bytes)
}

/** The bytes Java's KVTable writes. */
export function encodeKvTable(body: KvTable, form?: JsonForm): Uint8Array {
  return encodeBody(shape, body, form)
}
