// SPDX-License-Identifier: Apache-2.0
// Read broker and consumer offsets of every queue of a group; the answer is a ConsumeStats body.
import { noFields, optional, string, type NoFields, type RequestType } from '../protocol/schema.ts'

/** What GET_CONSUME_STATS asks. Source: RequestCode.GET_CONSUME_STATS, GetConsumeStatsRequestHeader. */
export interface GetConsumeStatsRequest {
  readonly consumerGroup: string
  readonly topic: string | undefined
  readonly topicList: string | undefined
}

/** Read broker and consumer offsets of every queue of a group; the answer is a ConsumeStats body. Source: RequestCode.GET_CONSUME_STATS, GetConsumeStatsRequestHeader. */
export const getConsumeStats: RequestType<GetConsumeStatsRequest, NoFields> = {
  code: 208,
  name: 'GET_CONSUME_STATS',
  inherits: 'TopicRequestHeader',
  request: {
    consumerGroup: string('consumerGroup'),
    topic: optional(string('topic')),
    topicList: optional(string('topicList')),
  },
  response: noFields,
}
