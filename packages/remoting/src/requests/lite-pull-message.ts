// SPDX-License-Identifier: Apache-2.0
// Read messages of one queue, as lite pull consumers ask.
import type { RequestType } from '../protocol/schema.ts'
import { pullMessage, type PullMessageRequest, type PullMessageResponse } from './pull-message.ts'

/** The same as PULL_MESSAGE under another code, served by its own executor in Java. Source: RequestCode.LITE_PULL_MESSAGE. */
export const litePullMessage: RequestType<PullMessageRequest, PullMessageResponse> = {
  code: 361,
  name: 'LITE_PULL_MESSAGE',
  inherits: 'TopicRequestHeader',
  request: pullMessage.request,
  response: pullMessage.response,
}
