// SPDX-License-Identifier: Apache-2.0
// QUERY_CONSUMER_OFFSET: how far a group has consumed a queue.
import { handle, refuse, reply, ResponseCode, type Handler } from '@rocketmq-ts/remoting'
import { queryConsumerOffset } from '@rocketmq-ts/remoting/requests'
import type { BrokerContext } from '../context.ts'

/**
 * A group that never committed starts at 0 when the queue still has its first message; else the client decides where to start.
 * @see ConsumerManageProcessor.queryConsumerOffset
 */
export function onQueryConsumerOffset(broker: BrokerContext): Handler {
  return handle(queryConsumerOffset, ({ request }) => {
    const { consumerGroup, topic, queueId, setZeroIfNotFound } = request
    const offset = broker.consumerOffsets.get(consumerGroup, topic, queueId)
    if (offset !== undefined && offset >= 0) return reply({ offset })
    if (setZeroIfNotFound === false) {
      return refuse(
        ResponseCode.QUERY_NOT_FOUND,
        'Not found, do not set to zero, maybe this group boot first',
      )
    }
    const hasFirstMessage =
      broker.store.minOffset(topic, queueId) <= 0 && broker.store.maxOffset(topic, queueId) > 0
    return hasFirstMessage
      ? reply({ offset: 0 })
      : refuse(
          ResponseCode.QUERY_NOT_FOUND,
          'Not found, V3_0_6_SNAPSHOT maybe this group consumer boot first',
        )
  })
}
