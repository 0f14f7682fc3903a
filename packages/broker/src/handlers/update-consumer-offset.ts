// SPDX-License-Identifier: Apache-2.0
// UPDATE_CONSUMER_OFFSET: records how far a group has consumed a queue.
import { handle, refuse, reply, ResponseCode, type Handler } from '@rocketmq-ts/remoting'
import { updateConsumerOffset } from '@rocketmq-ts/remoting/requests'
import type { BrokerContext } from '../context.ts'

/** @see ConsumerManageProcessor.updateConsumerOffset */
export function onUpdateConsumerOffset(broker: BrokerContext): Handler {
  return handle(updateConsumerOffset, ({ request }) => {
    const { consumerGroup, topic, queueId, commitOffset } = request
    if (broker.groups.get(consumerGroup) === undefined) {
      return refuse(ResponseCode.SUBSCRIPTION_GROUP_NOT_EXIST, `Group ${consumerGroup} not exist!`)
    }
    if (broker.topics.get(topic) === undefined) {
      return refuse(ResponseCode.TOPIC_NOT_EXIST, `Topic ${topic} not exist!`)
    }
    broker.consumerOffsets.commit(consumerGroup, topic, queueId, commitOffset)
    return reply({})
  })
}
