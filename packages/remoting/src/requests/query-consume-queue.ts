// SPDX-License-Identifier: Apache-2.0
// Read entries of a consume queue as they are on disk; the answer is a QueryConsumeQueueResponseBody.
import {
  absentAs,
  int32,
  noFields,
  offset,
  optional,
  string,
  type NoFields,
  type RequestType,
} from '../protocol/schema.ts'

/** What QUERY_CONSUME_QUEUE asks. Source: RequestCode.QUERY_CONSUME_QUEUE, QueryConsumeQueueRequestHeader. */
export interface QueryConsumeQueueRequest {
  readonly topic: string | undefined
  readonly queueId: number
  readonly index: number
  readonly count: number
  readonly consumerGroup: string | undefined
}

/** Read entries of a consume queue as they are on disk; the answer is a QueryConsumeQueueResponseBody. Source: RequestCode.QUERY_CONSUME_QUEUE, QueryConsumeQueueRequestHeader. */
export const queryConsumeQueue: RequestType<QueryConsumeQueueRequest, NoFields> = {
  code: 321,
  name: 'QUERY_CONSUME_QUEUE',
  inherits: 'TopicRequestHeader',
  request: {
    topic: optional(string('topic')),
    queueId: absentAs(int32('queueId'), 0),
    index: absentAs(offset('index'), 0),
    count: absentAs(int32('count'), 0),
    consumerGroup: optional(string('consumerGroup')),
  },
  response: noFields,
}
