// SPDX-License-Identifier: Apache-2.0
// May this be pulled, and which messages of it: broker, group, topic, queue and subscription. @see PullMessageProcessor
import { ResponseCode } from '@rocketmq-ts/remoting'
import type { SubscriptionGroupConfig, TopicConfig } from '@rocketmq-ts/remoting/bodies'
import type { BrokerContext } from '../context.ts'
import { SEE_FAQ } from '../faq.ts'
import { READ } from '../permission.ts'
import { parseSubscription, type Subscription } from '../subscription.ts'
import { Forbidden, pullRefusal, type PullRefusal } from './pull-refusal.ts'

/** What of a pull request decides whether it is served. */
export interface PullSubject {
  readonly group: string
  readonly topic: string
  readonly queueId: number
  readonly isLite: boolean
  /** The expression that came with the request; undefined when the heartbeat's subscription counts. */
  readonly expression: PullExpression | undefined
  /** Of the subscription the client means; some count in nanoseconds, beyond what a number holds. */
  readonly subVersion: bigint
  readonly peer: string
}

/** A subscription in the request itself. */
export interface PullExpression {
  readonly type: string | undefined
  readonly text: string | undefined
}

/** What a pull may read. */
export interface PullPermit {
  readonly kind: 'permit'
  readonly topic: TopicConfig
  readonly group: SubscriptionGroupConfig
  readonly subscription: Subscription
}

const TAG = 'TAG'

/** The permit, or why there is none. */
export function checkPull(broker: BrokerContext, subject: PullSubject): PullPermit | PullRefusal {
  const { permission, ip, litePull } = broker.settings.current
  if ((permission & READ) === 0) {
    return forbid(`the broker[${ip}] pulling message is forbidden`, Forbidden.BROKER)
  }
  if (subject.isLite && !litePull) {
    return forbid(`the broker[${ip}] for lite pull consumer is forbidden`, Forbidden.BROKER)
  }
  const group = broker.groups.getOrCreate(subject.group)
  if (group === undefined) {
    return pullRefusal(
      ResponseCode.SUBSCRIPTION_GROUP_NOT_EXIST,
      `subscription group [${subject.group}] does not exist, ${SEE_FAQ}`,
    )
  }
  if (!group.consumeEnable) {
    return forbid(`subscription group no permission, ${subject.group}`, Forbidden.GROUP)
  }
  const topic = checkTopic(broker, subject)
  if ('kind' in topic) return topic
  const subscription =
    subject.expression === undefined
      ? announced(broker, subject, group)
      : requested(subject.topic, subject.expression)
  if ('kind' in subscription) return subscription
  const type = subscription.data.expressionType
  if (type !== undefined && type !== '' && type !== TAG) return filterNotSupported(type)
  return { kind: 'permit', topic, group, subscription }
}

function checkTopic(broker: BrokerContext, subject: PullSubject): TopicConfig | PullRefusal {
  const topic = broker.topics.get(subject.topic)
  if (topic === undefined) {
    return pullRefusal(
      ResponseCode.TOPIC_NOT_EXIST,
      `topic[${subject.topic}] not exist, apply first please! ${SEE_FAQ}`,
    )
  }
  if ((topic.perm & READ) === 0) {
    return forbid(`the topic[${subject.topic}] pulling message is forbidden`, Forbidden.TOPIC)
  }
  if (subject.queueId < 0 || subject.queueId >= topic.readQueueNums) {
    return pullRefusal(
      ResponseCode.INVALID_PARAMETER,
      `queueId[${subject.queueId}] is illegal, topic:[${subject.topic}] ` +
        `topicConfig.readQueueNums:[${topic.readQueueNums}] consumer:[/${subject.peer}]`,
    )
  }
  return topic
}

/** The subscription that came with the request. */
function requested(topic: string, { type, text }: PullExpression): Subscription | PullRefusal {
  if (type !== undefined && type !== '' && type !== TAG) return filterNotSupported(type)
  return (
    parseSubscription(topic, text) ??
    pullRefusal(ResponseCode.SUBSCRIPTION_PARSE_FAILED, "parse the consumer's subscription failed")
  )
}

/** The subscription that the group's heartbeats announced. */
function announced(
  broker: BrokerContext,
  subject: PullSubject,
  config: SubscriptionGroupConfig,
): Subscription | PullRefusal {
  const group = broker.clients.consumerGroup(subject.group)
  if (group === undefined) return notSubscribed("the consumer's group info not exist")
  if (!config.consumeBroadcastEnable && group.isBroadcast) {
    return forbid(
      `the consumer group[${subject.group}] can not consume by broadcast way`,
      Forbidden.BROADCASTING,
    )
  }
  if (broker.groups.isReadForbidden(subject.group, subject.topic)) {
    return forbid(
      `the consumer group[${subject.group}] is forbidden for topic[${subject.topic}]`,
      Forbidden.SUBSCRIPTION,
    )
  }
  const subscription = group.subscription(subject.topic)
  if (subscription === undefined) return notSubscribed("the consumer's subscription not exist")
  if (subscription.data.subVersion < subject.subVersion) {
    return pullRefusal(
      ResponseCode.SUBSCRIPTION_NOT_LATEST,
      "the consumer's subscription not latest",
    )
  }
  return subscription
}

function forbid(remark: string, by: number): PullRefusal {
  return pullRefusal(ResponseCode.NO_PERMISSION, remark, by)
}

function notSubscribed(remark: string): PullRefusal {
  return pullRefusal(ResponseCode.SUBSCRIPTION_NOT_EXIST, remark + SEE_FAQ)
}

function filterNotSupported(type: string): PullRefusal {
  return pullRefusal(
    ResponseCode.SYSTEM_ERROR,
    `The broker does not support consumer to filter message by ${type}`,
  )
}
