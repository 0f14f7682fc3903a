// SPDX-License-Identifier: Apache-2.0
// Read minimum, maximum and last update of every queue of a topic; the answer is a TopicStatsTable body.
import { noFields, string, type NoFields, type RequestType } from '../protocol/schema.ts'

/** What GET_TOPIC_STATS_INFO asks. Source: RequestCode.GET_TOPIC_STATS_INFO, GetTopicStatsInfoRequestHeader. */
export interface GetTopicStatsInfoRequest {
  readonly topic: string
}

/** Read minimum, maximum and last update of every queue of a topic; the answer is a TopicStatsTable body. Source: RequestCode.GET_TOPIC_STATS_INFO, GetTopicStatsInfoRequestHeader. */
export const getTopicStatsInfo: RequestType<GetTopicStatsInfoRequest, NoFields> = {
  code: 202,
  name: 'GET_TOPIC_STATS_INFO',
  inherits: 'TopicRequestHeader',
  request: {
    topic: string('topic'),
  },
  response: noFields,
}
