// SPDX-License-Identifier: Apache-2.0
// Several consumer groups: the body of UPDATE_AND_CREATE_SUBSCRIPTIONGROUP_LIST.
import { list, optional, record, type Shape } from '../java-json/shape.ts'
import type { JsonForm } from '../java-json/write.ts'
import { decodeBody, encodeBody } from './body.ts'
import {
  subscriptionGroupConfigShape,
  type SubscriptionGroupConfig,
} from './subscription-group-config.ts'

/** Java's SubscriptionGroupList. */
export interface SubscriptionGroupList {
  readonly groupConfigList?: readonly SubscriptionGroupConfig[] | undefined
}

const subscriptionGroupListShape: Shape<SubscriptionGroupList> = record<SubscriptionGroupList>({
  groupConfigList: optional(list(subscriptionGroupConfigShape)),
})

/** @throws {JavaJsonError} when the bytes are not a SubscriptionGroupList. */
export function decodeSubscriptionGroupList(bytes: Uint8Array): SubscriptionGroupList {
  return decodeBody('SubscriptionGroupList', subscriptionGroupListShape, bytes)
}

/** The bytes Java's SubscriptionGroupList writes. */
export function encodeSubscriptionGroupList(
  body: SubscriptionGroupList,
  form?: JsonForm,
): Uint8Array {
  return encodeBody(subscriptionGroupListShape, body, form)
}
