// SPDX-License-Identifier: Apache-2.0
// Create a user; the body is UserInfo.
import { noFields, optional, string, type NoFields, type RequestType } from '../protocol/schema.ts'

/** What AUTH_CREATE_USER asks. Source: RequestCode.AUTH_CREATE_USER, CreateUserRequestHeader. */
export interface AuthCreateUserRequest {
  readonly username: string | undefined
}

/** Create a user; the body is UserInfo. Source: RequestCode.AUTH_CREATE_USER, CreateUserRequestHeader. */
export const authCreateUser: RequestType<AuthCreateUserRequest, NoFields> = {
  code: 3001,
  name: 'AUTH_CREATE_USER',
  request: {
    username: optional(string('username')),
  },
  response: noFields,
}
