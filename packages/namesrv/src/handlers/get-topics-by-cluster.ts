// SPDX-License-Identifier: Apache-2.0
// GET_TOPICS_BY_CLUSTER: the topics of a cluster's brokers.
import { handle, refuse, reply, ResponseCode, type Handler } from '@rocketmq-ts/remoting'
import { encodeTopicList } from '@rocketmq-ts/remoting/bodies'
import { getTopicsByCluster } from '@rocketmq-ts/remoting/requests'
import type { NameServerContext } from '../context.ts'

export function onGetTopicsByCluster(context: NameServerContext): Handler {
  const { routes, settings } = context
  return handle(getTopicsByCluster, ({ request }) => {
    if (!settings.current.enableTopicList) return refuse(ResponseCode.SYSTEM_ERROR, 'disable')
    return reply({}, { body: [encodeTopicList(routes.topicsOfCluster(request.cluster))] })
  })
}
