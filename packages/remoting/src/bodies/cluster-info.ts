// SPDX-License-Identifier: Apache-2.0
// Every broker group and cluster: the answer of GET_BROKER_CLUSTER_INFO.
import { initially, list, mapOf, record, text, type Shape } from '../java-json/shape.ts'
import type { JsonForm } from '../java-json/write.ts'
import { decodeBody, encodeBody } from './body.ts'
import { brokerDataShape, type BrokerData } from './broker-data.ts'

/** Java's ClusterInfo. */
export interface ClusterInfo {
  /** By broker name. */
  readonly brokerAddrTable: ReadonlyMap<string, BrokerData>
  /** Broker names by cluster. */
  readonly clusterAddrTable: ReadonlyMap<string, readonly string[]>
}

const shape: Shape<ClusterInfo> = record<ClusterInfo>({
  brokerAddrTable: initially(mapOf(text, brokerDataShape), () => new Map()),
  clusterAddrTable: initially(mapOf(text, list(text)), () => new Map()),
})

/** @throws {JavaJsonError} when the bytes are not a ClusterInfo. */
export function decodeClusterInfo(bytes: Uint8Array): ClusterInfo {
  return decodeBody('ClusterInfo', shape, bytes)
}

/** The bytes Java's ClusterInfo writes. */
export function encodeClusterInfo(body: ClusterInfo, form?: JsonForm): Uint8Array {
  return encodeBody(shape, body, form)
}
