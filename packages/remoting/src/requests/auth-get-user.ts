// SPDX-License-Identifier: Apache-2.0
// Read a user; the answer is a UserInfo body.
import { noFields, optional, string, type NoFields, type RequestType } from '../protocol/schema.ts'

/** What AUTH_GET_USER asks. Source: RequestCode.AUTH_GET_USER, GetUserRequestHeader. */
export interface AuthGetUserRequest {
  readonly username: string | undefined
}

/** Read a user; the answer is a UserInfo body. Source: RequestCode.AUTH_GET_USER, GetUserRequestHeader. */
export const authGetUser: RequestType<AuthGetUserRequest, NoFields> = {
  code: 3004,
  name: 'AUTH_GET_USER',
  request: {
    username: optional(string('username')),
  },
  response: noFields,
}
