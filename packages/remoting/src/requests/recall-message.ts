// SPDX-License-Identifier: Apache-2.0
// Take a timed message back before it is delivered.
import { optional, string, type RequestType } from '../protocol/schema.ts'

/** What RECALL_MESSAGE asks. Source: RequestCode.RECALL_MESSAGE, RecallMessageRequestHeader. */
export interface RecallMessageRequest {
  readonly producerGroup: string | undefined
  readonly topic: string
  readonly recallHandle: string
}

/** What RECALL_MESSAGE answers. Source: RecallMessageResponseHeader. */
export interface RecallMessageResponse {
  readonly msgId: string
}

/** Take a timed message back before it is delivered. Source: RequestCode.RECALL_MESSAGE, RecallMessageRequestHeader. */
export const recallMessage: RequestType<RecallMessageRequest, RecallMessageResponse> = {
  code: 370,
  name: 'RECALL_MESSAGE',
  inherits: 'TopicRequestHeader',
  request: {
    producerGroup: optional(string('producerGroup')),
    topic: string('topic'),
    recallHandle: string('recallHandle'),
  },
  response: {
    msgId: string('msgId'),
  },
}
