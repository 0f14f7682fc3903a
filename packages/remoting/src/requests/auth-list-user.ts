// SPDX-License-Identifier: Apache-2.0
// List users; the answer is a JSON list of UserInfo.
import { noFields, optional, string, type NoFields, type RequestType } from '../protocol/schema.ts'

/** What AUTH_LIST_USER asks. Source: RequestCode.AUTH_LIST_USER, ListUsersRequestHeader. */
export interface AuthListUserRequest {
  readonly filter: string | undefined
}

/** List users; the answer is a JSON list of UserInfo. Source: RequestCode.AUTH_LIST_USER, ListUsersRequestHeader. */
export const authListUser: RequestType<AuthListUserRequest, NoFields> = {
  code: 3005,
  name: 'AUTH_LIST_USER',
  request: {
    filter: optional(string('filter')),
  },
  response: noFields,
}
