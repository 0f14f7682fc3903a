// SPDX-License-Identifier: Apache-2.0
// Read the lite topics of a topic in figures; the answer is a GetParentTopicInfoResponseBody.
import { noFields, string, type NoFields, type RequestType } from '../protocol/schema.ts'

/** What GET_PARENT_TOPIC_INFO asks. Source: RequestCode.GET_PARENT_TOPIC_INFO, GetParentTopicInfoRequestHeader. */
export interface GetParentTopicInfoRequest {
  readonly topic: string
}

/** Read the lite topics of a topic in figures; the answer is a GetParentTopicInfoResponseBody. Source: RequestCode.GET_PARENT_TOPIC_INFO, GetParentTopicInfoRequestHeader. */
export const getParentTopicInfo: RequestType<GetParentTopicInfoRequest, NoFields> = {
  code: 200075,
  name: 'GET_PARENT_TOPIC_INFO',
  request: {
    topic: string('topic'),
  },
  response: noFields,
}
