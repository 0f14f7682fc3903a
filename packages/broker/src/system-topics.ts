// SPDX-License-Identifier: Apache-2.0
// The topics every broker has from its first start.
import type { TopicConfig } from '@rocketmq-ts/remoting/bodies'
import type { BrokerConfig } from './config.ts'
import { INHERIT, READ, WRITE } from './permission.ts'
import {
  AUTO_CREATE_TOPIC,
  BENCHMARK_TOPIC,
  HALF_TOPIC,
  OFFSET_MOVED_TOPIC,
  OP_HALF_TOPIC,
  ROCKSDB_HALF_TOPIC,
  ROCKSDB_OP_HALF_TOPIC,
  SCHEDULE_TOPIC,
  SELF_TEST_TOPIC,
  TIMER_TOPIC,
} from './topic-names.ts'

const BENCHMARK_QUEUES = 1024
const CLUSTER_QUEUES = 16
const SCHEDULE_QUEUES = 18

/** Name, queues and permissions of each. @see TopicConfigManager.init */
export function systemTopicsOf(config: BrokerConfig): readonly TopicConfig[] {
  const readWrite = READ | WRITE
  const topics = [
    systemTopic(SELF_TEST_TOPIC, 1, readWrite),
    systemTopic(AUTO_CREATE_TOPIC, config.defaultTopicQueueCount, readWrite | INHERIT),
    systemTopic(BENCHMARK_TOPIC, BENCHMARK_QUEUES, readWrite),
    systemTopic(
      config.clusterName,
      CLUSTER_QUEUES,
      config.clusterTopic ? readWrite | INHERIT : INHERIT,
    ),
    systemTopic(config.brokerName, 1, config.brokerTopic ? readWrite | INHERIT : INHERIT),
    systemTopic(OFFSET_MOVED_TOPIC, 1, readWrite),
    systemTopic(SCHEDULE_TOPIC, SCHEDULE_QUEUES, readWrite),
    systemTopic(`${config.clusterName}_REPLY_TOPIC`, 1, readWrite),
    systemTopic(`rmq_sys_REVIVE_LOG_${config.clusterName}`, config.reviveQueueCount, readWrite),
    systemTopic(`rmq_sys_SYNC_BROKER_MEMBER_${config.brokerName}`, 1, INHERIT),
    systemTopic(HALF_TOPIC, 1, readWrite),
    systemTopic(OP_HALF_TOPIC, 1, readWrite),
    systemTopic(ROCKSDB_HALF_TOPIC, 1, readWrite),
    systemTopic(ROCKSDB_OP_HALF_TOPIC, 1, readWrite),
  ]
  if (config.timerTopic) topics.push(systemTopic(TIMER_TOPIC, 1, readWrite))
  if (config.traceTopic) topics.push(systemTopic(config.traceTopicName, 1, readWrite))
  // Without automatic creation Java does not make TBW102 at all.
  return config.autoCreateTopics
    ? topics
    : topics.filter(({ topicName }) => topicName !== AUTO_CREATE_TOPIC)
}

function systemTopic(topicName: string, queueCount: number, perm: number): TopicConfig {
  return {
    attributes: new Map(),
    order: false,
    perm,
    readQueueNums: queueCount,
    topicFilterType: 'SINGLE_TAG',
    topicName,
    topicSysFlag: 0,
    writeQueueNums: queueCount,
  }
}
