// SPDX-License-Identifier: Apache-2.0
// Read one lite topic; the answer is a GetLiteTopicInfoResponseBody.
import { noFields, optional, string, type NoFields, type RequestType } from '../protocol/schema.ts'

/** What GET_LITE_TOPIC_INFO asks. Source: RequestCode.GET_LITE_TOPIC_INFO, GetLiteTopicInfoRequestHeader. */
export interface GetLiteTopicInfoRequest {
  readonly parentTopic: string | undefined
  readonly liteTopic: string | undefined
}

/** Read one lite topic; the answer is a GetLiteTopicInfoResponseBody. Source: RequestCode.GET_LITE_TOPIC_INFO, GetLiteTopicInfoRequestHeader. */
export const getLiteTopicInfo: RequestType<GetLiteTopicInfoRequest, NoFields> = {
  code: 200076,
  name: 'GET_LITE_TOPIC_INFO',
  request: {
    parentTopic: optional(string('parentTopic')),
    liteTopic: optional(string('liteTopic')),
  },
  response: noFields,
}
