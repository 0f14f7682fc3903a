// SPDX-License-Identifier: Apache-2.0
// Return a message that could not be consumed, to be tried again later.
import {
  boolean,
  int32,
  noFields,
  offset,
  optional,
  string,
  type NoFields,
  type RequestType,
} from '../protocol/schema.ts'

/** What CONSUMER_SEND_MSG_BACK asks. Source: RequestCode.CONSUMER_SEND_MSG_BACK, ConsumerSendMsgBackRequestHeader. */
export interface ConsumerSendMsgBackRequest {
  readonly offset: number
  readonly group: string
  readonly delayLevel: number
  readonly originMsgId: string | undefined
  readonly originTopic: string | undefined
  readonly unitMode: boolean | undefined
  readonly maxReconsumeTimes: number | undefined
}

/** Return a message that could not be consumed, to be tried again later. Source: RequestCode.CONSUMER_SEND_MSG_BACK, ConsumerSendMsgBackRequestHeader. */
export const consumerSendMsgBack: RequestType<ConsumerSendMsgBackRequest, NoFields> = {
  code: 36,
  name: 'CONSUMER_SEND_MSG_BACK',
  inherits: 'RpcRequestHeader',
  request: {
    offset: offset('offset'),
    group: string('group'),
    delayLevel: int32('delayLevel'),
    originMsgId: optional(string('originMsgId')),
    originTopic: optional(string('originTopic')),
    unitMode: optional(boolean('unitMode')),
    maxReconsumeTimes: optional(int32('maxReconsumeTimes')),
  },
  response: noFields,
}
