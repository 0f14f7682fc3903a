// SPDX-License-Identifier: Apache-2.0
// Find the queue offset of the first message stored at or after a time.
import { int32, long, offset, optional, string, type RequestType } from '../protocol/schema.ts'

/** What SEARCH_OFFSET_BY_TIMESTAMP asks. Source: RequestCode.SEARCH_OFFSET_BY_TIMESTAMP, SearchOffsetRequestHeader. */
export interface SearchOffsetByTimestampRequest {
  readonly topic: string
  readonly queueId: number
  readonly timestamp: bigint
  readonly boundaryType: string | undefined
  readonly liteTopic: string | undefined
}

/** What SEARCH_OFFSET_BY_TIMESTAMP answers. Source: SearchOffsetResponseHeader. */
export interface SearchOffsetByTimestampResponse {
  readonly offset: number
}

/** Find the queue offset of the first message stored at or after a time. Source: RequestCode.SEARCH_OFFSET_BY_TIMESTAMP, SearchOffsetRequestHeader. */
export const searchOffsetByTimestamp: RequestType<
  SearchOffsetByTimestampRequest,
  SearchOffsetByTimestampResponse
> = {
  code: 29,
  name: 'SEARCH_OFFSET_BY_TIMESTAMP',
  inherits: 'TopicRequestHeader',
  request: {
    topic: string('topic'),
    queueId: int32('queueId'),
    timestamp: long('timestamp'),
    boundaryType: optional(string('boundaryType')),
    liteTopic: optional(string('liteTopic')),
  },
  response: {
    offset: offset('offset'),
  },
}
