// SPDX-License-Identifier: Apache-2.0
// Read the first, last and consumed store times of a topic's queues for a group; the answer is a QueryConsumeTimeSpanBody.
import { noFields, string, type NoFields, type RequestType } from '../protocol/schema.ts'

/** What QUERY_CONSUME_TIME_SPAN asks. Source: RequestCode.QUERY_CONSUME_TIME_SPAN, QueryConsumeTimeSpanRequestHeader. */
export interface QueryConsumeTimeSpanRequest {
  readonly topic: string
  readonly group: string
}

/** Read the first, last and consumed store times of a topic's queues for a group; the answer is a QueryConsumeTimeSpanBody. Source: RequestCode.QUERY_CONSUME_TIME_SPAN, QueryConsumeTimeSpanRequestHeader. */
export const queryConsumeTimeSpan: RequestType<QueryConsumeTimeSpanRequest, NoFields> = {
  code: 303,
  name: 'QUERY_CONSUME_TIME_SPAN',
  inherits: 'TopicRequestHeader',
  request: {
    topic: string('topic'),
    group: string('group'),
  },
  response: noFields,
}
