// SPDX-License-Identifier: Apache-2.0
// Read one message by its commit log offset.
import {
  noFields,
  offset,
  optional,
  string,
  type NoFields,
  type RequestType,
} from '../protocol/schema.ts'

/** What VIEW_MESSAGE_BY_ID asks. Source: RequestCode.VIEW_MESSAGE_BY_ID, ViewMessageRequestHeader. */
export interface ViewMessageByIdRequest {
  readonly topic: string | undefined
  readonly offset: number
}

/** Read one message by its commit log offset. Source: RequestCode.VIEW_MESSAGE_BY_ID, ViewMessageRequestHeader. */
export const viewMessageById: RequestType<ViewMessageByIdRequest, NoFields> = {
  code: 33,
  name: 'VIEW_MESSAGE_BY_ID',
  request: {
    topic: optional(string('topic')),
    offset: offset('offset'),
  },
  response: noFields,
}
