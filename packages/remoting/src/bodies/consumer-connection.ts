// SPDX-License-Identifier: Apache-2.0
// The clients of a group and what they subscribe to: the answer of GET_CONSUMER_CONNECTION_LIST.
import {
  initially,
  int32,
  list,
  mapOf,
  optional,
  record,
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

/** Java's body.Connection: one client of a group. */
export interface ClientConnection {
  /** `host:port` of the client's end. */
  readonly clientAddr: string
  readonly clientId: string
  /** Java's name of the client's language, `JAVA` or `GO` for instance. */
  readonly language?: string | undefined
  readonly version: number
}

/** Java's ConsumerConnection. */
export interface ConsumerConnection {
  readonly connectionSet: readonly ClientConnection[]
  readonly consumeFromWhere?: ConsumeFromWhere | undefined
  readonly consumeType?: ConsumeType | undefined
  readonly messageModel?: MessageModel | undefined
  /** By topic. */
  readonly subscriptionTable: ReadonlyMap<string, SubscriptionData>
}

export const clientConnectionShape: Shape<ClientConnection> = record<ClientConnection>({
  clientAddr: initially(text, () => ''),
  clientId: initially(text, () => ''),
  language: optional(text),
  version: initially(int32, () => 0),
})

const shape: Shape<ConsumerConnection> = record<ConsumerConnection>({
  connectionSet: initially(list(clientConnectionShape), () => []),
  consumeFromWhere: optional(consumeFromWhereShape),
  consumeType: optional(consumeTypeShape),
  messageModel: optional(messageModelShape),
  subscriptionTable: initially(mapOf(text, subscriptionDataShape), () => new Map()),
})

/** @throws {JavaJsonError} when the bytes are not a ConsumerConnection. */
export function decodeConsumerConnection(bytes: Uint8Array): ConsumerConnection {
  return decodeBody('ConsumerConnection', shape, bytes)
}

/** The bytes Java's ConsumerConnection writes. */
export function encodeConsumerConnection(body: ConsumerConnection, form?: JsonForm): Uint8Array {
  return encodeBody(shape, body, form)
}
