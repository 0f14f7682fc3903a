// SPDX-License-Identifier: Apache-2.0
// All producers by group: the answer of GET_ALL_PRODUCER_INFO.
import {
  initially,
  int32,
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

/** Java's ProducerInfo. */
export interface ProducerInfo {
  readonly clientId?: string | undefined
  readonly language?: string | undefined
  readonly lastUpdateTimestamp: number
  readonly remoteIP?: string | undefined
  readonly version: number
}

/** Java's ProducerTableInfo. */
export interface ProducerTableInfo {
  readonly data?: ReadonlyMap<string, readonly ProducerInfo[]> | undefined
}

const producerInfoShape: Shape<ProducerInfo> = record<ProducerInfo>({
  clientId: optional(text),
  language: optional(text),
  lastUpdateTimestamp: initially(offset, () => 0),
  remoteIP: optional(text),
  version: initially(int32, () => 0),
})

const producerTableInfoShape: Shape<ProducerTableInfo> = record<ProducerTableInfo>({
  data: optional(mapOf(text, list(producerInfoShape))),
})

/** @throws {JavaJsonError} when the bytes are not a ProducerTableInfo. */
export function decodeProducerTableInfo(bytes: Uint8Array): ProducerTableInfo {
  return decodeBody('ProducerTableInfo', producerTableInfoShape, bytes)
}

/** The bytes Java's ProducerTableInfo writes. */
export function encodeProducerTableInfo(body: ProducerTableInfo, form?: JsonForm): Uint8Array {
  return encodeBody(producerTableInfoShape, body, form)
}
