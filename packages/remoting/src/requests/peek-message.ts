// SPDX-License-Identifier: Apache-2.0
// Look at messages without taking them; the answer's body is their stored records.
import { absentAs, int32, offset, optional, string, type RequestType } from '../protocol/schema.ts'

/** What PEEK_MESSAGE asks. Source: RequestCode.PEEK_MESSAGE, PeekMessageRequestHeader. */
export interface PeekMessageRequest {
  readonly topic: string
  readonly queueId: number
  readonly maxMsgNums: number
  readonly consumerGroup: string
}

/** What PEEK_MESSAGE answers. Source: PopMessageResponseHeader. */
export interface PeekMessageResponse {
  readonly popTime: number
  readonly invisibleTime: number
  readonly reviveQid: number
  readonly restNum: number
  readonly startOffsetInfo: string | undefined
  readonly msgOffsetInfo: string | undefined
  readonly orderCountInfo: string | undefined
}

/** Look at messages without taking them; the answer's body is their stored records. Source: RequestCode.PEEK_MESSAGE, PeekMessageRequestHeader. */
export const peekMessage: RequestType<PeekMessageRequest, PeekMessageResponse> = {
  code: 200052,
  name: 'PEEK_MESSAGE',
  inherits: 'TopicRequestHeader',
  request: {
    topic: string('topic'),
    queueId: absentAs(int32('queueId'), 0),
    maxMsgNums: absentAs(int32('maxMsgNums'), 0),
    consumerGroup: string('consumerGroup'),
  },
  response: {
    popTime: absentAs(offset('popTime'), 0),
    invisibleTime: absentAs(offset('invisibleTime'), 0),
    reviveQid: absentAs(int32('reviveQid'), 0),
    restNum: absentAs(offset('restNum'), 0),
    startOffsetInfo: optional(string('startOffsetInfo')),
    msgOffsetInfo: optional(string('msgOffsetInfo')),
    orderCountInfo: optional(string('orderCountInfo')),
  },
}
