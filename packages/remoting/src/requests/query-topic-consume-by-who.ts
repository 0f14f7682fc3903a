// SPDX-License-Identifier: Apache-2.0
// Read which groups consume a topic.
import { noFields, string, type NoFields, type RequestType } from '../protocol/schema.ts'

/** What QUERY_TOPIC_CONSUME_BY_WHO asks. Source: RequestCode.QUERY_TOPIC_CONSUME_BY_WHO, QueryTopicConsumeByWhoRequestHeader. */
export interface QueryTopicConsumeByWhoRequest {
  readonly topic: string
}

/** Read which groups consume a topic; the answer is a GroupList body. Source: RequestCode.QUERY_TOPIC_CONSUME_BY_WHO, QueryTopicConsumeByWhoRequestHeader. */
export const queryTopicConsumeByWho: RequestType<QueryTopicConsumeByWhoRequest, NoFields> = {
  code: 300,
  name: 'QUERY_TOPIC_CONSUME_BY_WHO',
  inherits: 'TopicRequestHeader',
  request: {
    topic: string('topic'),
  },
  response: noFields,
}
