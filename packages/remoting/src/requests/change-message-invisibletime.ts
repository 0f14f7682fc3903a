// SPDX-License-Identifier: Apache-2.0
// Give a popped message another time until it comes back.
import {
  absentAs,
  boolean,
  int32,
  offset,
  optional,
  string,
  type RequestType,
} from '../protocol/schema.ts'

/** What CHANGE_MESSAGE_INVISIBLETIME asks. Source: RequestCode.CHANGE_MESSAGE_INVISIBLETIME, ChangeInvisibleTimeRequestHeader. */
export interface ChangeMessageInvisibletimeRequest {
  readonly consumerGroup: string
  readonly topic: string
  readonly queueId: number
  readonly extraInfo: string
  readonly offset: number
  readonly invisibleTime: number
  readonly liteTopic: string | undefined
  readonly suspend: boolean
}

/** What CHANGE_MESSAGE_INVISIBLETIME answers. Source: ChangeInvisibleTimeResponseHeader. */
export interface ChangeMessageInvisibletimeResponse {
  readonly popTime: number
  readonly invisibleTime: number
  readonly reviveQid: number
}

/** Give a popped message another time until it comes back. Source: RequestCode.CHANGE_MESSAGE_INVISIBLETIME, ChangeInvisibleTimeRequestHeader. */
export const changeMessageInvisibletime: RequestType<
  ChangeMessageInvisibletimeRequest,
  ChangeMessageInvisibletimeResponse
> = {
  code: 200053,
  name: 'CHANGE_MESSAGE_INVISIBLETIME',
  inherits: 'TopicRequestHeader',
  request: {
    consumerGroup: string('consumerGroup'),
    topic: string('topic'),
    queueId: int32('queueId'),
    extraInfo: string('extraInfo'),
    offset: offset('offset'),
    invisibleTime: offset('invisibleTime'),
    liteTopic: optional(string('liteTopic')),
    suspend: absentAs(boolean('suspend'), false),
  },
  response: {
    popTime: absentAs(offset('popTime'), 0),
    invisibleTime: absentAs(offset('invisibleTime'), 0),
    reviveQid: absentAs(int32('reviveQid'), 0),
  },
}
