// SPDX-License-Identifier: Apache-2.0
// Forbid or allow a group to read a topic, or only ask; the answer is a GroupForbidden body.
import {
  boolean,
  noFields,
  optional,
  string,
  type NoFields,
  type RequestType,
} from '../protocol/schema.ts'

/** What UPDATE_AND_GET_GROUP_FORBIDDEN asks. Source: RequestCode.UPDATE_AND_GET_GROUP_FORBIDDEN, UpdateGroupForbiddenRequestHeader. */
export interface UpdateAndGetGroupForbiddenRequest {
  readonly group: string
  readonly topic: string
  readonly readable: boolean | undefined
}

/** Forbid or allow a group to read a topic, or only ask; the answer is a GroupForbidden body. Source: RequestCode.UPDATE_AND_GET_GROUP_FORBIDDEN, UpdateGroupForbiddenRequestHeader. */
export const updateAndGetGroupForbidden: RequestType<UpdateAndGetGroupForbiddenRequest, NoFields> =
  {
    code: 353,
    name: 'UPDATE_AND_GET_GROUP_FORBIDDEN',
    inherits: 'TopicRequestHeader',
    request: {
      group: string('group'),
      topic: string('topic'),
      readable: optional(boolean('readable')),
    },
    response: noFields,
  }
