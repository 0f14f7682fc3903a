// SPDX-License-Identifier: Apache-2.0
// Which topic and group names are allowed, which are the system's, and how derived names are made.

export const RETRY_PREFIX = '%RETRY%'
export const DEAD_LETTER_PREFIX = '%DLQ%'
export const AUTO_CREATE_TOPIC = 'TBW102'
export const SCHEDULE_TOPIC = 'SCHEDULE_TOPIC_XXXX'
export const HALF_TOPIC = 'RMQ_SYS_TRANS_HALF_TOPIC'
export const OP_HALF_TOPIC = 'RMQ_SYS_TRANS_OP_HALF_TOPIC'
export const SELF_TEST_TOPIC = 'SELF_TEST_TOPIC'
export const BENCHMARK_TOPIC = 'BenchmarkTest'
export const OFFSET_MOVED_TOPIC = 'OFFSET_MOVED_EVENT'
export const TIMER_TOPIC = 'rmq_sys_wheel_timer'
export const ROCKSDB_HALF_TOPIC = 'RMQ_SYS_ROCKSDB_TRANS_HALF_TOPIC'
export const ROCKSDB_OP_HALF_TOPIC = 'RMQ_SYS_ROCKSDB_TRANS_OP_HALF_TOPIC'
const SYSTEM_TOPIC_PREFIX = 'rmq_sys_'
const SYSTEM_GROUP_PREFIX = 'CID_RMQ_SYS_'

const MAX_TOPIC_LENGTH = 127
/** Retry and dead-letter topics carry a group's name behind their prefix. */
const MAX_GROUP_TOPIC_LENGTH = 255
const MAX_GROUP_LENGTH = 120
/** Groups that make themselves by being used may be longer than those an administrator makes. */
const MAX_USED_GROUP_LENGTH = 255
const ALLOWED = /^[%|a-zA-Z0-9_-]+$/

/** Those of every broker; each adds some named after itself and its cluster. @see TopicValidator.SYSTEM_TOPIC_SET */
export const systemTopics: ReadonlySet<string> = new Set([
  AUTO_CREATE_TOPIC,
  SCHEDULE_TOPIC,
  BENCHMARK_TOPIC,
  HALF_TOPIC,
  OP_HALF_TOPIC,
  ROCKSDB_HALF_TOPIC,
  ROCKSDB_OP_HALF_TOPIC,
  'RMQ_SYS_TRACE_TOPIC',
  'CHECKPOINT_TOPIC',
  'TRANS_CHECK_MAX_TIME_TOPIC',
  SELF_TEST_TOPIC,
  OFFSET_MOVED_TOPIC,
])

const closedToSending: ReadonlySet<string> = new Set([
  SCHEDULE_TOPIC,
  HALF_TOPIC,
  OP_HALF_TOPIC,
  ROCKSDB_HALF_TOPIC,
  ROCKSDB_OP_HALF_TOPIC,
  'TRANS_CHECK_MAX_TIME_TOPIC',
  SELF_TEST_TOPIC,
  OFFSET_MOVED_TOPIC,
])

/** Groups every broker has. @see SubscriptionGroupManager.init */
export const systemGroups: readonly string[] = [
  'TOOLS_CONSUMER',
  'FILTERSRV_CONSUMER',
  'SELF_TEST_C_GROUP',
  'CID_ONS-HTTP-PROXY',
  'CID_ONSAPI_PULL',
  'CID_ONSAPI_PERMISSION',
  'CID_ONSAPI_OWNER',
  'CID_RMQ_SYS_TRANS',
]

/** Says why a topic name is refused, in Java's words; undefined when it is allowed. @see TopicValidator.validateTopic */
export function topicNameFault(topic: string): string | undefined {
  if (topic.trim() === '') return 'The specified topic is blank.'
  if (!ALLOWED.test(topic)) {
    return `The specified topic: ${topic}, contains illegal characters, allowing only ${ALLOWED.source}`
  }
  if (topic.startsWith(RETRY_PREFIX) || topic.startsWith(DEAD_LETTER_PREFIX)) {
    return topic.length > MAX_GROUP_TOPIC_LENGTH
      ? `The specified topic is DLQ or Retry topic: ${topic}, and it's longer than topic max length: ${MAX_GROUP_TOPIC_LENGTH}`
      : undefined
  }
  if (topic.length > MAX_TOPIC_LENGTH) {
    return `The specified topic: ${topic}, is longer than topic max length: ${MAX_TOPIC_LENGTH}`
  }
  return undefined
}

/** Says why a group name is refused, in Java's words; undefined when it is allowed. @see TopicValidator.validateGroup */
export function groupNameFault(group: string): string | undefined {
  if (group.trim() === '') return 'The specified group is blank.'
  if (!ALLOWED.test(group)) {
    return `The specified group: ${group}, contains illegal characters, allowing only ${ALLOWED.source}`
  }
  if (group.length > MAX_GROUP_LENGTH) {
    return `The specified group: ${group}, is longer than group max length: ${MAX_GROUP_LENGTH}`
  }
  return undefined
}

/** False for names under which no group is made on first use. @see SubscriptionGroupManager.findSubscriptionGroupConfig */
export function isUsableGroupName(group: string): boolean {
  return group.length <= MAX_USED_GROUP_LENGTH && ALLOWED.test(group)
}

/** Topics every broker uses for itself; those named after its cluster and name are known to the topic table. */
export function isSystemTopic(topic: string): boolean {
  return systemTopics.has(topic) || topic.startsWith(SYSTEM_TOPIC_PREFIX)
}

/** Topics only the broker writes. @see TopicValidator.isNotAllowedSendTopic */
export function isClosedToSending(topic: string): boolean {
  return closedToSending.has(topic)
}

/** Groups that are made on first use even when groups are not made automatically. @see MixAll.isSysConsumerGroup */
export function isSystemGroup(group: string): boolean {
  return group.startsWith(SYSTEM_GROUP_PREFIX)
}

export function retryTopicOf(group: string): string {
  return RETRY_PREFIX + group
}

export function deadLetterTopicOf(group: string): string {
  return DEAD_LETTER_PREFIX + group
}
