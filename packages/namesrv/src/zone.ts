// SPDX-License-Identifier: Apache-2.0
// Keeps a route within the caller's zone.
import type { BrokerData, TopicRouteData } from '@rocketmq-ts/remoting/bodies'
import { MASTER_ID } from './broker-group.ts'

/** Header fields of a caller that wants brokers of its own zone only. */
export const ZONE_NAME_FIELD = '__ZONE_NAME'
export const ZONE_MODE_FIELD = '__ZONE_MODE'

/** Leaves out brokers of other zones, but for those whose master is gone: their messages must still be read. */
export function withinZone(route: TopicRouteData, zoneName: string): TopicRouteData {
  const stays = (broker: BrokerData): boolean =>
    !broker.brokerAddrs.has(MASTER_ID) || broker.zoneName?.toLowerCase() === zoneName.toLowerCase()
  const gone = route.brokerDatas.filter((broker) => !stays(broker))
  const goneNames = new Set(gone.map(({ brokerName }) => brokerName))
  const goneAddresses = new Set(gone.flatMap(({ brokerAddrs }) => [...brokerAddrs.values()]))
  return {
    ...route,
    brokerDatas: route.brokerDatas.filter(stays),
    queueDatas: route.queueDatas.filter(({ brokerName }) => !goneNames.has(brokerName)),
    filterServerTable: new Map(
      [...route.filterServerTable].filter(([address]) => !goneAddresses.has(address)),
    ),
  }
}
