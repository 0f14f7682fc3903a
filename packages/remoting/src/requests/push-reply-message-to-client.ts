// SPDX-License-Identifier: Apache-2.0
// Broker to producer: the reply to one of your requests; the body is the payload.
import {
  absentAs,
  boolean,
  int32,
  noFields,
  offset,
  optional,
  string,
  type NoFields,
  type RequestType,
} from '../protocol/schema.ts'

/** What PUSH_REPLY_MESSAGE_TO_CLIENT asks. Source: RequestCode.PUSH_REPLY_MESSAGE_TO_CLIENT, ReplyMessageRequestHeader. */
export interface PushReplyMessageToClientRequest {
  readonly producerGroup: string
  readonly topic: string
  readonly defaultTopic: string
  readonly defaultTopicQueueNums: number
  readonly queueId: number
  readonly sysFlag: number
  readonly bornTimestamp: number
  readonly flag: number
  readonly properties: string | undefined
  readonly reconsumeTimes: number | undefined
  readonly unitMode: boolean
  readonly bornHost: string
  readonly storeHost: string
  readonly storeTimestamp: number
}

/** Broker to producer: the reply to one of your requests; the body is the payload. Source: RequestCode.PUSH_REPLY_MESSAGE_TO_CLIENT, ReplyMessageRequestHeader. */
export const pushReplyMessageToClient: RequestType<PushReplyMessageToClientRequest, NoFields> = {
  code: 326,
  name: 'PUSH_REPLY_MESSAGE_TO_CLIENT',
  inherits: 'TopicRequestHeader',
  request: {
    producerGroup: string('producerGroup'),
    topic: string('topic'),
    defaultTopic: string('defaultTopic'),
    defaultTopicQueueNums: int32('defaultTopicQueueNums'),
    queueId: int32('queueId'),
    sysFlag: int32('sysFlag'),
    bornTimestamp: offset('bornTimestamp'),
    flag: int32('flag'),
    properties: optional(string('properties')),
    reconsumeTimes: optional(int32('reconsumeTimes')),
    unitMode: absentAs(boolean('unitMode'), false),
    bornHost: string('bornHost'),
    storeHost: string('storeHost'),
    storeTimestamp: absentAs(offset('storeTimestamp'), 0),
  },
  response: noFields,
}
