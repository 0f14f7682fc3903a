// SPDX-License-Identifier: Apache-2.0
// DELETE_TOPIC_IN_BROKER: deletes a topic with its queues and offsets.
import { handle, refuse, reply, ResponseCode, type Handler } from '@rocketmq-ts/remoting'
import { deleteTopicInBroker } from '@rocketmq-ts/remoting/requests'
import type { BrokerContext } from '../context.ts'
import { topicNameFault } from '../topic-names.ts'

/** @see AdminBrokerProcessor.deleteTopic */
export function onDeleteTopicInBroker(broker: BrokerContext): Handler {
  return handle(deleteTopicInBroker, ({ request: { topic } }) => {
    const fault = topicNameFault(topic)
    if (fault !== undefined) return refuse(ResponseCode.INVALID_PARAMETER, fault)
    if (broker.settings.current.checkSystemTopics && broker.topics.isSystem(topic)) {
      return refuse(
        ResponseCode.INVALID_PARAMETER,
        `The topic[${topic}] is conflict with system topic.`,
      )
    }
    broker.topics.delete(topic)
    broker.consumerOffsets.forgetTopic(topic)
    broker.store.deleteTopic(topic)
    return reply({})
  })
}
