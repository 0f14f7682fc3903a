// SPDX-License-Identifier: Apache-2.0
// Read when the oldest message of a queue was stored.
import { int32, offset, string, type RequestType } from '../protocol/schema.ts'

/** What GET_EARLIEST_MSG_STORETIME asks. Source: RequestCode.GET_EARLIEST_MSG_STORETIME, GetEarliestMsgStoretimeRequestHeader. */
export interface GetEarliestMsgStoretimeRequest {
  readonly topic: string
  readonly queueId: number
}

/** What GET_EARLIEST_MSG_STORETIME answers. Source: GetEarliestMsgStoretimeResponseHeader. */
export interface GetEarliestMsgStoretimeResponse {
  readonly timestamp: number
}

/** Read when the oldest message of a queue was stored. Source: RequestCode.GET_EARLIEST_MSG_STORETIME, GetEarliestMsgStoretimeRequestHeader. */
export const getEarliestMsgStoretime: RequestType<
  GetEarliestMsgStoretimeRequest,
  GetEarliestMsgStoretimeResponse
> = {
  code: 32,
  name: 'GET_EARLIEST_MSG_STORETIME',
  inherits: 'TopicRequestHeader',
  request: {
    topic: string('topic'),
    queueId: int32('queueId'),
  },
  response: {
    timestamp: offset('timestamp'),
  },
}
