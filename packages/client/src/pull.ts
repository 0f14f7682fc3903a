// SPDX-License-Identifier: Apache-2.0
// One pull of one queue: the request's flags, and what each answer means.
import { RocketMQError, ResponseCode, type Response } from '@rocketmq-ts/remoting'
import type { SubscriptionData } from '@rocketmq-ts/remoting/bodies'
import { decodeMessages, type MessageExt } from '@rocketmq-ts/remoting/message'
import type { PullMessageRequest, PullMessageResponse } from '@rocketmq-ts/remoting/requests'
import { refusalOf } from './answers.ts'
import type { MessageQueue } from './message-queue.ts'

/** Bits of a pull's sysFlag. Source: PullSysFlag. */
export const PullFlag = {
  COMMIT_OFFSET: 1,
  SUSPEND: 2,
  SUBSCRIPTION: 4,
  CLASS_FILTER: 8,
  LITE_PULL: 16,
} as const

/** What one pull asks. */
export interface PullAsk {
  readonly consumerGroup: string
  readonly queue: MessageQueue
  readonly queueOffset: number
  readonly maxMessages: number
  readonly maxBytes: number
  /** Consumed up to here, stored along with the pull; −1 stores nothing. A slave is never given one. */
  readonly commitOffset: number
  /** How long the broker may hold the request until a message arrives. */
  readonly suspendMs: number
  readonly subscription: SubscriptionData
}

/** Source: DefaultMQPushConsumerImpl.pullMessage, PullAPIWrapper.pullKernelImpl. */
export function pullHeaderOf(ask: PullAsk): PullMessageRequest {
  const commits = ask.commitOffset > 0
  return {
    consumerGroup: ask.consumerGroup,
    topic: ask.queue.topic,
    queueId: ask.queue.queueId,
    queueOffset: ask.queueOffset,
    maxMsgNums: ask.maxMessages,
    sysFlag: PullFlag.SUSPEND | (commits ? PullFlag.COMMIT_OFFSET : 0),
    commitOffset: commits ? ask.commitOffset : 0,
    suspendTimeoutMillis: ask.suspendMs,
    // The broker knows the subscription from the heartbeat.
    subscription: undefined,
    subVersion: BigInt(ask.subscription.subVersion),
    expressionType: ask.subscription.expressionType,
    maxMsgBytes: ask.maxBytes,
    requestSource: undefined,
    proxyFrowardClientId: undefined,
    liteTopic: undefined,
  }
}

/** What a broker answered to a pull. */
export type Pulled =
  | {
      readonly status: 'FOUND'
      readonly messages: readonly MessageExt[]
      readonly nextOffset: number
      readonly suggestedBrokerId: number
    }
  | {
      /** The request was held in vain, none of the messages matched, or the offset is not one of the queue's. */
      readonly status: 'NO_NEW_MESSAGE' | 'NO_MATCHED_MESSAGE' | 'OFFSET_ILLEGAL'
      readonly nextOffset: number
      readonly suggestedBrokerId: number
    }

/** @throws RMQ_REFUSED for other codes, RMQ_PROTOCOL when the messages cannot be read. Source: MQClientAPIImpl.processPullResponse. */
export function pulledOf(response: Response<PullMessageResponse>, address: string): Pulled {
  const status = statuses.get(response.code)
  if (status === undefined) throw refusalOf(response, address)
  const { nextBeginOffset, suggestWhichBrokerId } = response.header()
  const common = { nextOffset: nextBeginOffset, suggestedBrokerId: suggestWhichBrokerId }
  if (status !== 'FOUND') return { status, ...common }
  try {
    return { status, messages: decodeMessages(response.body), ...common }
  } catch (cause) {
    throw new RocketMQError(
      'RMQ_PROTOCOL',
      `cannot read the messages that ${address} answered to a pull`,
      {
        address,
        cause,
      },
    )
  }
}

const statuses: ReadonlyMap<number, Pulled['status']> = new Map([
  [ResponseCode.SUCCESS, 'FOUND'],
  [ResponseCode.PULL_NOT_FOUND, 'NO_NEW_MESSAGE'],
  [ResponseCode.PULL_RETRY_IMMEDIATELY, 'NO_MATCHED_MESSAGE'],
  [ResponseCode.PULL_OFFSET_MOVED, 'OFFSET_ILLEGAL'],
])
