// SPDX-License-Identifier: Apache-2.0
// A group's subscription to a topic: the answer of QUERY_SUBSCRIPTION_BY_CONSUMER.
import { optional, record, text, type Shape } from '../java-json/shape.ts'
import type { JsonForm } from '../java-json/write.ts'
import { decodeBody, encodeBody } from './body.ts'
import { subscriptionDataShape, type SubscriptionData } from './subscription-data.ts'

/** Java's QuerySubscriptionResponseBody. */
export interface QuerySubscriptionBody {
  readonly group?: string | undefined
  readonly subscriptionData?: SubscriptionData | undefined
  readonly topic?: string | undefined
}

const querySubscriptionBodyShape: Shape<QuerySubscriptionBody> = record<QuerySubscriptionBody>({
  group: optional(text),
  subscriptionData: optional(subscriptionDataShape),
  topic: optional(text),
})

/** @throws {JavaJsonError} when the bytes are not a QuerySubscriptionBody. */
export function decodeQuerySubscriptionBody(bytes: Uint8Array): QuerySubscriptionBody {
  return decodeBody('QuerySubscriptionBody', querySubscriptionBodyShape, bytes)
}

/** The bytes Java's QuerySubscriptionResponseBody writes. */
export function encodeQuerySubscriptionBody(
  body: QuerySubscriptionBody,
  form?: JsonForm,
): Uint8Array {
  return encodeBody(querySubscriptionBodyShape, body, form)
}
