// SPDX-License-Identifier: Apache-2.0
// What a consumer is doing: the answer of GET_CONSUMER_RUNNING_INFO.
import {
  bool,
  double,
  initially,
  int32,
  list,
  mapOf,
  offset,
  optional,
  pairsOf,
  record,
  text,
  type Shape,
} from '../java-json/shape.ts'
import type { JsonForm } from '../java-json/write.ts'
import { decodeBody, encodeBody } from './body.ts'
import { messageQueueShape, type MessageQueue } from './message-queue.ts'
import { subscriptionDataShape, type SubscriptionData } from './subscription-data.ts'

/** Java's ProcessQueueInfo. */
export interface ProcessQueueInfo {
  readonly cachedMsgCount: number
  readonly cachedMsgMaxOffset: number
  readonly cachedMsgMinOffset: number
  readonly cachedMsgSizeInMiB: number
  readonly commitOffset: number
  /** Java's spelling. */
  readonly droped: boolean
  readonly lastConsumeTimestamp: number
  readonly lastLockTimestamp: number
  readonly lastPullTimestamp: number
  readonly locked: boolean
  readonly transactionMsgCount: number
  readonly transactionMsgMaxOffset: number
  readonly transactionMsgMinOffset: number
  readonly tryUnlockTimes: number
}

/** Java's PopProcessQueueInfo. */
export interface PopProcessQueueInfo {
  /** Java's spelling. */
  readonly droped: boolean
  readonly lastPopTimestamp: number
  readonly waitAckCount: number
}

/** Java's ConsumeStatus. */
export interface ConsumeStatus {
  readonly consumeFailedMsgs: number
  readonly consumeFailedTPS: number
  readonly consumeOKTPS: number
  readonly consumeRT: number
  readonly pullRT: number
  readonly pullTPS: number
}

/** Java's ConsumerRunningInfo. */
export interface ConsumerRunningInfo {
  readonly jstack?: string | undefined
  readonly mqPopTable: readonly (readonly [MessageQueue, PopProcessQueueInfo])[]
  readonly mqTable: readonly (readonly [MessageQueue, ProcessQueueInfo])[]
  readonly properties: ReadonlyMap<string, string>
  readonly statusTable: ReadonlyMap<string, ConsumeStatus>
  readonly subscriptionSet: readonly SubscriptionData[]
  readonly userConsumerInfo: ReadonlyMap<string, string>
}

const processQueueInfoShape: Shape<ProcessQueueInfo> = record<ProcessQueueInfo>({
  cachedMsgCount: initially(int32, () => 0),
  cachedMsgMaxOffset: initially(offset, () => 0),
  cachedMsgMinOffset: initially(offset, () => 0),
  cachedMsgSizeInMiB: initially(int32, () => 0),
  commitOffset: initially(offset, () => 0),
  droped: initially(bool, () => false),
  lastConsumeTimestamp: initially(offset, () => 0),
  lastLockTimestamp: initially(offset, () => 0),
  lastPullTimestamp: initially(offset, () => 0),
  locked: initially(bool, () => false),
  transactionMsgCount: initially(int32, () => 0),
  transactionMsgMaxOffset: initially(offset, () => 0),
  transactionMsgMinOffset: initially(offset, () => 0),
  tryUnlockTimes: initially(offset, () => 0),
})

const popProcessQueueInfoShape: Shape<PopProcessQueueInfo> = record<PopProcessQueueInfo>({
  droped: initially(bool, () => false),
  lastPopTimestamp: initially(offset, () => 0),
  waitAckCount: initially(int32, () => 0),
})

const consumeStatusShape: Shape<ConsumeStatus> = record<ConsumeStatus>({
  consumeFailedMsgs: initially(offset, () => 0),
  consumeFailedTPS: initially(double, () => 0),
  consumeOKTPS: initially(double, () => 0),
  consumeRT: initially(double, () => 0),
  pullRT: initially(double, () => 0),
  pullTPS: initially(double, () => 0),
})

const consumerRunningInfoShape: Shape<ConsumerRunningInfo> = record<ConsumerRunningInfo>({
  jstack: optional(text),
  mqPopTable: initially(pairsOf(messageQueueShape, popProcessQueueInfoShape), () => []),
  mqTable: initially(pairsOf(messageQueueShape, processQueueInfoShape), () => []),
  properties: initially(mapOf(text, text), () => new Map()),
  statusTable: initially(mapOf(text, consumeStatusShape), () => new Map()),
  subscriptionSet: initially(list(subscriptionDataShape), () => []),
  userConsumerInfo: initially(mapOf(text, text), () => new Map()),
})

/** @throws {JavaJsonError} when the bytes are not a ConsumerRunningInfo. */
export function decodeConsumerRunningInfo(bytes: Uint8Array): ConsumerRunningInfo {
  return decodeBody('ConsumerRunningInfo', consumerRunningInfoShape, bytes)
}

/** The bytes Java's ConsumerRunningInfo writes. */
export function encodeConsumerRunningInfo(body: ConsumerRunningInfo, form?: JsonForm): Uint8Array {
  return encodeBody(consumerRunningInfoShape, body, form)
}
