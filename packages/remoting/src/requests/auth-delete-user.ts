// SPDX-License-Identifier: Apache-2.0
// Delete a user.
import { noFields, optional, string, type NoFields, type RequestType } from '../protocol/schema.ts'

/** What AUTH_DELETE_USER asks. Source: RequestCode.AUTH_DELETE_USER, DeleteUserRequestHeader. */
export interface AuthDeleteUserRequest {
  readonly username: string | undefined
}

/** Delete a user. Source: RequestCode.AUTH_DELETE_USER, DeleteUserRequestHeader. */
export const authDeleteUser: RequestType<AuthDeleteUserRequest, NoFields> = {
  code: 3003,
  name: 'AUTH_DELETE_USER',
  request: {
    username: optional(string('username')),
  },
  response: noFields,
}
