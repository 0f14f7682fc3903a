// SPDX-License-Identifier: Apache-2.0
// Take messages of the lite topics a client subscribes to; the answer's body is their stored records.
import { absentAs, int32, offset, optional, string, type RequestType } from '../protocol/schema.ts'

/** What POP_LITE_MESSAGE asks. Source: RequestCode.POP_LITE_MESSAGE, PopLiteMessageRequestHeader. */
export interface PopLiteMessageRequest {
  readonly clientId: string
  readonly consumerGroup: string
  readonly topic: string
  readonly maxMsgNum: number
  readonly invisibleTime: number
  readonly pollTime: number
  readonly bornTime: number
  readonly attemptId: string | undefined
}

/** What POP_LITE_MESSAGE answers. Source: PopLiteMessageResponseHeader. */
export interface PopLiteMessageResponse {
  readonly popTime: number
  readonly invisibleTime: number
  readonly reviveQid: number
  readonly startOffsetInfo: string | undefined
  readonly msgOffsetInfo: string | undefined
  readonly orderCountInfo: string | undefined
}

/** Take messages of the lite topics a client subscribes to; the answer's body is their stored records. Source: RequestCode.POP_LITE_MESSAGE, PopLiteMessageRequestHeader. */
export const popLiteMessage: RequestType<PopLiteMessageRequest, PopLiteMessageResponse> = {
  code: 200070,
  name: 'POP_LITE_MESSAGE',
  inherits: 'RpcRequestHeader',
  request: {
    clientId: string('clientId'),
    consumerGroup: string('consumerGroup'),
    topic: string('topic'),
    maxMsgNum: absentAs(int32('maxMsgNum'), 0),
    invisibleTime: absentAs(offset('invisibleTime'), 0),
    pollTime: absentAs(offset('pollTime'), 0),
    bornTime: absentAs(offset('bornTime'), 0),
    attemptId: optional(string('attemptId')),
  },
  response: {
    popTime: absentAs(offset('popTime'), 0),
    invisibleTime: absentAs(offset('invisibleTime'), 0),
    reviveQid: absentAs(int32('reviveQid'), 0),
    startOffsetInfo: optional(string('startOffsetInfo')),
    msgOffsetInfo: optional(string('msgOffsetInfo')),
    orderCountInfo: optional(string('orderCountInfo')),
  },
}
