// SPDX-License-Identifier: Apache-2.0
// Read the names of clusters and brokers, which are topics as well; the answer is a TopicList body.
import { noFields, type NoFields, type RequestType } from '../protocol/schema.ts'

/** Read the names of clusters and brokers, which are topics as well; the answer is a TopicList body. Source: RequestCode.GET_SYSTEM_TOPIC_LIST_FROM_NS. */
export const getSystemTopicListFromNs: RequestType<NoFields, NoFields> = {
  code: 304,
  name: 'GET_SYSTEM_TOPIC_LIST_FROM_NS',
  request: noFields,
  response: noFields,
}
