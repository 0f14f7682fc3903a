// SPDX-License-Identifier: Apache-2.0
// Read the smallest offset of a queue that can still be read.
import { int32, offset, string, type RequestType } from '../protocol/schema.ts'

/** What GET_MIN_OFFSET asks. Source: RequestCode.GET_MIN_OFFSET, GetMinOffsetRequestHeader. */
export interface GetMinOffsetRequest {
  readonly topic: string
  readonly queueId: number
}

/** What GET_MIN_OFFSET answers. Source: GetMinOffsetResponseHeader. */
export interface GetMinOffsetResponse {
  readonly offset: number
}

/** Read the smallest offset of a queue that can still be read. Source: RequestCode.GET_MIN_OFFSET, GetMinOffsetRequestHeader. */
export const getMinOffset: RequestType<GetMinOffsetRequest, GetMinOffsetResponse> = {
  code: 31,
  name: 'GET_MIN_OFFSET',
  inherits: 'TopicRequestHeader',
  request: {
    topic: string('topic'),
    queueId: int32('queueId'),
  },
  response: {
    offset: offset('offset'),
  },
}
