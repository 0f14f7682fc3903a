// SPDX-License-Identifier: Apache-2.0
// What a broker keeps of a topic.
import {
  bool,
  initially,
  int32,
  mapOf,
  oneOf,
  record,
  required,
  text,
  type Shape,
} from '../java-json/shape.ts'
import type { JsonForm } from '../java-json/write.ts'
import { decodeBody, encodeBody } from './body.ts'

export type TopicFilterType = 'SINGLE_TAG' | 'MULTI_TAG'

/** Java's TopicConfig. */
export interface TopicConfig {
  readonly attributes: ReadonlyMap<string, string>
  readonly order: boolean
  /** Permission bits: 4 read, 2 write, 1 inherit. */
  readonly perm: number
  readonly readQueueNums: number
  readonly topicFilterType: TopicFilterType
  readonly topicName: string
  readonly topicSysFlag: number
  readonly writeQueueNums: number
}

const DEFAULT_QUEUES = 16
const READ_AND_WRITE = 6

export const topicFilterTypeShape: Shape<TopicFilterType> = oneOf(['SINGLE_TAG', 'MULTI_TAG'])

export const topicConfigShape: Shape<TopicConfig> = record<TopicConfig>({
  attributes: initially(mapOf(text, text), () => new Map()),
  order: initially(bool, () => false),
  perm: initially(int32, () => READ_AND_WRITE),
  readQueueNums: initially(int32, () => DEFAULT_QUEUES),
  topicFilterType: initially(topicFilterTypeShape, () => 'SINGLE_TAG'),
  topicName: required(text),
  topicSysFlag: initially(int32, () => 0),
  writeQueueNums: initially(int32, () => DEFAULT_QUEUES),
})

/** @throws {JavaJsonError} when the bytes are not a TopicConfig. */
export function decodeTopicConfig(bytes: Uint8Array): TopicConfig {
  return decodeBody('TopicConfig', topicConfigShape, bytes)
}

/** The bytes Java's TopicConfig writes. */
export function encodeTopicConfig(body: TopicConfig, form?: JsonForm): Uint8Array {
  return encodeBody(topicConfigShape, body, form)
}
