// SPDX-License-Identifier: Apache-2.0
// GET_EARLIEST_MSG_STORETIME: when the oldest message of a queue was stored.
import { handle, reply, type Handler } from '@rocketmq-ts/remoting'
import { getEarliestMsgStoretime } from '@rocketmq-ts/remoting/requests'
import type { BrokerContext } from '../context.ts'

/** −1 when the queue has no message. @see AdminBrokerProcessor.getEarliestMsgStoretime */
export function onGetEarliestMsgStoretime(broker: BrokerContext): Handler {
  return handle(getEarliestMsgStoretime, async ({ request }) => {
    const { topic, queueId } = request
    const first = broker.store.minOffset(topic, queueId)
    const timestamp = await broker.store.storeTimestampAt(topic, queueId, first)
    return reply({ timestamp: timestamp ?? -1 })
  })
}
