// SPDX-License-Identifier: Apache-2.0
// Read all topic configurations, page by page; the answer is a TopicConfigSerializeWrapper body.
import { int32, optional, string, type RequestType } from '../protocol/schema.ts'

/** What GET_ALL_TOPIC_CONFIG asks. Source: RequestCode.GET_ALL_TOPIC_CONFIG, GetAllTopicConfigRequestHeader. */
export interface GetAllTopicConfigRequest {
  readonly topicSeq: number | undefined
  readonly dataVersion: string | undefined
  readonly maxTopicNum: number | undefined
}

/** What GET_ALL_TOPIC_CONFIG answers. Source: GetAllTopicConfigResponseHeader. */
export interface GetAllTopicConfigResponse {
  readonly totalTopicNum: number | undefined
}

/** Read all topic configurations, page by page; the answer is a TopicConfigSerializeWrapper body. Source: RequestCode.GET_ALL_TOPIC_CONFIG, GetAllTopicConfigRequestHeader. */
export const getAllTopicConfig: RequestType<GetAllTopicConfigRequest, GetAllTopicConfigResponse> = {
  code: 21,
  name: 'GET_ALL_TOPIC_CONFIG',
  request: {
    topicSeq: optional(int32('topicSeq')),
    dataVersion: optional(string('dataVersion')),
    maxTopicNum: optional(int32('maxTopicNum')),
  },
  response: {
    totalTopicNum: optional(int32('totalTopicNum')),
  },
}
