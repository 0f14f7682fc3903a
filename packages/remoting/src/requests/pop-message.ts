// SPDX-License-Identifier: Apache-2.0
// Take messages from any queue of a topic for a time; the answer's body is their stored records.
import {
  absentAs,
  boolean,
  int32,
  offset,
  optional,
  string,
  type RequestType,
} from '../protocol/schema.ts'

/** What POP_MESSAGE asks. Source: RequestCode.POP_MESSAGE, PopMessageRequestHeader. */
export interface PopMessageRequest {
  readonly consumerGroup: string
  readonly topic: string
  readonly queueId: number
  readonly maxMsgNums: number
  readonly invisibleTime: number
  readonly pollTime: number
  readonly bornTime: number
  readonly initMode: number
  readonly expType: string | undefined
  readonly exp: string | undefined
  readonly order: boolean
  readonly attemptId: string | undefined
}

/** What POP_MESSAGE answers. Source: PopMessageResponseHeader. */
export interface PopMessageResponse {
  readonly popTime: number
  readonly invisibleTime: number
  readonly reviveQid: number
  readonly restNum: number
  readonly startOffsetInfo: string | undefined
  readonly msgOffsetInfo: string | undefined
  readonly orderCountInfo: string | undefined
}

/** Take messages from any queue of a topic for a time; the answer's body is their stored records. Source: RequestCode.POP_MESSAGE, PopMessageRequestHeader. */
export const popMessage: RequestType<PopMessageRequest, PopMessageResponse> = {
  code: 200050,
  name: 'POP_MESSAGE',
  inherits: 'TopicRequestHeader',
  request: {
    consumerGroup: string('consumerGroup'),
    topic: string('topic'),
    queueId: absentAs(int32('queueId'), 0),
    maxMsgNums: absentAs(int32('maxMsgNums'), 0),
    invisibleTime: absentAs(offset('invisibleTime'), 0),
    pollTime: absentAs(offset('pollTime'), 0),
    bornTime: absentAs(offset('bornTime'), 0),
    initMode: absentAs(int32('initMode'), 0),
    expType: optional(string('expType')),
    exp: optional(string('exp')),
    order: absentAs(boolean('order'), false),
    attemptId: optional(string('attemptId')),
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
