// SPDX-License-Identifier: Apache-2.0
// Create or change several topics at once; the body is CreateTopicListRequestBody.
import { noFields, type NoFields, type RequestType } from '../protocol/schema.ts'

/** Create or change several topics at once; the body is CreateTopicListRequestBody. Source: RequestCode.UPDATE_AND_CREATE_TOPIC_LIST, CreateTopicListRequestHeader. */
export const updateAndCreateTopicList: RequestType<NoFields, NoFields> = {
  code: 18,
  name: 'UPDATE_AND_CREATE_TOPIC_LIST',
  inherits: 'RpcRequestHeader',
  request: noFields,
  response: noFields,
}
