// SPDX-License-Identifier: Apache-2.0
// The rules for topic and group names, and the names that belong to RocketMQ itself.
import { invalid } from './settings.ts'

export const RETRY_TOPIC_PREFIX = '%RETRY%'

/** The topic whose settings an automatically created topic takes. */
export const AUTO_CREATE_TOPIC = 'TBW102'

const topicMaxLength = 127
const groupMaxLength = 120
const legalName = /^[%|a-zA-Z0-9_-]+$/

// TopicValidator.NOT_ALLOWED_SEND_TOPIC_SET
const unsendable: ReadonlySet<string> = new Set([
  'SCHEDULE_TOPIC_XXXX',
  'RMQ_SYS_TRANS_HALF_TOPIC',
  'RMQ_SYS_TRANS_OP_HALF_TOPIC',
  'RMQ_SYS_ROCKSDB_TRANS_HALF_TOPIC',
  'RMQ_SYS_ROCKSDB_TRANS_OP_HALF_TOPIC',
  'TRANS_CHECK_MAX_TIME_TOPIC',
  'SELF_TEST_TOPIC',
  'OFFSET_MOVED_EVENT',
])

/** The group names every client library takes by default: two strangers would share offsets. */
const reservedGroups: ReadonlySet<string> = new Set([
  'DEFAULT_PRODUCER',
  'DEFAULT_CONSUMER',
  'CLIENT_INNER_PRODUCER',
])

/** Where messages that a group could not consume wait for another try. */
export function retryTopicOf(group: string): string {
  return `${RETRY_TOPIC_PREFIX}${group}`
}

/** @throws RMQ_INVALID_ARGUMENT when no broker would take the name. Source: Validators.checkTopic. */
export function checkTopic(topic: unknown): asserts topic is string {
  checkName('topic', topic, topicMaxLength)
}

/** @throws RMQ_INVALID_ARGUMENT when clients may not send to the topic. */
export function checkSendable(topic: string): void {
  if (unsendable.has(topic))
    throw invalid(`topic ${topic} belongs to the broker, sending to it is forbidden`)
}

/** @throws RMQ_INVALID_ARGUMENT. Source: Validators.checkGroup. */
export function checkGroup(group: unknown): asserts group is string {
  checkName('group', group, groupMaxLength)
  if (reservedGroups.has(group)) {
    throw invalid(`group ${group} is a reserved name, give the group a name of its own`)
  }
}

function checkName(kind: string, name: unknown, maxLength: number): asserts name is string {
  if (typeof name !== 'string' || name.trim() === '')
    throw invalid(`the ${kind} name is missing or blank`)
  if (name.length > maxLength) {
    throw invalid(`${kind} ${name} has ${name.length} characters, at most ${maxLength} are allowed`)
  }
  if (!legalName.test(name)) {
    throw invalid(`${kind} ${name} has a character other than letters, digits and % | _ -`)
  }
}
