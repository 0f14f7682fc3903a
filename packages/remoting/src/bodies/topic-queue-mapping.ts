// SPDX-License-Identifier: Apache-2.0
// Static topics, whose queues map to queues of several brokers: the body of UPDATE_AND_CREATE_STATIC_TOPIC and part of others.
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
import { dataVersionShape, type DataVersion } from './data-version.ts'

/** Java's LogicQueueMappingItem. */
export interface LogicQueueMappingItem {
  readonly bname?: string | undefined
  readonly endOffset: number
  readonly gen: number
  readonly logicOffset: number
  readonly queueId: number
  readonly startOffset: number
  readonly timeOfEnd: number
  readonly timeOfStart: number
}

/** Java's TopicQueueMappingInfo. */
export interface TopicQueueMappingInfo {
  readonly bname?: string | undefined
  readonly currIdMap: ReadonlyMap<number, number>
  readonly dirty: boolean
  readonly epoch: number
  readonly scope: string
  readonly topic?: string | undefined
  readonly totalQueues: number
}

/** Java's TopicQueueMappingDetail. */
export interface TopicQueueMappingDetail {
  readonly bname?: string | undefined
  readonly currIdMap: ReadonlyMap<number, number>
  readonly dirty: boolean
  readonly epoch: number
  readonly hostedQueues: ReadonlyMap<number, readonly LogicQueueMappingItem[]>
  readonly scope: string
  readonly topic?: string | undefined
  readonly totalQueues: number
}

/** Java's TopicQueueMappingSerializeWrapper. */
export interface TopicQueueMappingSerializeWrapper {
  readonly dataVersion?: DataVersion | undefined
  readonly topicQueueMappingInfoMap?: ReadonlyMap<string, TopicQueueMappingDetail> | undefined
}

const logicQueueMappingItemShape: Shape<LogicQueueMappingItem> = record<LogicQueueMappingItem>({
  bname: optional(text),
  endOffset: initially(offset, () => -1),
  gen: initially(int32, () => 0),
  logicOffset: initially(offset, () => 0),
  queueId: initially(int32, () => 0),
  startOffset: initially(offset, () => 0),
  timeOfEnd: initially(offset, () => -1),
  timeOfStart: initially(offset, () => -1),
})

export const topicQueueMappingInfoShape: Shape<TopicQueueMappingInfo> =
  record<TopicQueueMappingInfo>({
    bname: optional(text),
    currIdMap: initially(mapOf(int32, int32), () => new Map()),
    dirty: initially(bool, () => false),
    epoch: initially(offset, () => 0),
    scope: initially(text, () => '__global__'),
    topic: optional(text),
    totalQueues: initially(int32, () => 0),
  })

export const topicQueueMappingDetailShape: Shape<TopicQueueMappingDetail> =
  record<TopicQueueMappingDetail>({
    bname: optional(text),
    currIdMap: initially(mapOf(int32, int32), () => new Map()),
    dirty: initially(bool, () => false),
    epoch: initially(offset, () => 0),
    hostedQueues: initially(mapOf(int32, list(logicQueueMappingItemShape)), () => new Map()),
    scope: initially(text, () => '__global__'),
    topic: optional(text),
    totalQueues: initially(int32, () => 0),
  })

const topicQueueMappingSerializeWrapperShape: Shape<TopicQueueMappingSerializeWrapper> =
  record<TopicQueueMappingSerializeWrapper>({
    dataVersion: optional(dataVersionShape),
    topicQueueMappingInfoMap: optional(mapOf(text, topicQueueMappingDetailShape)),
  })

/** @throws {JavaJsonError} when the bytes are not a TopicQueueMappingDetail. */
export function decodeTopicQueueMappingDetail(bytes: Uint8Array): TopicQueueMappingDetail {
  return decodeBody('TopicQueueMappingDetail', topicQueueMappingDetailShape, bytes)
}

/** The bytes Java's TopicQueueMappingDetail writes. */
export function encodeTopicQueueMappingDetail(
  body: TopicQueueMappingDetail,
  form?: JsonForm,
): Uint8Array {
  return encodeBody(topicQueueMappingDetailShape, body, form)
}

/** @throws {JavaJsonError} when the bytes are not a TopicQueueMappingSerializeWrapper. */
export function decodeTopicQueueMappingSerializeWrapper(
  bytes: Uint8Array,
): TopicQueueMappingSerializeWrapper {
  return decodeBody(
    'TopicQueueMappingSerializeWrapper',
    topicQueueMappingSerializeWrapperShape,
    bytes,
  )
}

/** The bytes Java's TopicQueueMappingSerializeWrapper writes. */
export function encodeTopicQueueMappingSerializeWrapper(
  body: TopicQueueMappingSerializeWrapper,
  form?: JsonForm,
): Uint8Array {
  return encodeBody(topicQueueMappingSerializeWrapperShape, body, form)
}
