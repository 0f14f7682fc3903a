// SPDX-License-Identifier: Apache-2.0
// GET_SYSTEM_TOPIC_LIST_FROM_NS: the topics named after clusters and brokers.
import { handle, reply, type Handler } from '@rocketmq-ts/remoting'
import { encodeTopicList } from '@rocketmq-ts/remoting/bodies'
import { getSystemTopicListFromNs } from '@rocketmq-ts/remoting/requests'
import type { NameServerContext } from '../context.ts'

export function onGetSystemTopicListFromNs(context: NameServerContext): Handler {
  const { routes } = context
  return handle(getSystemTopicListFromNs, () =>
    reply({}, { body: [encodeTopicList(routes.systemTopics())] }),
  )
}
