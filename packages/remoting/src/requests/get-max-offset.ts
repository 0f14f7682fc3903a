// SPDX-License-Identifier: Apache-2.0
// Read the offset that the next message of a queue gets.
import { boolean, int32, offset, optional, string, type RequestType } from '../protocol/schema.ts'

/** What GET_MAX_OFFSET asks. Source: RequestCode.GET_MAX_OFFSET, GetMaxOffsetRequestHeader. */
export interface GetMaxOffsetRequest {
  readonly topic: string
  readonly queueId: number
  readonly committed: boolean | undefined
}

/** What GET_MAX_OFFSET answers. Source: GetMaxOffsetResponseHeader. */
export interface GetMaxOffsetResponse {
  readonly offset: number
}

/** Read the offset that the next message of a queue gets. Source: RequestCode.GET_MAX_OFFSET, GetMaxOffsetRequestHeader. */
export const getMaxOffset: RequestType<GetMaxOffsetRequest, GetMaxOffsetResponse> = {
  code: 30,
  name: 'GET_MAX_OFFSET',
  inherits: 'TopicRequestHeader',
  request: {
    topic: string('topic'),
    queueId: int32('queueId'),
    committed: optional(boolean('committed')),
  },
  response: {
    offset: offset('offset'),
  },
}
