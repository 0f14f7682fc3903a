// SPDX-License-Identifier: Apache-2.0
// GET_BROKER_CLUSTER_INFO: every broker and cluster.
import { handle, reply, type Handler } from '@rocketmq-ts/remoting'
import { encodeClusterInfo } from '@rocketmq-ts/remoting/bodies'
import { getBrokerClusterInfo } from '@rocketmq-ts/remoting/requests'
import type { NameServerContext } from '../context.ts'

export function onGetBrokerClusterInfo(context: NameServerContext): Handler {
  const { routes } = context
  return handle(getBrokerClusterInfo, () =>
    reply({}, { body: [encodeClusterInfo(routes.clusterInfo())] }),
  )
}
