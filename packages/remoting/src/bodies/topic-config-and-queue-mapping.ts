// SPDX-License-Identifier: Apache-2.0
// A topic with its mapping, if it is a static one: the answer of GET_TOPIC_CONFIG.
import {
  bool,
  initially,
  int32,
  mapOf,
  optional,
  record,
  text,
  type Shape,
} from '../java-json/shape.ts'
import type { JsonForm } from '../java-json/write.ts'
import { decodeBody, encodeBody } from './body.ts'
import { topicFilterTypeShape, type TopicFilterType } from './topic-config.ts'
import {
  topicQueueMappingDetailShape,
  type TopicQueueMappingDetail,
} from './topic-queue-mapping.ts'

/** Java's TopicConfigAndQueueMapping. */
export interface TopicConfigAndQueueMapping {
  readonly attributes: ReadonlyMap<string, string>
  readonly mappingDetail?: TopicQueueMappingDetail | undefined
  readonly order: boolean
  readonly perm: number
  readonly readQueueNums: number
  readonly topicFilterType: TopicFilterType
  readonly topicName?: string | undefined
  readonly topicSysFlag: number
  readonly writeQueueNums: number
}

const topicConfigAndQueueMappingShape: Shape<TopicConfigAndQueueMapping> =
  record<TopicConfigAndQueueMapping>({
    attributes: initially(mapOf(text, text), () => new Map()),
    mappingDetail: optional(topicQueueMappingDetailShape),
    order: initially(bool, () => false),
    perm: initially(int32, () => 6),
    readQueueNums: initially(int32, () => 16),
    topicFilterType: initially(topicFilterTypeShape, () => 'SINGLE_TAG'),
    topicName: optional(text),
    topicSysFlag: initially(int32, () => 0),
    writeQueueNums: initially(int32, () => 16),
  })

/** @throws {JavaJsonError} when the bytes are not a TopicConfigAndQueueMapping. */
export function decodeTopicConfigAndQueueMapping(bytes: Uint8Array): TopicConfigAndQueueMapping {
  return decodeBody('TopicConfigAndQueueMapping', topicConfigAndQueueMappingShape, bytes)
}

/** The bytes Java's TopicConfigAndQueueMapping writes. */
export function encodeTopicConfigAndQueueMapping(
  body: TopicConfigAndQueueMapping,
  form?: JsonForm,
): Uint8Array {
  return encodeBody(topicConfigAndQueueMappingShape, body, form)
}
