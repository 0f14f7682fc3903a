// SPDX-License-Identifier: Apache-2.0
// Find messages by key, unique key or tag within a range of store times.
import { int32, long, offset, optional, string, type RequestType } from '../protocol/schema.ts'

/** What QUERY_MESSAGE asks. Source: RequestCode.QUERY_MESSAGE, QueryMessageRequestHeader. */
export interface QueryMessageRequest {
  readonly topic: string
  readonly key: string
  readonly maxNum: number
  /** Store times in milliseconds, both inclusive. */
  readonly beginTimestamp: bigint
  readonly endTimestamp: bigint
  /** `K` keys (default), `U` unique keys, `T` tags. */
  readonly indexType: string | undefined
  readonly lastKey: string | undefined
}

/** What QUERY_MESSAGE answers; the body holds the stored records. Source: QueryMessageResponseHeader. */
export interface QueryMessageResponse {
  readonly indexLastUpdateTimestamp: number
  readonly indexLastUpdatePhyoffset: number
}

/** Find messages by key, unique key or tag within a range of store times. Source: RequestCode.QUERY_MESSAGE, QueryMessageRequestHeader. */
export const queryMessage: RequestType<QueryMessageRequest, QueryMessageResponse> = {
  code: 12,
  name: 'QUERY_MESSAGE',
  inherits: 'TopicRequestHeader',
  request: {
    topic: string('topic'),
    key: string('key'),
    maxNum: int32('maxNum'),
    beginTimestamp: long('beginTimestamp'),
    endTimestamp: long('endTimestamp'),
    indexType: optional(string('indexType')),
    lastKey: optional(string('lastKey')),
  },
  response: {
    indexLastUpdateTimestamp: offset('indexLastUpdateTimestamp'),
    indexLastUpdatePhyoffset: offset('indexLastUpdatePhyoffset'),
  },
}
