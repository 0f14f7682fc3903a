// SPDX-License-Identifier: Apache-2.0
// Acknowledge one popped message.
import {
  int32,
  noFields,
  offset,
  optional,
  string,
  type NoFields,
  type RequestType,
} from '../protocol/schema.ts'

/** What ACK_MESSAGE asks. Source: RequestCode.ACK_MESSAGE, AckMessageRequestHeader. */
export interface AckMessageRequest {
  readonly consumerGroup: string
  readonly topic: string
  readonly queueId: number
  readonly extraInfo: string
  readonly offset: number
  readonly liteTopic: string | undefined
}

/** Acknowledge one popped message. Source: RequestCode.ACK_MESSAGE, AckMessageRequestHeader. */
export const ackMessage: RequestType<AckMessageRequest, NoFields> = {
  code: 200051,
  name: 'ACK_MESSAGE',
  inherits: 'TopicRequestHeader',
  request: {
    consumerGroup: string('consumerGroup'),
    topic: string('topic'),
    queueId: int32('queueId'),
    extraInfo: string('extraInfo'),
    offset: offset('offset'),
    liteTopic: optional(string('liteTopic')),
  },
  response: noFields,
}
