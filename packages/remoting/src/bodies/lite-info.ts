// SPDX-License-Identifier: Apache-2.0
// Lite topics seen from five sides: the answers of GET_BROKER_LITE_INFO, GET_PARENT_TOPIC_INFO, GET_LITE_TOPIC_INFO, GET_LITE_CLIENT_INFO and GET_LITE_GROUP_INFO.
import {
  bool,
  initially,
  int32,
  list,
  mapOf,
  offset,
  optional,
  record,
  text,
  type Shape,
} from '../java-json/shape.ts'
import type { JsonForm } from '../java-json/write.ts'
import { decodeBody, encodeBody } from './body.ts'
import { offsetWrapperShape, type OffsetWrapper } from './consume-stats.ts'
import { topicOffsetShape, type TopicOffset } from './topic-stats-table.ts'

/** Java's GetBrokerLiteInfoResponseBody. */
export interface GetBrokerLiteInfoBody {
  readonly cqTableSize: number
  readonly currentLmqNum: number
  readonly eventMapSize: number
  readonly groupMeta?: ReadonlyMap<string, readonly string[]> | undefined
  readonly liteSubscriptionCount: number
  readonly maxLmqNum: number
  readonly offsetTableSize: number
  readonly orderInfoCount: number
  readonly storeType?: string | undefined
  readonly topicMeta?: ReadonlyMap<string, number> | undefined
}

/** Java's GetParentTopicInfoResponseBody. */
export interface GetParentTopicInfoBody {
  readonly groups?: readonly string[] | undefined
  readonly liteTopicCount: number
  readonly lmqNum: number
  readonly topic?: string | undefined
  /** Minutes, -1 for ever. */
  readonly ttl: number
}

/** Java's ClientGroup. */
export interface ClientGroup {
  readonly clientId?: string | undefined
  readonly group?: string | undefined
}

/** Java's GetLiteTopicInfoResponseBody. */
export interface GetLiteTopicInfoBody {
  readonly liteTopic?: string | undefined
  readonly parentTopic?: string | undefined
  readonly shardingToBroker: boolean
  readonly subscriber?: readonly ClientGroup[] | undefined
  readonly topicOffset?: TopicOffset | undefined
}

/** Java's GetLiteClientInfoResponseBody. */
export interface GetLiteClientInfoBody {
  readonly clientId?: string | undefined
  readonly group?: string | undefined
  readonly lastAccessTime: number
  readonly lastConsumeTime: number
  readonly liteTopicCount: number
  readonly liteTopicSet?: readonly string[] | undefined
  readonly parentTopic?: string | undefined
}

/** Java's LiteLagInfo. */
export interface LiteLagInfo {
  readonly earliestUnconsumedTimestamp: number
  readonly lagCount: number
  readonly liteTopic?: string | undefined
}

/** Java's GetLiteGroupInfoResponseBody. */
export interface GetLiteGroupInfoBody {
  readonly earliestUnconsumedTimestamp: number
  readonly group?: string | undefined
  readonly lagCountTopK?: readonly LiteLagInfo[] | undefined
  readonly lagTimestampTopK?: readonly LiteLagInfo[] | undefined
  readonly liteTopic?: string | undefined
  readonly liteTopicOffsetWrapper?: OffsetWrapper | undefined
  readonly parentTopic?: string | undefined
  readonly totalLagCount: number
}

const getBrokerLiteInfoBodyShape: Shape<GetBrokerLiteInfoBody> = record<GetBrokerLiteInfoBody>({
  cqTableSize: initially(int32, () => 0),
  currentLmqNum: initially(int32, () => 0),
  eventMapSize: initially(int32, () => 0),
  groupMeta: optional(mapOf(text, list(text))),
  liteSubscriptionCount: initially(int32, () => 0),
  maxLmqNum: initially(int32, () => 0),
  offsetTableSize: initially(int32, () => 0),
  orderInfoCount: initially(int32, () => 0),
  storeType: optional(text),
  topicMeta: optional(mapOf(text, int32)),
})

const getParentTopicInfoBodyShape: Shape<GetParentTopicInfoBody> = record<GetParentTopicInfoBody>({
  groups: optional(list(text)),
  liteTopicCount: initially(int32, () => 0),
  lmqNum: initially(int32, () => 0),
  topic: optional(text),
  ttl: initially(int32, () => 0),
})

const clientGroupShape: Shape<ClientGroup> = record<ClientGroup>({
  clientId: optional(text),
  group: optional(text),
})

const getLiteTopicInfoBodyShape: Shape<GetLiteTopicInfoBody> = record<GetLiteTopicInfoBody>({
  liteTopic: optional(text),
  parentTopic: optional(text),
  shardingToBroker: initially(bool, () => false),
  subscriber: optional(list(clientGroupShape)),
  topicOffset: optional(topicOffsetShape),
})

const getLiteClientInfoBodyShape: Shape<GetLiteClientInfoBody> = record<GetLiteClientInfoBody>({
  clientId: optional(text),
  group: optional(text),
  lastAccessTime: initially(offset, () => 0),
  lastConsumeTime: initially(offset, () => 0),
  liteTopicCount: initially(int32, () => 0),
  liteTopicSet: optional(list(text)),
  parentTopic: optional(text),
})

const liteLagInfoShape: Shape<LiteLagInfo> = record<LiteLagInfo>({
  earliestUnconsumedTimestamp: initially(offset, () => -1),
  lagCount: initially(offset, () => 0),
  liteTopic: optional(text),
})

const getLiteGroupInfoBodyShape: Shape<GetLiteGroupInfoBody> = record<GetLiteGroupInfoBody>({
  earliestUnconsumedTimestamp: initially(offset, () => -1),
  group: optional(text),
  lagCountTopK: optional(list(liteLagInfoShape)),
  lagTimestampTopK: optional(list(liteLagInfoShape)),
  liteTopic: optional(text),
  liteTopicOffsetWrapper: optional(offsetWrapperShape),
  parentTopic: optional(text),
  totalLagCount: initially(offset, () => 0),
})

/** @throws {JavaJsonError} when the bytes are not a GetBrokerLiteInfoBody. */
export function decodeGetBrokerLiteInfoBody(bytes: Uint8Array): GetBrokerLiteInfoBody {
  return decodeBody('GetBrokerLiteInfoBody', getBrokerLiteInfoBodyShape, bytes)
}

/** The bytes Java's GetBrokerLiteInfoResponseBody writes. */
export function encodeGetBrokerLiteInfoBody(
  body: GetBrokerLiteInfoBody,
  form?: JsonForm,
): Uint8Array {
  return encodeBody(getBrokerLiteInfoBodyShape, body, form)
}

/** @throws {JavaJsonError} when the bytes are not a GetParentTopicInfoBody. */
export function decodeGetParentTopicInfoBody(bytes: Uint8Array): GetParentTopicInfoBody {
  return decodeBody('GetParentTopicInfoBody', getParentTopicInfoBodyShape, bytes)
}

/** The bytes Java's GetParentTopicInfoResponseBody writes. */
export function encodeGetParentTopicInfoBody(
  body: GetParentTopicInfoBody,
  form?: JsonForm,
): Uint8Array {
  return encodeBody(getParentTopicInfoBodyShape, body, form)
}

/** @throws {JavaJsonError} when the bytes are not a GetLiteTopicInfoBody. */
export function decodeGetLiteTopicInfoBody(bytes: Uint8Array): GetLiteTopicInfoBody {
  return decodeBody('GetLiteTopicInfoBody', getLiteTopicInfoBodyShape, bytes)
}

/** The bytes Java's GetLiteTopicInfoResponseBody writes. */
export function encodeGetLiteTopicInfoBody(
  body: GetLiteTopicInfoBody,
  form?: JsonForm,
): Uint8Array {
  return encodeBody(getLiteTopicInfoBodyShape, body, form)
}

/** @throws {JavaJsonError} when the bytes are not a GetLiteClientInfoBody. */
export function decodeGetLiteClientInfoBody(bytes: Uint8Array): GetLiteClientInfoBody {
  return decodeBody('GetLiteClientInfoBody', getLiteClientInfoBodyShape, bytes)
}

/** The bytes Java's GetLiteClientInfoResponseBody writes. */
export function encodeGetLiteClientInfoBody(
  body: GetLiteClientInfoBody,
  form?: JsonForm,
): Uint8Array {
  return encodeBody(getLiteClientInfoBodyShape, body, form)
}

/** @throws {JavaJsonError} when the bytes are not a GetLiteGroupInfoBody. */
export function decodeGetLiteGroupInfoBody(bytes: Uint8Array): GetLiteGroupInfoBody {
  return decodeBody('GetLiteGroupInfoBody', getLiteGroupInfoBodyShape, bytes)
}

/** The bytes Java's GetLiteGroupInfoResponseBody writes. */
export function encodeGetLiteGroupInfoBody(
  body: GetLiteGroupInfoBody,
  form?: JsonForm,
): Uint8Array {
  return encodeBody(getLiteGroupInfoBodyShape, body, form)
}
