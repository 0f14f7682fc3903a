// SPDX-License-Identifier: Apache-2.0
// The replicas of broker groups: the answer of CONTROLLER_GET_SYNC_STATE_DATA.
import {
  bool,
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

/** Java's BrokerReplicasInfo.ReplicaIdentity. */
export interface ReplicaIdentity {
  readonly alive: boolean
  readonly brokerAddress?: string | undefined
  readonly brokerId?: number | undefined
  readonly brokerName?: string | undefined
}

/** Java's BrokerReplicasInfo.ReplicasInfo. */
export interface ReplicasInfo {
  readonly inSyncReplicas?: readonly ReplicaIdentity[] | undefined
  readonly masterAddress?: string | undefined
  readonly masterBrokerId?: number | undefined
  readonly masterEpoch: number
  readonly notInSyncReplicas?: readonly ReplicaIdentity[] | undefined
  readonly syncStateSetEpoch: number
}

/** Java's BrokerReplicasInfo. */
export interface BrokerReplicasInfo {
  readonly replicasInfoTable: ReadonlyMap<string, ReplicasInfo>
}

const replicaIdentityShape: Shape<ReplicaIdentity> = record<ReplicaIdentity>({
  alive: initially(bool, () => false),
  brokerAddress: optional(text),
  brokerId: optional(offset),
  brokerName: optional(text),
})

const replicasInfoShape: Shape<ReplicasInfo> = record<ReplicasInfo>({
  inSyncReplicas: optional(list(replicaIdentityShape)),
  masterAddress: optional(text),
  masterBrokerId: optional(offset),
  masterEpoch: initially(int32, () => 0),
  notInSyncReplicas: optional(list(replicaIdentityShape)),
  syncStateSetEpoch: initially(int32, () => 0),
})

const brokerReplicasInfoShape: Shape<BrokerReplicasInfo> = record<BrokerReplicasInfo>({
  replicasInfoTable: initially(mapOf(text, replicasInfoShape), () => new Map()),
})

/** @throws {JavaJsonError} when the bytes are not a BrokerReplicasInfo. */
export function decodeBrokerReplicasInfo(bytes: Uint8Array): BrokerReplicasInfo {
  return decodeBody('BrokerReplicasInfo', brokerReplicasInfoShape, bytes)
}

/** The bytes Java's BrokerReplicasInfo writes. */
export function encodeBrokerReplicasInfo(body: BrokerReplicasInfo, form?: JsonForm): Uint8Array {
  return encodeBody(brokerReplicasInfoShape, body, form)
}
