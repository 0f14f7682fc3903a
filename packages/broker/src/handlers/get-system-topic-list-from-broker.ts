// SPDX-License-Identifier: Apache-2.0
// GET_SYSTEM_TOPIC_LIST_FROM_BROKER: the names this broker counts as the system's, whether or not it has such topics.
import { handle, reply, type Handler } from '@rocketmq-ts/remoting'
import { encodeTopicList } from '@rocketmq-ts/remoting/bodies'
import { getSystemTopicListFromBroker } from '@rocketmq-ts/remoting/requests'
import type { BrokerContext } from '../context.ts'

/** The order is ours: Java answers in that of a hash set. @see AdminBrokerProcessor.getSystemTopicListFromBroker */
export function onGetSystemTopicListFromBroker(broker: BrokerContext): Handler {
  return handle(getSystemTopicListFromBroker, () => {
    const topicList = [...broker.topics.systemTopics()]
    return reply({}, { body: [encodeTopicList({ topicList })] })
  })
}
