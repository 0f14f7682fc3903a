// SPDX-License-Identifier: Apache-2.0
// List the topics a group consumes; the answer is a TopicList body.
import { noFields, string, type NoFields, type RequestType } from '../protocol/schema.ts'

/** What QUERY_TOPICS_BY_CONSUMER asks. Source: RequestCode.QUERY_TOPICS_BY_CONSUMER, QueryTopicsByConsumerRequestHeader. */
export interface QueryTopicsByConsumerRequest {
  readonly group: string
}

/** List the topics a group consumes; the answer is a TopicList body. Source: RequestCode.QUERY_TOPICS_BY_CONSUMER, QueryTopicsByConsumerRequestHeader. */
export const queryTopicsByConsumer: RequestType<QueryTopicsByConsumerRequest, NoFields> = {
  code: 343,
  name: 'QUERY_TOPICS_BY_CONSUMER',
  inherits: 'RpcRequestHeader',
  request: {
    group: string('group'),
  },
  response: noFields,
}
