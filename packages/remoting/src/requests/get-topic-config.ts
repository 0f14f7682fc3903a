// SPDX-License-Identifier: Apache-2.0
// Read one topic's configuration.
import { noFields, string, type NoFields, type RequestType } from '../protocol/schema.ts'

/** What GET_TOPIC_CONFIG asks. Source: RequestCode.GET_TOPIC_CONFIG, GetTopicConfigRequestHeader. */
export interface GetTopicConfigRequest {
  readonly topic: string
}

/** Read one topic's configuration; the answer is a TopicConfig body. Source: RequestCode.GET_TOPIC_CONFIG, GetTopicConfigRequestHeader. */
export const getTopicConfig: RequestType<GetTopicConfigRequest, NoFields> = {
  code: 351,
  name: 'GET_TOPIC_CONFIG',
  inherits: 'TopicRequestHeader',
  request: {
    topic: string('topic'),
  },
  response: noFields,
}
