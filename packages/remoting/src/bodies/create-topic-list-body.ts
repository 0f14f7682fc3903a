// SPDX-License-Identifier: Apache-2.0
// Several topics: the body of UPDATE_AND_CREATE_TOPIC_LIST.
import { list, optional, record, type Shape } from '../java-json/shape.ts'
import type { JsonForm } from '../java-json/write.ts'
import { decodeBody, encodeBody } from './body.ts'
import { topicConfigShape, type TopicConfig } from './topic-config.ts'

/** Java's CreateTopicListRequestBody. */
export interface CreateTopicListBody {
  readonly topicConfigList?: readonly TopicConfig[] | undefined
}

const createTopicListBodyShape: Shape<CreateTopicListBody> = record<CreateTopicListBody>({
  topicConfigList: optional(list(topicConfigShape)),
})

/** @throws {JavaJsonError} when the bytes are not a CreateTopicListBody. */
export function decodeCreateTopicListBody(bytes: Uint8Array): CreateTopicListBody {
  return decodeBody('CreateTopicListBody', createTopicListBodyShape, bytes)
}

/** The bytes Java's CreateTopicListRequestBody writes. */
export function encodeCreateTopicListBody(body: CreateTopicListBody, form?: JsonForm): Uint8Array {
  return encodeBody(createTopicListBodyShape, body, form)
}
