// SPDX-License-Identifier: Apache-2.0
// Create a subject's policies; the body is AclInfo.
import { noFields, optional, string, type NoFields, type RequestType } from '../protocol/schema.ts'

/** What AUTH_CREATE_ACL asks. Source: RequestCode.AUTH_CREATE_ACL, CreateAclRequestHeader. */
export interface AuthCreateAclRequest {
  readonly subject: string | undefined
}

/** Create a subject's policies; the body is AclInfo. Source: RequestCode.AUTH_CREATE_ACL, CreateAclRequestHeader. */
export const authCreateAcl: RequestType<AuthCreateAclRequest, NoFields> = {
  code: 3006,
  name: 'AUTH_CREATE_ACL',
  request: {
    subject: optional(string('subject')),
  },
  response: noFields,
}
