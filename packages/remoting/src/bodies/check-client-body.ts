// SPDX-License-Identifier: Apache-2.0
// A subscription to be checked: the body of CHECK_CLIENT_CONFIG.
import { optional, record, text, type Shape } from '../java-json/shape.ts'
import type { JsonForm } from '../java-json/write.ts'
import { decodeBody, encodeBody } from './body.ts'
import { subscriptionDataShape, type SubscriptionData } from './subscription-data.ts'

/** Java's CheckClientRequestBody. */
export interface CheckClientBody {
  readonly clientId?: string | undefined
  readonly group?: string | undefined
  readonly namespace?: string | undefined
  readonly subscriptionData?: SubscriptionData | undefined
}

const checkClientBodyShape: Shape<CheckClientBody> = record<CheckClientBody>({
  clientId: optional(text),
  group: optional(text),
  namespace: optional(text),
  subscriptionData: optional(subscriptionDataShape),
})

/** @throws {JavaJsonError} when the bytes are not a CheckClientBody. */
export function decodeCheckClientBody(bytes: Uint8Array): CheckClientBody {
  return decodeBody('CheckClientBody', checkClientBodyShape, bytes)
}

/** The bytes Java's CheckClientRequestBody writes. */
export function encodeCheckClientBody(body: CheckClientBody, form?: JsonForm): Uint8Array {
  return encodeBody(checkClientBodyShape, body, form)
}
