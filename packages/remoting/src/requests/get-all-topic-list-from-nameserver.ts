// SPDX-License-Identifier: Apache-2.0
// Read the names of all topics; the answer is a TopicList body.
import { noFields, type NoFields, type RequestType } from '../protocol/schema.ts'

/** Read the names of all topics; the answer is a TopicList body. Source: RequestCode.GET_ALL_TOPIC_LIST_FROM_NAMESERVER. */
export const getAllTopicListFromNameserver: RequestType<NoFields, NoFields> = {
  code: 206,
  name: 'GET_ALL_TOPIC_LIST_FROM_NAMESERVER',
  request: noFields,
  response: noFields,
}
