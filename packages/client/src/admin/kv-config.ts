// SPDX-License-Identifier: Apache-2.0
// Admin calls about the name servers' own key-value settings, among them the order of topics' queues.
import { expectSuccess, ResponseCode } from '@rocketmq-ts/remoting'
import { decodeKvTable } from '@rocketmq-ts/remoting/bodies'
import * as requests from '@rocketmq-ts/remoting/requests'
import type { AdminCallOptions, AdminSession } from './session.ts'

const ORDER_TOPIC_CONFIG = 'ORDER_TOPIC_CONFIG'

/** Undefined when the key is not set. */
export async function getKvConfig(
  session: AdminSession,
  namespace: string,
  key: string,
  options?: AdminCallOptions,
): Promise<string | undefined> {
  const { address, response } = await session.nameServers.request(
    requests.getKvConfig,
    { namespace, key },
    session.options(options),
  )
  if (response.code === ResponseCode.QUERY_NOT_FOUND) return undefined
  return expectSuccess(response, address).header().value
}

export function putKvConfig(
  session: AdminSession,
  namespace: string,
  key: string,
  value: string,
  options?: AdminCallOptions,
): Promise<void> {
  const header = { namespace, key, value }
  const { addresses } = session.nameServers
  return session.tellAllNameServers(requests.putKvConfig, header, addresses, options)
}

export function deleteKvConfig(
  session: AdminSession,
  namespace: string,
  key: string,
  options?: AdminCallOptions,
): Promise<void> {
  const { addresses } = session.nameServers
  return session.tellAllNameServers(requests.deleteKvConfig, { namespace, key }, addresses, options)
}

export async function getKvListByNamespace(
  session: AdminSession,
  namespace: string,
  options?: AdminCallOptions,
): Promise<ReadonlyMap<string, string>> {
  const { table } = await session.bodyFromNameServer(
    requests.getKvlistByNamespace,
    { namespace },
    decodeKvTable,
    options,
  )
  return table
}

/**
 * Fixes the order of a topic's queues: `broker-a:4;broker-b:4`. For a cluster it replaces what is set; for a broker
 * only that broker's part. Source: DefaultMQAdminExtImpl.createOrUpdateOrderConf.
 */
export async function createOrUpdateOrderConf(
  session: AdminSession,
  topic: string,
  orderConf: string,
  isCluster: boolean,
  options?: AdminCallOptions,
): Promise<void> {
  if (isCluster) return putKvConfig(session, ORDER_TOPIC_CONFIG, topic, orderConf, options)
  const set = await getKvConfig(session, ORDER_TOPIC_CONFIG, topic, options)
  const parts = new Map((set ?? '').split(';').filter(Boolean).map(namedPart))
  const [brokerName, part] = namedPart(orderConf)
  parts.set(brokerName, part)
  await putKvConfig(session, ORDER_TOPIC_CONFIG, topic, [...parts.values()].join(';'), options)
}

function namedPart(part: string): [string, string] {
  return [part.split(':')[0] ?? '', part]
}
