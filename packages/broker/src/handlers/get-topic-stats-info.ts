// SPDX-License-Identifier: Apache-2.0
// GET_TOPIC_STATS_INFO: smallest and next offset and last store time of every queue of a topic.
import { handle, refuse, reply, ResponseCode, type Handler } from '@rocketmq-ts/remoting'
import {
  encodeTopicStatsTable,
  type MessageQueue,
  type TopicOffset,
} from '@rocketmq-ts/remoting/bodies'
import { getTopicStatsInfo } from '@rocketmq-ts/remoting/requests'
import type { BrokerContext } from '../context.ts'
import { MAX_QUEUE_COUNT } from '../queue-count.ts'

/** @see AdminBrokerProcessor.getTopicStatsInfo */
export function onGetTopicStatsInfo(broker: BrokerContext): Handler {
  return handle(getTopicStatsInfo, async ({ request: { topic } }) => {
    const config = broker.topics.get(topic)
    if (config === undefined) {
      return refuse(ResponseCode.TOPIC_NOT_EXIST, `topic[${topic}] not exist`)
    }
    const { brokerName } = broker.settings.current
    const offsetTable: [MessageQueue, TopicOffset][] = []
    const queueNums = Math.max(config.writeQueueNums, config.readQueueNums)
    const queueCount = Math.min(queueNums, MAX_QUEUE_COUNT)
    for (let queueId = 0; queueId < queueCount; queueId += 1) {
      const minOffset = Math.max(0, broker.store.minOffset(topic, queueId))
      const maxOffset = Math.max(0, broker.store.maxOffset(topic, queueId))
      const lastUpdateTimestamp =
        maxOffset > 0
          ? ((await broker.store.storeTimestampAt(topic, queueId, maxOffset - 1)) ?? -1)
          : 0
      offsetTable.push([
        { brokerName, queueId, topic },
        { lastUpdateTimestamp, maxOffset, minOffset },
      ])
    }
    return reply({}, { body: [encodeTopicStatsTable({ offsetTable, topicPutTps: 0 })] })
  })
}
