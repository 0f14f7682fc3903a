// SPDX-License-Identifier: Apache-2.0
// A broker's consumer groups: subscriptionGroup.json and the answer of GET_ALL_SUBSCRIPTIONGROUP_CONFIG.
import { initially, int32, mapOf, record, text, type Shape } from '../java-json/shape.ts'
import type { JsonForm } from '../java-json/write.ts'
import { decodeBody, encodeBody } from './body.ts'
import { dataVersionShape, type DataVersion } from './data-version.ts'
import {
  subscriptionGroupConfigShape,
  type SubscriptionGroupConfig,
} from './subscription-group-config.ts'

/** Java's SubscriptionGroupWrapper. */
export interface SubscriptionGroupWrapper {
  readonly dataVersion: DataVersion
  /** Forbidden bits by group, then topic. */
  readonly forbiddenTable: ReadonlyMap<string, ReadonlyMap<string, number>>
  readonly subscriptionGroupTable: ReadonlyMap<string, SubscriptionGroupConfig>
}

const shape: Shape<SubscriptionGroupWrapper> = record<SubscriptionGroupWrapper>({
  dataVersion: initially(dataVersionShape, () => ({ counter: 0, stateVersion: 0, timestamp: 0 })),
  forbiddenTable: initially(mapOf(text, mapOf(text, int32)), () => new Map()),
  subscriptionGroupTable: initially(mapOf(text, subscriptionGroupConfigShape), () => new Map()),
})

/** @throws {JavaJsonError} when the bytes are not a SubscriptionGroupWrapper. */
export function decodeSubscriptionGroupWrapper(bytes: Uint8Array): SubscriptionGroupWrapper {
  return decodeBody('SubscriptionGroupWrapper', shape, bytes)
}

/** The bytes Java's SubscriptionGroupWrapper writes. */
export function encodeSubscriptionGroupWrapper(
  body: SubscriptionGroupWrapper,
  form?: JsonForm,
): Uint8Array {
  return encodeBody(shape, body, form)
}
