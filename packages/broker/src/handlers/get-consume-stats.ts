// SPDX-License-Identifier: Apache-2.0
// GET_CONSUME_STATS: how far a group is behind on every queue of its topics.
import { handle, reply, type Handler } from '@rocketmq-ts/remoting'
import {
  encodeConsumeStats,
  type MessageQueue,
  type OffsetWrapper,
  type TopicConfig,
} from '@rocketmq-ts/remoting/bodies'
import { getConsumeStats } from '@rocketmq-ts/remoting/requests'
import type { BrokerContext } from '../context.ts'
import { MAX_QUEUE_COUNT } from '../queue-count.ts'

/**
 * Without a topic the group's topics are those it has offsets for.
 * A topic the online group does not subscribe to is left out, unless that leaves nobody. @see AdminBrokerProcessor.getConsumeStats
 */
export function onGetConsumeStats(broker: BrokerContext): Handler {
  return handle(getConsumeStats, async ({ request }) => {
    const { consumerGroup, topic, topicList } = request
    const offsetTable: [MessageQueue, OffsetWrapper][] = []
    for (const name of topicsOf(broker, consumerGroup, topic, topicList)) {
      const config = broker.topics.get(name)
      if (config === undefined || isUnsubscribed(broker, consumerGroup, name)) continue
      const queueCount = Math.min(config.readQueueNums, MAX_QUEUE_COUNT)
      for (let queueId = 0; queueId < queueCount; queueId += 1) {
        offsetTable.push(await queueStats(broker, consumerGroup, config, queueId))
      }
    }
    return reply({}, { body: [encodeConsumeStats({ consumeTps: 0, offsetTable })] })
  })
}

function topicsOf(
  broker: BrokerContext,
  group: string,
  topic: string | undefined,
  topicList: string | undefined,
): readonly string[] {
  if (topic !== undefined && topic !== '') return [topic]
  const listed = topicList?.split(';').filter((name) => name !== '') ?? []
  return listed.length > 0 ? listed : broker.consumerOffsets.committedTopicsOf(group)
}

function isUnsubscribed(broker: BrokerContext, groupName: string, topic: string): boolean {
  const group = broker.clients.consumerGroup(groupName)
  return (
    group !== undefined && group.subscriptions().size > 0 && group.subscription(topic) === undefined
  )
}

async function queueStats(
  broker: BrokerContext,
  group: string,
  { topicName: topic }: TopicConfig,
  queueId: number,
): Promise<[MessageQueue, OffsetWrapper]> {
  const brokerOffset = Math.max(0, broker.store.maxOffset(topic, queueId))
  const consumerOffset = Math.max(0, broker.consumerOffsets.get(group, topic, queueId) ?? 0)
  const pullOffset = Math.max(0, broker.consumerOffsets.pulled(group, topic, queueId) ?? 0)
  const lastTimestamp =
    consumerOffset > 0
      ? ((await broker.store.storeTimestampAt(topic, queueId, consumerOffset - 1)) ?? 0)
      : 0
  return [
    { brokerName: broker.settings.current.brokerName, queueId, topic },
    { brokerOffset, consumerOffset, lastTimestamp, pullOffset },
  ]
}
