// SPDX-License-Identifier: Apache-2.0
// Wait until a topic has messages for a group, without taking them.
import {
  absentAs,
  boolean,
  int32,
  offset,
  optional,
  string,
  type RequestType,
} from '../protocol/schema.ts'

/** What NOTIFICATION asks. Source: RequestCode.NOTIFICATION, NotificationRequestHeader. */
export interface NotificationRequest {
  readonly consumerGroup: string
  readonly topic: string
  readonly queueId: number
  readonly pollTime: number
  readonly bornTime: number
  readonly order: boolean
  readonly attemptId: string | undefined
  readonly expType: string | undefined
  readonly exp: string | undefined
}

/** What NOTIFICATION answers. Source: NotificationResponseHeader. */
export interface NotificationResponse {
  readonly hasMsg: boolean
  readonly pollingFull: boolean
}

/** Wait until a topic has messages for a group, without taking them. Source: RequestCode.NOTIFICATION, NotificationRequestHeader. */
export const notification: RequestType<NotificationRequest, NotificationResponse> = {
  code: 200054,
  name: 'NOTIFICATION',
  inherits: 'TopicRequestHeader',
  request: {
    consumerGroup: string('consumerGroup'),
    topic: string('topic'),
    queueId: absentAs(int32('queueId'), 0),
    pollTime: absentAs(offset('pollTime'), 0),
    bornTime: absentAs(offset('bornTime'), 0),
    order: absentAs(boolean('order'), false),
    attemptId: optional(string('attemptId')),
    expType: optional(string('expType')),
    exp: optional(string('exp')),
  },
  response: {
    hasMsg: absentAs(boolean('hasMsg'), false),
    pollingFull: absentAs(boolean('pollingFull'), false),
  },
}
