// SPDX-License-Identifier: Apache-2.0
// The state of replication: the answer of GET_BROKER_HA_STATUS.
import {
  bool,
  initially,
  int32,
  list,
  offset,
  optional,
  record,
  text,
  type Shape,
} from '../java-json/shape.ts'
import type { JsonForm } from '../java-json/write.ts'
import { decodeBody, encodeBody } from './body.ts'

/** Java's HARuntimeInfo.HAClientRuntimeInfo. */
export interface HaClientRuntimeInfo {
  readonly lastReadTimestamp: number
  readonly lastWriteTimestamp: number
  readonly masterAddr?: string | undefined
  readonly masterFlushOffset: number
  readonly maxOffset: number
  readonly transferredByteInSecond: number
}

/** Java's HARuntimeInfo.HAConnectionRuntimeInfo. */
export interface HaConnectionRuntimeInfo {
  readonly addr?: string | undefined
  readonly diff: number
  readonly inSync: boolean
  readonly slaveAckOffset: number
  readonly transferFromWhere: number
  readonly transferredByteInSecond: number
}

/** Java's HARuntimeInfo. */
export interface HaRuntimeInfo {
  readonly haClientRuntimeInfo?: HaClientRuntimeInfo | undefined
  readonly haConnectionInfo: readonly HaConnectionRuntimeInfo[]
  readonly inSyncSlaveNums: number
  readonly master: boolean
  readonly masterCommitLogMaxOffset: number
}

const haClientRuntimeInfoShape: Shape<HaClientRuntimeInfo> = record<HaClientRuntimeInfo>({
  lastReadTimestamp: initially(offset, () => 0),
  lastWriteTimestamp: initially(offset, () => 0),
  masterAddr: optional(text),
  masterFlushOffset: initially(offset, () => 0),
  maxOffset: initially(offset, () => 0),
  transferredByteInSecond: initially(offset, () => 0),
})

const haConnectionRuntimeInfoShape: Shape<HaConnectionRuntimeInfo> =
  record<HaConnectionRuntimeInfo>({
    addr: optional(text),
    diff: initially(offset, () => 0),
    inSync: initially(bool, () => false),
    slaveAckOffset: initially(offset, () => 0),
    transferFromWhere: initially(offset, () => 0),
    transferredByteInSecond: initially(offset, () => 0),
  })

const haRuntimeInfoShape: Shape<HaRuntimeInfo> = record<HaRuntimeInfo>({
  haClientRuntimeInfo: optional(haClientRuntimeInfoShape),
  haConnectionInfo: initially(list(haConnectionRuntimeInfoShape), () => []),
  inSyncSlaveNums: initially(int32, () => 0),
  master: initially(bool, () => false),
  masterCommitLogMaxOffset: initially(offset, () => 0),
})

/** @throws {JavaJsonError} when the bytes are not a HaRuntimeInfo. */
export function decodeHaRuntimeInfo(bytes: Uint8Array): HaRuntimeInfo {
  return decodeBody('HaRuntimeInfo', haRuntimeInfoShape, bytes)
}

/** The bytes Java's HARuntimeInfo writes. */
export function encodeHaRuntimeInfo(body: HaRuntimeInfo, form?: JsonForm): Uint8Array {
  return encodeBody(haRuntimeInfoShape, body, form)
}
