// SPDX-License-Identifier: Apache-2.0
// Read the names of the topics a broker counts as the system's; the answer is a TopicList body.
import { noFields, type NoFields, type RequestType } from '../protocol/schema.ts'

/** Read the names of the topics a broker counts as the system's; the answer is a TopicList body. Source: RequestCode.GET_SYSTEM_TOPIC_LIST_FROM_BROKER. */
export const getSystemTopicListFromBroker: RequestType<NoFields, NoFields> = {
  code: 305,
  name: 'GET_SYSTEM_TOPIC_LIST_FROM_BROKER',
  request: noFields,
  response: noFields,
}
