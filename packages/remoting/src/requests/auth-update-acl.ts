// SPDX-License-Identifier: Apache-2.0
// Change a subject's policies; the body is AclInfo.
import { noFields, optional, string, type NoFields, type RequestType } from '../protocol/schema.ts'

/** What AUTH_UPDATE_ACL asks. Source: RequestCode.AUTH_UPDATE_ACL, UpdateAclRequestHeader. */
export interface AuthUpdateAclRequest {
  readonly subject: string | undefined
}

/** Change a subject's policies; the body is AclInfo. Source: RequestCode.AUTH_UPDATE_ACL, UpdateAclRequestHeader. */
export const authUpdateAcl: RequestType<AuthUpdateAclRequest, NoFields> = {
  code: 3007,
  name: 'AUTH_UPDATE_ACL',
  request: {
    subject: optional(string('subject')),
  },
  response: noFields,
}
