// SPDX-License-Identifier: Apache-2.0
// List the topics without the unit flag that unit groups subscribe to; the answer is a TopicList body.
import { noFields, type NoFields, type RequestType } from '../protocol/schema.ts'

/** List the topics without the unit flag that unit groups subscribe to; the answer is a TopicList body. Source: RequestCode.GET_HAS_UNIT_SUB_UNUNIT_TOPIC_LIST. */
export const getHasUnitSubUnunitTopicList: RequestType<NoFields, NoFields> = {
  code: 313,
  name: 'GET_HAS_UNIT_SUB_UNUNIT_TOPIC_LIST',
  request: noFields,
  response: noFields,
}
