// SPDX-License-Identifier: Apache-2.0
// QUERY_TOPIC_CONSUME_BY_WHO: the groups that subscribe to a topic now or have committed offsets for it.
import { handle, reply, type Handler } from '@rocketmq-ts/remoting'
import { writeJavaJson } from '@rocketmq-ts/remoting/java-json'
import { queryTopicConsumeByWho } from '@rocketmq-ts/remoting/requests'
import type { BrokerContext } from '../context.ts'

/** @see AdminBrokerProcessor.queryTopicConsumeByWho */
export function onQueryTopicConsumeByWho(broker: BrokerContext): Handler {
  return handle(queryTopicConsumeByWho, ({ request: { topic } }) => {
    const groups = new Set(broker.consumerOffsets.groupsOf(topic))
    for (const [name, group] of broker.clients.consumerGroups()) {
      if (group.subscription(topic) !== undefined) groups.add(name)
    }
    return reply({}, { body: [Buffer.from(writeJavaJson({ groupList: [...groups] }), 'utf8')] })
  })
}
