// SPDX-License-Identifier: Apache-2.0
// May this be sent here: broker, topic and queue of a send request. @see AbstractSendMessageProcessor.msgCheck
import { refuse, ResponseCode, type Refusal } from '@rocketmq-ts/remoting'
import type { TopicConfig } from '@rocketmq-ts/remoting/bodies'
import type { BrokerContext } from '../context.ts'
import { SEE_FAQ } from '../faq.ts'
import { READ, WRITE } from '../permission.ts'
import { isClosedToSending, RETRY_PREFIX, topicNameFault } from '../topic-names.ts'
import { describeTopic } from '../topic-table.ts'

/** What a new topic is made after; read from the request only when the topic does not exist. */
export interface NewTopicWish {
  readonly defaultTopic: string
  readonly defaultTopicQueueNums: number
  readonly unitMode: boolean
  readonly producer: string
}

const UNIT = 1
const UNIT_SUBSCRIPTION = 2

/** Refuses what no topic of that name could take. Run once per topic that is not in the table. */
export function checkTopicName(topic: string): Refusal | undefined {
  const fault = topicNameFault(topic)
  if (fault !== undefined) return refuse(ResponseCode.INVALID_PARAMETER, fault)
  return undefined
}

/** Refuses topics only the broker writes. */
export function checkOpen(topic: string): Refusal | undefined {
  return isClosedToSending(topic)
    ? refuse(ResponseCode.NO_PERMISSION, `Sending message to topic[${topic}] is forbidden.`)
    : undefined
}

/** A broker without write permission still takes messages of topics that are not ordered, as in Java. */
export function checkBroker(broker: BrokerContext, topic: TopicConfig): Refusal | undefined {
  const { permission, ip } = broker.settings.current
  return (permission & WRITE) === 0 && topic.order
    ? refuse(ResponseCode.NO_PERMISSION, `the broker[${ip}] sending message is forbidden`)
    : undefined
}

/** The topic made for a send to a topic that does not exist, or why it is not. */
export function createForSend(
  broker: BrokerContext,
  topic: string,
  wish: NewTopicWish,
): TopicConfig | Refusal {
  const isRetry = topic.startsWith(RETRY_PREFIX)
  const unitFlag = isRetry ? UNIT_SUBSCRIPTION : UNIT
  const topicSysFlag = wish.unitMode ? unitFlag : 0
  const inherited = broker.topics.getOrInherit(topic, { ...wish, topicSysFlag })
  if (inherited !== undefined) return inherited
  if (isRetry) {
    return broker.topics.getOrCreate({ topic, queueCount: 1, perm: READ | WRITE, topicSysFlag })
  }
  return refuse(
    ResponseCode.TOPIC_NOT_EXIST,
    `topic[${topic}] not exist, apply first please!${SEE_FAQ}`,
  )
}

/** Refuses a queue id beyond both queue counts. */
export function checkQueue(
  topic: TopicConfig,
  queueId: number,
  producer: string,
): Refusal | undefined {
  if (queueId < Math.max(topic.writeQueueNums, topic.readQueueNums)) return undefined
  return refuse(
    ResponseCode.INVALID_PARAMETER,
    `request queueId[${queueId}] is illegal, ${describeTopic(topic)} Producer: ${producer}`,
  )
}
