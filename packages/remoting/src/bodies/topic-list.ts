// SPDX-License-Identifier: Apache-2.0
// Names of topics.
import { initially, list, optional, record, text, type Shape } from '../java-json/shape.ts'
import type { JsonForm } from '../java-json/write.ts'
import { decodeBody, encodeBody } from './body.ts'

/** Java's TopicList. */
export interface TopicList {
  /** Some broker's address, only in the list of system topics. */
  readonly brokerAddr?: string | undefined
  readonly topicList: readonly string[]
}

const shape: Shape<TopicList> = record<TopicList>({
  brokerAddr: optional(text),
  topicList: initially(list(text), () => []),
})

/** @throws {JavaJsonError} when the bytes are not a TopicList. */
export function decodeTopicList(bytes: Uint8Array): TopicList {
  return decodeBody('TopicList', shape, bytes)
}

/** The bytes Java's TopicList writes. */
export function encodeTopicList(body: TopicList, form?: JsonForm): Uint8Array {
  return encodeBody(shape, body, form)
}
