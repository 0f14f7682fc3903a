// SPDX-License-Identifier: Apache-2.0
// Reads a cluster's make-up: which brokers it has and which of their addresses to ask.
import type { BrokerData, ClusterInfo } from '@rocketmq-ts/remoting/bodies'
import { MASTER_ID } from '../route-queues.ts'

/** The master, or any other broker of the group when there is none. Source: BrokerData.selectBrokerAddr. */
export function addressToAsk(broker: BrokerData): string | undefined {
  return broker.brokerAddrs.get(MASTER_ID) ?? broker.brokerAddrs.values().next().value
}

/** Masters of a cluster, or undefined when there is no such cluster. Source: CommandUtil.fetchMasterAddrByClusterName. */
export function masterAddressesOf(
  info: ClusterInfo,
  clusterName: string,
): readonly string[] | undefined {
  return brokersOf(info, clusterName)?.flatMap(({ brokerAddrs }) => {
    const address = brokerAddrs.get(MASTER_ID)
    return address === undefined ? [] : [address]
  })
}

/** Masters and slaves of a cluster, or undefined when there is no such cluster. */
export function allAddressesOf(
  info: ClusterInfo,
  clusterName: string,
): readonly string[] | undefined {
  return brokersOf(info, clusterName)?.flatMap(({ brokerAddrs }) => [...brokerAddrs.values()])
}

function brokersOf(info: ClusterInfo, clusterName: string): readonly BrokerData[] | undefined {
  return info.clusterAddrTable.get(clusterName)?.flatMap((brokerName) => {
    const broker = info.brokerAddrTable.get(brokerName)
    return broker === undefined ? [] : [broker]
  })
}
