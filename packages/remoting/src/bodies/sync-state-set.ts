// SPDX-License-Identifier: Apache-2.0
// Which replicas of a broker group are in step, as the controller counts them.
import { initially, int32, list, offset, record, type Shape } from '../java-json/shape.ts'
import type { JsonForm } from '../java-json/write.ts'
import { decodeBody, encodeBody } from './body.ts'

/** Java's SyncStateSet. */
export interface SyncStateSet {
  /** Broker ids. */
  readonly syncStateSet: readonly number[]
  readonly syncStateSetEpoch: number
}

const syncStateSetShape: Shape<SyncStateSet> = record<SyncStateSet>({
  syncStateSet: initially(list(offset), () => []),
  syncStateSetEpoch: initially(int32, () => 0),
})

/** @throws {JavaJsonError} when the bytes are not a SyncStateSet. */
export function decodeSyncStateSet(bytes: Uint8Array): SyncStateSet {
  return decodeBody('SyncStateSet', syncStateSetShape, bytes)
}

/** The bytes Java's SyncStateSet writes. */
export function encodeSyncStateSet(body: SyncStateSet, form?: JsonForm): Uint8Array {
  return encodeBody(syncStateSetShape, body, form)
}
