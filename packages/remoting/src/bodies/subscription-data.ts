// SPDX-License-Identifier: Apache-2.0
// What a consumer wants of a topic.
import {
  bool,
  initially,
  int32,
  list,
  long,
  optional,
  record,
  required,
  text,
  type Shape,
} from '../java-json/shape.ts'
import type { JavaLong } from '../java-json/values.ts'
import type { JsonForm } from '../java-json/write.ts'
import { decodeBody, encodeBody } from './body.ts'

/** Java's SubscriptionData. */
export interface SubscriptionData {
  readonly classFilterMode: boolean
  /** Java's hash codes of the tags. */
  readonly codeSet: readonly number[]
  /** `TAG` or `SQL92`; absent means TAG. */
  readonly expressionType?: string | undefined
  /** The expression: `*`, `TagA || TagB`, or SQL. */
  readonly subString: string
  /** Larger is newer; milliseconds since the Unix epoch from Java, nanoseconds from some clients. */
  readonly subVersion: JavaLong
  readonly tagsSet: readonly string[]
  readonly topic: string
}

export const subscriptionDataShape: Shape<SubscriptionData> = record<SubscriptionData>({
  classFilterMode: initially(bool, () => false),
  codeSet: initially(list(int32), () => []),
  expressionType: optional(text),
  subString: initially(text, () => ''),
  subVersion: initially(long, () => 0),
  tagsSet: initially(list(text), () => []),
  topic: required(text),
})

/** @throws {JavaJsonError} when the bytes are not a SubscriptionData. */
export function decodeSubscriptionData(bytes: Uint8Array): SubscriptionData {
  return decodeBody('SubscriptionData', subscriptionDataShape, bytes)
}

/** The bytes Java's SubscriptionData writes. */
export function encodeSubscriptionData(body: SubscriptionData, form?: JsonForm): Uint8Array {
  return encodeBody(subscriptionDataShape, body, form)
}
