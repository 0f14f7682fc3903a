// SPDX-License-Identifier: Apache-2.0
// At which offsets the masters of a group changed: the answer of GET_BROKER_EPOCH_CACHE.
import {
  initially,
  int32,
  list,
  long,
  offset,
  optional,
  record,
  text,
  type Shape,
} from '../java-json/shape.ts'
import type { JavaLong } from '../java-json/values.ts'
import type { JsonForm } from '../java-json/write.ts'
import { decodeBody, encodeBody } from './body.ts'

/** Java's EpochEntry. */
export interface EpochEntry {
  /** Long.MAX_VALUE for the last one. */
  readonly endOffset: JavaLong
  readonly epoch: number
  readonly startOffset: number
}

/** Java's EpochEntryCache. */
export interface EpochEntryCache {
  readonly brokerId: number
  readonly brokerName?: string | undefined
  readonly clusterName?: string | undefined
  readonly epochList?: readonly EpochEntry[] | undefined
  readonly maxOffset: number
}

const epochEntryShape: Shape<EpochEntry> = record<EpochEntry>({
  endOffset: initially(long, () => 9_223_372_036_854_775_807n),
  epoch: initially(int32, () => 0),
  startOffset: initially(offset, () => 0),
})

const epochEntryCacheShape: Shape<EpochEntryCache> = record<EpochEntryCache>({
  brokerId: initially(offset, () => 0),
  brokerName: optional(text),
  clusterName: optional(text),
  epochList: optional(list(epochEntryShape)),
  maxOffset: initially(offset, () => 0),
})

/** @throws {JavaJsonError} when the bytes are not a EpochEntryCache. */
export function decodeEpochEntryCache(bytes: Uint8Array): EpochEntryCache {
  return decodeBody('EpochEntryCache', epochEntryCacheShape, bytes)
}

/** The bytes Java's EpochEntryCache writes. */
export function encodeEpochEntryCache(body: EpochEntryCache, form?: JsonForm): Uint8Array {
  return encodeBody(epochEntryCacheShape, body, form)
}
