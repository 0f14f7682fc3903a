// SPDX-License-Identifier: Apache-2.0
// QUERY_CONSUMER_OFFSET: how far a group has consumed a queue.
import { handleHot, ResponseCode, slotsOf, type Handler, type HotCall } from '@rocketmq-ts/remoting'
import {
  queryConsumerOffset,
  type QueryConsumerOffsetResponse,
} from '@rocketmq-ts/remoting/requests'
import type { BrokerContext } from '../context.ts'
import { required } from '../field-or-absent.ts'
import { InternedText } from '../interned-text.ts'

const slots = slotsOf(queryConsumerOffset.request)

/**
 * A group that never committed starts at 0 when the queue still has its first message; else the client decides where to start.
 * @see ConsumerManageProcessor.queryConsumerOffset
 */
export function onQueryConsumerOffset(broker: BrokerContext): Handler {
  const texts = new InternedText()
  return handleHot(queryConsumerOffset, (call: HotCall<QueryConsumerOffsetResponse>) => {
    const { fields } = call
    const group = texts.of(fields, slots.consumerGroup) ?? 'null'
    const topic = required(texts.of(fields, slots.topic), 'topic')
    const queueId = fields.int32(slots.queueId)
    const offset = broker.consumerOffsets.get(group, topic, queueId)
    if (offset !== undefined && offset >= 0) call.reply({ offset })
    else if (fields.boolean(slots.setZeroIfNotFound) === false) {
      call.refuse(
        ResponseCode.QUERY_NOT_FOUND,
        'Not found, do not set to zero, maybe this group boot first',
      )
    } else if (hasFirstMessage(broker, topic, queueId)) call.reply({ offset: 0 })
    else {
      call.refuse(
        ResponseCode.QUERY_NOT_FOUND,
        'Not found, V3_0_6_SNAPSHOT maybe this group consumer boot first',
      )
    }
  })
}

function hasFirstMessage(broker: BrokerContext, topic: string, queueId: number): boolean {
  return broker.store.minOffset(topic, queueId) <= 0 && broker.store.maxOffset(topic, queueId) > 0
}
