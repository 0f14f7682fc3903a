// SPDX-License-Identifier: Apache-2.0
// List the topics with the unit flag; the answer is a TopicList body.
import { noFields, type NoFields, type RequestType } from '../protocol/schema.ts'

/** List the topics with the unit flag; the answer is a TopicList body. Source: RequestCode.GET_UNIT_TOPIC_LIST. */
export const getUnitTopicList: RequestType<NoFields, NoFields> = {
  code: 311,
  name: 'GET_UNIT_TOPIC_LIST',
  request: noFields,
  response: noFields,
}
