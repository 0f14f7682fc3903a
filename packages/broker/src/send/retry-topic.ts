// SPDX-License-Identifier: Apache-2.0
// A send to a retry topic: after too many attempts the message goes to the dead letters. @see SendMessageProcessor.handleRetryAndDLQ
import { refuse, ResponseCode, type Refusal } from '@rocketmq-ts/remoting'
import type { BrokerContext } from '../context.ts'
import { SEE_FAQ } from '../faq.ts'
import { READ, WRITE } from '../permission.ts'
import { deadLetterTopicOf, RETRY_PREFIX } from '../topic-names.ts'

/** Clients before this version (3.4.9) do not send the limit of attempts. @see MQVersion.Version.V3_4_9 */
export const VERSION_WITH_MAX_RECONSUME_TIMES = 121

/** Attempts of a message, as the request tells. */
export interface Attempts {
  readonly reconsumeTimes: number
  /** Undefined: the group's own limit. */
  readonly maxReconsumeTimes: number | undefined
}

/** Where the message goes: undefined to the retry topic itself, else to the dead letter topic of its group. */
export function deadLetterTopicFor(
  broker: BrokerContext,
  retryTopic: string,
  attempts: Attempts,
): string | Refusal | undefined {
  const group = retryTopic.slice(RETRY_PREFIX.length)
  const config = broker.groups.getOrCreate(group)
  if (config === undefined) {
    return refuse(
      ResponseCode.SUBSCRIPTION_GROUP_NOT_EXIST,
      `subscription group not exist, ${group} ${SEE_FAQ}`,
    )
  }
  const limit = attempts.maxReconsumeTimes ?? config.retryMaxTimes
  // A group that consumes in order holds its queues while it retries; what it sends back is given up.
  if (attempts.reconsumeTimes <= limit && !broker.queueLocks.isAnyLocked(group)) return undefined
  return createDeadLetterTopic(broker, group)
}

/** The dead letter topic of a group, made at its first use. */
export function createDeadLetterTopic(broker: BrokerContext, group: string): string {
  const topic = deadLetterTopicOf(group)
  broker.topics.getOrCreate({ topic, queueCount: 1, perm: READ | WRITE, topicSysFlag: 0 })
  return topic
}
