// SPDX-License-Identifier: Apache-2.0
// Let a group start where another one is.
import {
  absentAs,
  boolean,
  noFields,
  optional,
  string,
  type NoFields,
  type RequestType,
} from '../protocol/schema.ts'

/** What CLONE_GROUP_OFFSET asks. Source: RequestCode.CLONE_GROUP_OFFSET, CloneGroupOffsetRequestHeader. */
export interface CloneGroupOffsetRequest {
  readonly srcGroup: string
  readonly destGroup: string
  readonly topic: string | undefined
  readonly offline: boolean
}

/** Let a group start where another one is. Source: RequestCode.CLONE_GROUP_OFFSET, CloneGroupOffsetRequestHeader. */
export const cloneGroupOffset: RequestType<CloneGroupOffsetRequest, NoFields> = {
  code: 314,
  name: 'CLONE_GROUP_OFFSET',
  inherits: 'RpcRequestHeader',
  request: {
    srcGroup: string('srcGroup'),
    destGroup: string('destGroup'),
    topic: optional(string('topic')),
    offline: absentAs(boolean('offline'), false),
  },
  response: noFields,
}
