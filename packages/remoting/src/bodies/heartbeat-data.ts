// SPDX-License-Identifier: Apache-2.0
// Which producer and consumer groups live in a client: the body of HEART_BEAT.
import {
  bool,
  initially,
  int32,
  list,
  nameOrAbsent,
  named,
  record,
  required,
  text,
  type Shape,
} from '../java-json/shape.ts'
import type { JsonForm } from '../java-json/write.ts'
import { decodeBody, encodeBody } from './body.ts'
import {
  consumeFromWhereShape,
  consumeTypeShape,
  messageModelShape,
  type ConsumeFromWhere,
  type ConsumeType,
  type MessageModel,
} from './consume-types.ts'
import { subscriptionDataShape, type SubscriptionData } from './subscription-data.ts'

/** Java's ProducerData. */
export interface ProducerData {
  readonly groupName: string
}

/** Java's ConsumerData. Older clients leave out what they do not know. */
export interface ConsumerData {
  readonly consumeFromWhere?: ConsumeFromWhere | undefined
  readonly consumeType?: ConsumeType | undefined
  readonly groupName: string
  readonly messageModel?: MessageModel | undefined
  readonly subscriptionDataSet: readonly SubscriptionData[]
  readonly unitMode: boolean
}

/** Java's HeartbeatData. */
export interface HeartbeatData {
  readonly clientID: string
  readonly consumerDataSet: readonly ConsumerData[]
  /** Hash of the subscriptions, or 0 from clients that send them each time. */
  readonly heartbeatFingerprint: number
  readonly producerDataSet: readonly ProducerData[]
  /** The subscriptions were left out; the fingerprint stands for them. On the wire `withoutSub`. */
  readonly isWithoutSub: boolean
}

const producerDataShape: Shape<ProducerData> = record<ProducerData>({
  groupName: required(text),
})

const consumerDataShape: Shape<ConsumerData> = record<ConsumerData>({
  consumeFromWhere: nameOrAbsent(consumeFromWhereShape),
  consumeType: nameOrAbsent(consumeTypeShape),
  groupName: required(text),
  messageModel: nameOrAbsent(messageModelShape),
  subscriptionDataSet: initially(list(subscriptionDataShape), () => []),
  unitMode: initially(bool, () => false),
})

const shape: Shape<HeartbeatData> = record<HeartbeatData>({
  clientID: initially(text, () => ''),
  consumerDataSet: initially(list(consumerDataShape), () => []),
  heartbeatFingerprint: initially(int32, () => 0),
  producerDataSet: initially(list(producerDataShape), () => []),
  isWithoutSub: named(
    'withoutSub',
    initially(bool, () => false),
  ),
})

/** @throws {JavaJsonError} when the bytes are not a HeartbeatData. */
export function decodeHeartbeatData(bytes: Uint8Array): HeartbeatData {
  return decodeBody('HeartbeatData', shape, bytes)
}

/** The bytes Java's HeartbeatData writes. */
export function encodeHeartbeatData(body: HeartbeatData, form?: JsonForm): Uint8Array {
  return encodeBody(shape, body, form)
}
