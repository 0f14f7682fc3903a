// SPDX-License-Identifier: Apache-2.0
// Ask how far a group has consumed a queue.
import {
  absentAs,
  boolean,
  int32,
  offset,
  optional,
  string,
  type RequestType,
} from '../protocol/schema.ts'

/** What QUERY_CONSUMER_OFFSET asks. Source: RequestCode.QUERY_CONSUMER_OFFSET, QueryConsumerOffsetRequestHeader. */
export interface QueryConsumerOffsetRequest {
  readonly consumerGroup: string
  readonly topic: string
  readonly queueId: number
  readonly setZeroIfNotFound: boolean | undefined
}

/** What QUERY_CONSUMER_OFFSET answers. Source: QueryConsumerOffsetResponseHeader. */
export interface QueryConsumerOffsetResponse {
  readonly offset: number
}

/** Ask how far a group has consumed a queue. Source: RequestCode.QUERY_CONSUMER_OFFSET, QueryConsumerOffsetRequestHeader. */
export const queryConsumerOffset: RequestType<
  QueryConsumerOffsetRequest,
  QueryConsumerOffsetResponse
> = {
  code: 14,
  name: 'QUERY_CONSUMER_OFFSET',
  inherits: 'TopicRequestHeader',
  request: {
    consumerGroup: absentAs(string('consumerGroup'), 'null'),
    topic: string('topic'),
    queueId: int32('queueId'),
    setZeroIfNotFound: optional(boolean('setZeroIfNotFound')),
  },
  response: {
    offset: offset('offset'),
  },
}
