// SPDX-License-Identifier: Apache-2.0
// GET_ALL_TOPIC_LIST_FROM_NAMESERVER: the name of every topic.
import { handle, refuse, reply, ResponseCode, type Handler } from '@rocketmq-ts/remoting'
import { encodeTopicList } from '@rocketmq-ts/remoting/bodies'
import { getAllTopicListFromNameserver } from '@rocketmq-ts/remoting/requests'
import type { NameServerContext } from '../context.ts'

export function onGetAllTopicListFromNameserver(context: NameServerContext): Handler {
  const { routes, settings } = context
  return handle(getAllTopicListFromNameserver, () => {
    if (!settings.current.enableAllTopicList) return refuse(ResponseCode.SYSTEM_ERROR, 'disable')
    return reply({}, { body: [encodeTopicList(routes.topics())] })
  })
}
