// SPDX-License-Identifier: Apache-2.0
// Change a user; the body is UserInfo.
import { noFields, optional, string, type NoFields, type RequestType } from '../protocol/schema.ts'

/** What AUTH_UPDATE_USER asks. Source: RequestCode.AUTH_UPDATE_USER, UpdateUserRequestHeader. */
export interface AuthUpdateUserRequest {
  readonly username: string | undefined
}

/** Change a user; the body is UserInfo. Source: RequestCode.AUTH_UPDATE_USER, UpdateUserRequestHeader. */
export const authUpdateUser: RequestType<AuthUpdateUserRequest, NoFields> = {
  code: 3002,
  name: 'AUTH_UPDATE_USER',
  request: {
    username: optional(string('username')),
  },
  response: noFields,
}
