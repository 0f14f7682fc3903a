// SPDX-License-Identifier: Apache-2.0
// Set a group's offsets to a time or an offset, through the broker; the answer is a ResetOffsetBody.
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

/** What INVOKE_BROKER_TO_RESET_OFFSET asks. Source: RequestCode.INVOKE_BROKER_TO_RESET_OFFSET, ResetOffsetRequestHeader. */
export interface InvokeBrokerToResetOffsetRequest {
  readonly group: string
  readonly topic: string
  readonly queueId: number
  readonly offset: number | undefined
  readonly timestamp: bigint
  readonly isForce: boolean
}

/** Set a group's offsets to a time or an offset, through the broker; the answer is a ResetOffsetBody. Source: RequestCode.INVOKE_BROKER_TO_RESET_OFFSET, ResetOffsetRequestHeader. */
export const invokeBrokerToResetOffset: RequestType<InvokeBrokerToResetOffsetRequest, NoFields> = {
  code: 222,
  name: 'INVOKE_BROKER_TO_RESET_OFFSET',
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
