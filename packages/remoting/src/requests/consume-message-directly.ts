// SPDX-License-Identifier: Apache-2.0
// Have one consumer handle one message now, through the broker; the answer is a ConsumeMessageDirectlyResult body.
import {
  int32,
  noFields,
  optional,
  string,
  type NoFields,
  type RequestType,
} from '../protocol/schema.ts'

/** What CONSUME_MESSAGE_DIRECTLY asks. Source: RequestCode.CONSUME_MESSAGE_DIRECTLY, ConsumeMessageDirectlyResultRequestHeader. */
export interface ConsumeMessageDirectlyRequest {
  readonly consumerGroup: string
  readonly clientId: string | undefined
  readonly msgId: string | undefined
  readonly brokerName: string | undefined
  readonly topic: string | undefined
  readonly topicSysFlag: number | undefined
  readonly groupSysFlag: number | undefined
}

/** Have one consumer handle one message now, through the broker; the answer is a ConsumeMessageDirectlyResult body. Source: RequestCode.CONSUME_MESSAGE_DIRECTLY, ConsumeMessageDirectlyResultRequestHeader. */
export const consumeMessageDirectly: RequestType<ConsumeMessageDirectlyRequest, NoFields> = {
  code: 309,
  name: 'CONSUME_MESSAGE_DIRECTLY',
  inherits: 'TopicRequestHeader',
  request: {
    consumerGroup: string('consumerGroup'),
    clientId: optional(string('clientId')),
    msgId: optional(string('msgId')),
    brokerName: optional(string('brokerName')),
    topic: optional(string('topic')),
    topicSysFlag: optional(int32('topicSysFlag')),
    groupSysFlag: optional(int32('groupSysFlag')),
  },
  response: noFields,
}
