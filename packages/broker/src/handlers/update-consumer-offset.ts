// SPDX-License-Identifier: Apache-2.0
// UPDATE_CONSUMER_OFFSET: records how far a group has consumed a queue.
import { handleHot, ResponseCode, slotsOf, type Handler, type HotCall } from '@rocketmq-ts/remoting'
import { updateConsumerOffset } from '@rocketmq-ts/remoting/requests'
import type { BrokerContext } from '../context.ts'
import { fieldOrAbsent, required } from '../field-or-absent.ts'
import { InternedText } from '../interned-text.ts'

const slots = slotsOf(updateConsumerOffset.request)

/** Numbers that are missing or malformed get a text of their own. @see ConsumerManageProcessor.updateConsumerOffset */
export function onUpdateConsumerOffset(broker: BrokerContext): Handler {
  const texts = new InternedText()
  return handleHot(updateConsumerOffset, (call: HotCall<Record<never, never>>) => {
    const { fields } = call
    const group = texts.of(fields, slots.consumerGroup) ?? 'null'
    const topic = required(texts.of(fields, slots.topic), 'topic')
    const { groups, topics, consumerOffsets } = broker
    if (groups.get(group) === undefined) {
      call.refuse(ResponseCode.SUBSCRIPTION_GROUP_NOT_EXIST, `Group ${group} not exist!`)
      return
    }
    if (topics.get(topic) === undefined) {
      call.refuse(ResponseCode.TOPIC_NOT_EXIST, `Topic ${topic} not exist!`)
      return
    }
    const queueId = fieldOrAbsent(() => fields.int32(slots.queueId))
    const offset = fieldOrAbsent(() => fields.offset(slots.commitOffset))
    if (queueId === undefined || offset === undefined) {
      const name = queueId === undefined ? 'QueueId' : 'Offset'
      call.refuse(ResponseCode.INVALID_PARAMETER, `${name} is null, topic is ${topic}`)
      return
    }
    consumerOffsets.commit(group, topic, queueId, offset)
    call.reply({})
  })
}
