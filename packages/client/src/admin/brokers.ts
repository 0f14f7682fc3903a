// SPDX-License-Identifier: Apache-2.0
// Admin calls about clusters and brokers: make-up, figures, settings.
import { parseJavaProperties, writeJavaProperties } from '@rocketmq-ts/remoting'
import { decodeClusterInfo, decodeKvTable, type ClusterInfo } from '@rocketmq-ts/remoting/bodies'
import * as requests from '@rocketmq-ts/remoting/requests'
import type { AdminCallOptions, AdminSession } from './session.ts'

export function examineBrokerClusterInfo(
  session: AdminSession,
  options?: AdminCallOptions,
): Promise<ClusterInfo> {
  return session.bodyFromNameServer(requests.getBrokerClusterInfo, {}, decodeClusterInfo, options)
}

export async function fetchBrokerRuntimeStats(
  session: AdminSession,
  address: string,
  options?: AdminCallOptions,
): Promise<ReadonlyMap<string, string>> {
  const { getBrokerRuntimeInfo } = requests
  const { table } = await session.body(address, getBrokerRuntimeInfo, {}, decodeKvTable, options)
  return table
}

export function getBrokerConfig(
  session: AdminSession,
  address: string,
  options?: AdminCallOptions,
): Promise<ReadonlyMap<string, string>> {
  return session.body(address, requests.getBrokerConfig, {}, propertiesOf, options)
}

export async function updateBrokerConfig(
  session: AdminSession,
  address: string,
  properties: ReadonlyMap<string, string>,
  options?: AdminCallOptions,
): Promise<void> {
  const body = Buffer.from(writeJavaProperties(properties), 'utf8')
  await session.ask(address, requests.updateBrokerConfig, {}, { ...options, body })
}

function propertiesOf(bytes: Uint8Array): Map<string, string> {
  return parseJavaProperties(Buffer.from(bytes).toString('utf8'))
}
