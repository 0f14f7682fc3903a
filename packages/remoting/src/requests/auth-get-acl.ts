// SPDX-License-Identifier: Apache-2.0
// Read a subject's policies; the answer is an AclInfo body.
import { noFields, optional, string, type NoFields, type RequestType } from '../protocol/schema.ts'

/** What AUTH_GET_ACL asks. Source: RequestCode.AUTH_GET_ACL, GetAclRequestHeader. */
export interface AuthGetAclRequest {
  readonly subject: string | undefined
}

/** Read a subject's policies; the answer is an AclInfo body. Source: RequestCode.AUTH_GET_ACL, GetAclRequestHeader. */
export const authGetAcl: RequestType<AuthGetAclRequest, NoFields> = {
  code: 3009,
  name: 'AUTH_GET_ACL',
  request: {
    subject: optional(string('subject')),
  },
  response: noFields,
}
