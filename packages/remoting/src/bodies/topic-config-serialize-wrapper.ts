// SPDX-License-Identifier: Apache-2.0
// A broker's topics: topics.json, the answer of GET_ALL_TOPIC_CONFIG, and part of REGISTER_BROKER.
import { initially, mapOf, record, text, type Shape } from '../java-json/shape.ts'
import type { JsonForm } from '../java-json/write.ts'
import { decodeBody, encodeBody } from './body.ts'
import { dataVersionShape, type DataVersion } from './data-version.ts'
import { topicConfigShape, type TopicConfig } from './topic-config.ts'
import { topicQueueMappingInfoShape, type TopicQueueMappingInfo } from './topic-queue-mapping.ts'

/** Java's TopicConfigSerializeWrapper: what topics.json holds. */
export interface TopicConfigSerializeWrapper {
  readonly dataVersion: DataVersion
  readonly topicConfigTable: ReadonlyMap<string, TopicConfig>
}

/** Java's TopicConfigAndMappingSerializeWrapper: the same with the static topics' mapping. */
export interface TopicConfigAndMappingSerializeWrapper extends TopicConfigSerializeWrapper {
  readonly mappingDataVersion: DataVersion
  /** By static topic; absent when there are none. */
  readonly topicQueueMappingInfoMap?: TopicQueueMappingInfoMap | undefined
}

/** Who leads which queues of static topics, by topic. */
export type TopicQueueMappingInfoMap = ReadonlyMap<string, TopicQueueMappingInfo>

const unset = (): DataVersion => ({ counter: 0, stateVersion: 0, timestamp: 0 })

const shape: Shape<TopicConfigSerializeWrapper> = record<TopicConfigSerializeWrapper>({
  dataVersion: initially(dataVersionShape, unset),
  topicConfigTable: initially(mapOf(text, topicConfigShape), () => new Map()),
})

/** Who leads which queues is known; the details behind it are written empty and ignored when read. */
interface WithMappingTables extends TopicConfigAndMappingSerializeWrapper {
  readonly topicQueueMappingDetailMap: ReadonlyMap<string, string>
  readonly topicQueueMappingInfoMap: TopicQueueMappingInfoMap
}

const emptyTable = {
  read: (): ReadonlyMap<string, string> => new Map(),
  write: (): unknown => new Map(),
}

const withMapping: Shape<WithMappingTables> = record<WithMappingTables>({
  dataVersion: initially(dataVersionShape, unset),
  mappingDataVersion: initially(dataVersionShape, unset),
  topicConfigTable: initially(mapOf(text, topicConfigShape), () => new Map()),
  topicQueueMappingDetailMap: emptyTable,
  topicQueueMappingInfoMap: initially(mapOf(text, topicQueueMappingInfoShape), () => new Map()),
})

export const topicConfigAndMappingShape: Shape<TopicConfigAndMappingSerializeWrapper> = {
  read(value) {
    const {
      topicQueueMappingDetailMap: _,
      topicQueueMappingInfoMap,
      ...body
    } = withMapping.read(value)
    return topicQueueMappingInfoMap.size === 0 ? body : { ...body, topicQueueMappingInfoMap }
  },
  write: (body) =>
    withMapping.write({
      ...body,
      topicQueueMappingDetailMap: new Map(),
      topicQueueMappingInfoMap: body.topicQueueMappingInfoMap ?? new Map(),
    }),
}

/** @throws {JavaJsonError} when the bytes are not a TopicConfigSerializeWrapper. */
export function decodeTopicConfigSerializeWrapper(bytes: Uint8Array): TopicConfigSerializeWrapper {
  return decodeBody('TopicConfigSerializeWrapper', shape, bytes)
}

/** The bytes Java's TopicConfigSerializeWrapper writes. */
export function encodeTopicConfigSerializeWrapper(
  body: TopicConfigSerializeWrapper,
  form?: JsonForm,
): Uint8Array {
  return encodeBody(shape, body, form)
}

/** @throws {JavaJsonError} when the bytes are not a TopicConfigAndMappingSerializeWrapper. */
export function decodeTopicConfigAndMappingSerializeWrapper(
  bytes: Uint8Array,
): TopicConfigAndMappingSerializeWrapper {
  return decodeBody('TopicConfigAndMappingSerializeWrapper', topicConfigAndMappingShape, bytes)
}

/** The bytes Java's TopicConfigAndMappingSerializeWrapper writes. */
export function encodeTopicConfigAndMappingSerializeWrapper(
  body: TopicConfigAndMappingSerializeWrapper,
  form?: JsonForm,
): Uint8Array {
  return encodeBody(topicConfigAndMappingShape, body, form)
}
