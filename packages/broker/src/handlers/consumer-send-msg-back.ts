// SPDX-License-Identifier: Apache-2.0
// CONSUMER_SEND_MSG_BACK: a message that could not be consumed goes to its group's retry topic with a delay, or to the dead letters.
import {
  handle,
  refuse,
  reply,
  ResponseCode,
  type Handler,
  type Reply,
} from '@rocketmq-ts/remoting'
import type { SubscriptionGroupConfig } from '@rocketmq-ts/remoting/bodies'
import {
  decodeMessage,
  encodeHost,
  encodeProperties,
  tagHash,
  type MessageExt,
} from '@rocketmq-ts/remoting/message'
import {
  consumerSendMsgBack,
  type ConsumerSendMsgBackRequest,
} from '@rocketmq-ts/remoting/requests'
import type { MessageToStore, SafetyStatus } from '@rocketmq-ts/store'
import type { BrokerContext } from '../context.ts'
import { MAX_QUEUE_COUNT } from '../queue-count.ts'
import { SEE_FAQ } from '../faq.ts'
import { READ, WRITE } from '../permission.ts'
import { MAX_QUEUE_ID_SEED, pickQueue } from '../pick-queue.ts'
import { createDeadLetterTopic, VERSION_WITH_MAX_RECONSUME_TIMES } from '../send/retry-topic.ts'
import { schedule } from '../send/special-properties.ts'
import { retryTopicOf } from '../topic-names.ts'

type NoAnswer = Record<never, never>
/** The first retry waits as long as this level says, each further one a level longer. */
const FIRST_RETRY_LEVEL = 3
const UNIT_SUBSCRIPTION = 2

/** @see AbstractSendMessageProcessor.consumerSendMsgBack */
export function onConsumerSendMsgBack(broker: BrokerContext): Handler {
  return handle(consumerSendMsgBack, async ({ request, version }): Promise<Reply<NoAnswer>> => {
    const { group } = request
    const config = broker.groups.getOrCreate(group)
    if (config === undefined) {
      return refuse(
        ResponseCode.SUBSCRIPTION_GROUP_NOT_EXIST,
        `subscription group not exist, ${group} ${SEE_FAQ}`,
      )
    }
    const { permission, ip } = broker.settings.current
    if ((permission & WRITE) === 0) {
      return refuse(ResponseCode.NO_PERMISSION, `the broker[${ip}] sending message is forbidden`)
    }
    if (config.retryQueueNums <= 0) return reply({})
    const retryTopic = broker.topics.getOrCreate({
      topic: retryTopicOf(group),
      queueCount: Math.min(config.retryQueueNums, MAX_QUEUE_COUNT),
      perm: READ | WRITE,
      topicSysFlag: request.unitMode === true ? UNIT_SUBSCRIPTION : 0,
    })
    if ((retryTopic.perm & WRITE) === 0) {
      return refuse(
        ResponseCode.NO_PERMISSION,
        `the topic[${retryTopic.topicName}] sending message is forbidden`,
      )
    }
    const origin = await messageAt(broker, request.offset)
    if (origin === undefined) {
      return refuse(ResponseCode.SYSTEM_ERROR, `look message by offset failed, ${request.offset}`)
    }
    const limit = limitOf(config, request, version)
    return put(broker, copyOf(broker, origin, request, { config, limit }))
  })
}

/** Clients that know better than the group's setting say so. */
function limitOf(
  config: SubscriptionGroupConfig,
  request: ConsumerSendMsgBackRequest,
  version: number,
): number {
  const told = version >= VERSION_WITH_MAX_RECONSUME_TIMES ? request.maxReconsumeTimes : undefined
  return told ?? config.retryMaxTimes
}

/** The copy of a message as it is stored for its next attempt, or as a dead letter. */
function copyOf(
  broker: BrokerContext,
  origin: MessageExt,
  { group, delayLevel }: ConsumerSendMsgBackRequest,
  { config, limit }: { readonly config: SubscriptionGroupConfig; readonly limit: number },
): MessageToStore {
  const properties = { ...origin.properties }
  properties['RETRY_TOPIC'] ??= origin.topic
  properties['WAIT'] = 'false'
  properties['ORIGIN_MESSAGE_ID'] ||= origin.offsetMsgId
  const isDead = origin.reconsumeTimes >= limit || delayLevel < 0
  const seed = broker.runtime.random.below(MAX_QUEUE_ID_SEED)
  const copy: MessageToStore = {
    topic: isDead ? createDeadLetterTopic(broker, group) : retryTopicOf(group),
    queueId: isDead ? 0 : pickQueue(seed, Math.min(config.retryQueueNums, MAX_QUEUE_COUNT)),
    flag: origin.flag,
    sysFlag: origin.sysFlag,
    bornTimestampMs: origin.bornTimestamp,
    bornHost: encodeHost(origin.bornHost),
    storeHost: broker.storeHost,
    reconsumeTimes: origin.reconsumeTimes + 1,
    preparedTransactionOffset: 0,
    tagsCode: tagHash(properties['TAGS'] ?? ''),
    body: origin.body,
    properties: new Uint8Array(0),
  }
  if (isDead) properties['DELAY'] = '0'
  else {
    const level = delayLevel === 0 ? FIRST_RETRY_LEVEL + origin.reconsumeTimes : delayLevel
    schedule(copy, properties, Math.min(level, broker.delays.maxLevel))
  }
  copy.properties = Buffer.from(encodeProperties(properties), 'utf8')
  return copy
}

/** Answers when the copy is safe. */
function put(
  broker: BrokerContext,
  copy: MessageToStore,
): Reply<NoAnswer> | Promise<Reply<NoAnswer>> {
  const { status, offset, recordBytes } = broker.store.append(copy)
  if (status !== 'PUT_OK') return refuse(ResponseCode.SYSTEM_ERROR, status)
  return new Promise((resolve) => {
    const acknowledged = (safety: SafetyStatus): void => {
      const isSafe = safety === 'PUT_OK'
      resolve(isSafe ? reply({}) : refuse(ResponseCode.SYSTEM_ERROR, safety))
    }
    broker.store.whenSafe(offset + recordBytes, { acknowledged }, false)
  })
}

/** The message at a commit log offset, its body as stored; undefined when none begins there. */
function messageAt(broker: BrokerContext, offset: number): Promise<MessageExt | undefined> {
  return new Promise((resolve) => {
    broker.store.readAt(offset, (record) => {
      resolve(record === undefined ? undefined : decodeMessage(record, 0, { decompress: false }))
    })
  })
}
