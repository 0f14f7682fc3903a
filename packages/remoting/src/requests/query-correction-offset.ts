// SPDX-License-Identifier: Apache-2.0
// Compare the offsets of groups with those of another; the answer is a QueryCorrectionOffsetBody.
import { noFields, optional, string, type NoFields, type RequestType } from '../protocol/schema.ts'

/** What QUERY_CORRECTION_OFFSET asks. Source: RequestCode.QUERY_CORRECTION_OFFSET, QueryCorrectionOffsetHeader. */
export interface QueryCorrectionOffsetRequest {
  readonly filterGroups: string | undefined
  readonly compareGroup: string
  readonly topic: string
}

/** Compare the offsets of groups with those of another; the answer is a QueryCorrectionOffsetBody. Source: RequestCode.QUERY_CORRECTION_OFFSET, QueryCorrectionOffsetHeader. */
export const queryCorrectionOffset: RequestType<QueryCorrectionOffsetRequest, NoFields> = {
  code: 308,
  name: 'QUERY_CORRECTION_OFFSET',
  inherits: 'TopicRequestHeader',
  request: {
    filterGroups: optional(string('filterGroups')),
    compareGroup: string('compareGroup'),
    topic: string('topic'),
  },
  response: noFields,
}
