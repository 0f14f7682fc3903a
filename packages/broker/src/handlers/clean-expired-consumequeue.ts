// SPDX-License-Identifier: Apache-2.0
// CLEAN_EXPIRED_CONSUMEQUEUE: forgets the queues of which every message has left the log.
import { handle, reply, type Handler } from '@rocketmq-ts/remoting'
import { cleanExpiredConsumequeue } from '@rocketmq-ts/remoting/requests'
import type { BrokerContext } from '../context.ts'

/** A queue that is forgotten begins at 0 with its next message, as in Java. @see AdminBrokerProcessor.cleanExpiredConsumeQueue */
export function onCleanExpiredConsumequeue(broker: BrokerContext): Handler {
  return handle(cleanExpiredConsumequeue, async () => {
    const queues = await broker.store.cleanExpiredQueues((topic) => broker.topics.isSystem(topic))
    broker.logger.info({ queues }, 'queues without messages were removed')
    return reply({})
  })
}
