// SPDX-License-Identifier: Apache-2.0
// What a broker keeps of a consumer group.
import {
  bool,
  initially,
  int32,
  list,
  long,
  mapOf,
  offset,
  optional,
  record,
  required,
  text,
  type Shape,
} from '../java-json/shape.ts'
import type { JavaLong } from '../java-json/values.ts'
import type { JsonForm } from '../java-json/write.ts'
import { decodeBody, encodeBody } from './body.ts'
import { groupRetryPolicyShape, type GroupRetryPolicy } from './group-retry-policy.ts'

/** Java's SimpleSubscriptionData: a subscription fixed by an administrator. */
export interface SimpleSubscriptionData {
  readonly expression: string
  readonly expressionType: string
  readonly topic: string
  readonly version: JavaLong
}

/** Java's SubscriptionGroupConfig. */
export interface SubscriptionGroupConfig {
  readonly attributes: ReadonlyMap<string, string>
  readonly brokerId: number
  readonly consumeBroadcastEnable: boolean
  readonly consumeEnable: boolean
  readonly consumeFromMinEnable: boolean
  readonly consumeMessageOrderly: boolean
  readonly consumeTimeoutMinute: number
  readonly groupName: string
  readonly groupRetryPolicy: GroupRetryPolicy
  readonly groupSysFlag: number
  readonly notifyConsumerIdsChangedEnable: boolean
  readonly retryMaxTimes: number
  readonly retryQueueNums: number
  readonly subscriptionDataSet?: readonly SimpleSubscriptionData[] | undefined
  readonly whichBrokerWhenConsumeSlowly: number
}

const simpleSubscriptionShape: Shape<SimpleSubscriptionData> = record<SimpleSubscriptionData>({
  expression: initially(text, () => ''),
  expressionType: initially(text, () => 'TAG'),
  topic: required(text),
  version: initially(long, () => 0),
})

export const subscriptionGroupConfigShape: Shape<SubscriptionGroupConfig> =
  record<SubscriptionGroupConfig>({
    attributes: initially(mapOf(text, text), () => new Map()),
    brokerId: initially(offset, () => 0),
    consumeBroadcastEnable: initially(bool, () => true),
    consumeEnable: initially(bool, () => true),
    consumeFromMinEnable: initially(bool, () => true),
    consumeMessageOrderly: initially(bool, () => false),
    consumeTimeoutMinute: initially(int32, () => 15),
    groupName: initially(text, () => ''),
    groupRetryPolicy: initially(groupRetryPolicyShape, () => ({ type: 'CUSTOMIZED' })),
    groupSysFlag: initially(int32, () => 0),
    notifyConsumerIdsChangedEnable: initially(bool, () => true),
    retryMaxTimes: initially(int32, () => 16),
    retryQueueNums: initially(int32, () => 1),
    subscriptionDataSet: optional(list(simpleSubscriptionShape)),
    whichBrokerWhenConsumeSlowly: initially(offset, () => 1),
  })

/** A group as Java creates it when nothing is said about it. */
export function newSubscriptionGroupConfig(groupName: string): SubscriptionGroupConfig {
  return subscriptionGroupConfigShape.read({ groupName })
}

/** @throws {JavaJsonError} when the bytes are not a SubscriptionGroupConfig. */
export function decodeSubscriptionGroupConfig(bytes: Uint8Array): SubscriptionGroupConfig {
  return decodeBody('SubscriptionGroupConfig', subscriptionGroupConfigShape, bytes)
}

/** The bytes Java's SubscriptionGroupConfig writes. */
export function encodeSubscriptionGroupConfig(
  body: SubscriptionGroupConfig,
  form?: JsonForm,
): Uint8Array {
  return encodeBody(subscriptionGroupConfigShape, body, form)
}
