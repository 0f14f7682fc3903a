// SPDX-License-Identifier: Apache-2.0
// Settings of a push consumer, with Java's defaults.
import type { ConsumeFromWhere } from '@rocketmq-ts/remoting/bodies'
import { allocateAveragely } from './allocate-averagely.ts'
import type { AllocationStrategy } from './allocation.ts'
import { clientChecks, clientConfigOf, type ClientConfig, type ClientOptions } from './config.ts'
import { checkGroup, checkTopic } from './names.ts'
import type { HoldLimits } from './process-queue.ts'
import {
  anything,
  checkSettings,
  invalid,
  oneOf,
  record,
  text,
  whole,
  type Checks,
} from './settings.ts'
import type { ConsumeFrom } from './start-offset.ts'

/** What a push consumer takes. Source: DefaultMQPushConsumer. */
export interface PushConsumerOptions extends ClientOptions {
  /** All consumers of a group share its messages and offsets; they must have the same subscriptions. */
  readonly group: string
  /** Topic to tag expression: `*` for all, or tags joined by `||`. More with {@link PushConsumer.subscribe}. */
  readonly subscriptions?: Readonly<Record<string, string>>
  /** CLUSTERING: each message to one member. BROADCASTING is not supported yet. */
  readonly messageModel?: 'CLUSTERING' | 'BROADCASTING'
  /** CONCURRENTLY: messages of a queue may finish in any order. ORDERLY is not supported yet. */
  readonly consumeMode?: 'CONCURRENTLY' | 'ORDERLY'
  /** Where to begin on queues the group has never consumed, default LAST_OFFSET: what arrives from now on. */
  readonly consumeFrom?: ConsumeFrom
  /** How the members share queues, default by average; all members must use the same. */
  readonly allocation?: AllocationStrategy
  /** Handlers at work at once, default 20. */
  readonly concurrency?: number
  /** Messages of one pull, default 32. */
  readonly pullBatchSize?: number
  /** Bytes of one pull, default 256 KiB. */
  readonly pullBatchBytes?: number
  /** Unfinished messages of one queue above which pulling waits, default 1000. */
  readonly pullThresholdForQueue?: number
  /** Unfinished bytes of one queue above which pulling waits, default 100 MiB. */
  readonly pullThresholdBytesForQueue?: number
  /** Distance from the oldest unfinished to the newest message above which pulling waits, default 2000. */
  readonly consumeConcurrentlyMaxSpan?: number
  /** How often a message may fail before it goes to the dead letter queue, default 16. */
  readonly maxReconsumeTimes?: number
  /** A handler that takes longer has its message sent back, default 15 minutes. */
  readonly consumeTimeoutMs?: number
  /** How long a broker may hold a pull until a message arrives, default 15 000. */
  readonly brokerSuspendMaxMs?: number
  /** How long to wait for the answer to a pull, default 30 000. */
  readonly pullTimeoutMs?: number
  /** How often the members share the queues anew, default 20 000. */
  readonly rebalanceIntervalMs?: number
  /** How long close waits for handlers at work, default 10 000. */
  readonly drainTimeoutMs?: number
}

/** {@link PushConsumerOptions} with every default in place. */
export interface PushConsumerConfig {
  readonly client: ClientConfig
  readonly group: string
  readonly subscriptions: ReadonlyMap<string, string>
  readonly consumeFrom: ConsumeFrom
  readonly allocation: AllocationStrategy
  readonly concurrency: number
  readonly pullBatchSize: number
  readonly pullBatchBytes: number
  readonly holdLimits: HoldLimits
  readonly maxReconsumeTimes: number
  readonly consumeTimeoutMs: number
  readonly brokerSuspendMaxMs: number
  readonly pullTimeoutMs: number
  readonly rebalanceIntervalMs: number
  readonly drainTimeoutMs: number
}

const checks: Checks<PushConsumerOptions> = {
  ...clientChecks,
  group: text,
  subscriptions: record,
  messageModel: oneOf('CLUSTERING', 'BROADCASTING'),
  consumeMode: oneOf('CONCURRENTLY', 'ORDERLY'),
  consumeFrom: anything,
  allocation: record,
  concurrency: whole(1, 65_536),
  pullBatchSize: whole(1, 1024),
  pullBatchBytes: whole(1),
  pullThresholdForQueue: whole(1, 65_535),
  pullThresholdBytesForQueue: whole(1),
  consumeConcurrentlyMaxSpan: whole(1, 65_535),
  maxReconsumeTimes: whole(0),
  consumeTimeoutMs: whole(1),
  brokerSuspendMaxMs: whole(1),
  pullTimeoutMs: whole(1),
  rebalanceIntervalMs: whole(10),
  drainTimeoutMs: whole(0),
}

const MIB = 1024 * 1024

/** @throws RMQ_INVALID_ARGUMENT */
export function parsePushConsumerOptions(options: PushConsumerOptions): PushConsumerConfig {
  checkSettings('PushConsumer', options, checks)
  checkGroup(options.group)
  if (options.messageModel === 'BROADCASTING') {
    throw invalid('PushConsumer: messageModel BROADCASTING is not supported yet, use CLUSTERING')
  }
  if (options.consumeMode === 'ORDERLY') {
    throw invalid('PushConsumer: consumeMode ORDERLY is not supported yet, use CONCURRENTLY')
  }
  const subscriptions = Object.entries(options.subscriptions ?? {})
  for (const [topic, expression] of subscriptions) checkSubscription(topic, expression)
  return {
    client: clientConfigOf(options),
    group: options.group,
    subscriptions: new Map(subscriptions),
    consumeFrom: checkedConsumeFrom(options.consumeFrom ?? 'LAST_OFFSET'),
    allocation: options.allocation ?? allocateAveragely,
    concurrency: options.concurrency ?? 20,
    pullBatchSize: options.pullBatchSize ?? 32,
    pullBatchBytes: options.pullBatchBytes ?? 256 * 1024,
    holdLimits: {
      messages: options.pullThresholdForQueue ?? 1000,
      bytes: options.pullThresholdBytesForQueue ?? 100 * MIB,
      span: options.consumeConcurrentlyMaxSpan ?? 2000,
    },
    maxReconsumeTimes: options.maxReconsumeTimes ?? 16,
    consumeTimeoutMs: options.consumeTimeoutMs ?? 15 * 60_000,
    brokerSuspendMaxMs: options.brokerSuspendMaxMs ?? 15_000,
    pullTimeoutMs: options.pullTimeoutMs ?? 30_000,
    rebalanceIntervalMs: options.rebalanceIntervalMs ?? 20_000,
    drainTimeoutMs: options.drainTimeoutMs ?? 10_000,
  }
}

/** @throws RMQ_INVALID_ARGUMENT */
export function checkSubscription(topic: unknown, expression: unknown): void {
  checkTopic(topic)
  if (typeof expression !== 'string') {
    throw invalid(`the subscription of ${topic} must be text: * or tags joined by ||`)
  }
}

/** What brokers are told. They do not act on it; mqadmin shows it. */
export function consumeFromWhereOf(from: ConsumeFrom): ConsumeFromWhere {
  if (from === 'LAST_OFFSET') return 'CONSUME_FROM_LAST_OFFSET'
  return from === 'FIRST_OFFSET' ? 'CONSUME_FROM_FIRST_OFFSET' : 'CONSUME_FROM_TIMESTAMP'
}

function checkedConsumeFrom(from: ConsumeFrom): ConsumeFrom {
  if (from === 'LAST_OFFSET' || from === 'FIRST_OFFSET') return from
  if (typeof from === 'object' && Number.isSafeInteger(from.timestampMs)) return from
  throw invalid('PushConsumer: consumeFrom must be LAST_OFFSET, FIRST_OFFSET or { timestampMs }')
}
