// SPDX-License-Identifier: Apache-2.0
// CLEAN_UNUSED_TOPIC: removes the queues of topics that are no longer in the table.
import { handle, reply, type Handler } from '@rocketmq-ts/remoting'
import { cleanUnusedTopic } from '@rocketmq-ts/remoting/requests'
import type { BrokerContext } from '../context.ts'

/** Light queues have no topic of their own. (Java: MixAll.LMQ_PREFIX) */
const LIGHT_QUEUE_PREFIX = '%LMQ%'

/** @see DefaultMessageStore.cleanUnusedTopic */
export function onCleanUnusedTopic(broker: BrokerContext): Handler {
  return handle(cleanUnusedTopic, () => {
    const { store, topics, logger } = broker
    for (const topic of store.topicNames()) {
      const isUsed = topics.get(topic) !== undefined || topics.isSystem(topic)
      if (isUsed || topic.startsWith(LIGHT_QUEUE_PREFIX)) continue
      store.deleteTopic(topic)
      logger.info({ topic }, 'the queues of a topic that is not in the table were removed')
    }
    return reply({})
  })
}
