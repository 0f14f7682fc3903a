// SPDX-License-Identifier: Apache-2.0
// Broker to consumer, oneway: go on from other offsets; the body is ResetOffsetBody, or ResetOffsetBodyForC for C++.
import {
  absentAs,
  boolean,
  int32,
  long,
  noFields,
  offset,
  optional,
  string,
  type NoFields,
  type RequestType,
} from '../protocol/schema.ts'

/** What RESET_CONSUMER_CLIENT_OFFSET asks. Source: RequestCode.RESET_CONSUMER_CLIENT_OFFSET, ResetOffsetRequestHeader. */
export interface ResetConsumerClientOffsetRequest {
  readonly group: string
  readonly topic: string
  readonly queueId: number
  readonly offset: number | undefined
  readonly timestamp: bigint
  readonly isForce: boolean
}

/** Broker to consumer, oneway: go on from other offsets; the body is ResetOffsetBody, or ResetOffsetBodyForC for C++. Source: RequestCode.RESET_CONSUMER_CLIENT_OFFSET, ResetOffsetRequestHeader. */
export const resetConsumerClientOffset: RequestType<ResetConsumerClientOffsetRequest, NoFields> = {
  code: 220,
  name: 'RESET_CONSUMER_CLIENT_OFFSET',
  inherits: 'TopicRequestHeader',
  request: {
    group: string('group'),
    topic: string('topic'),
    queueId: absentAs(int32('queueId'), -1),
    offset: optional(offset('offset')),
    timestamp: absentAs(long('timestamp'), 0n),
    isForce: absentAs(boolean('isForce'), false),
  },
  response: noFields,
}
