// SPDX-License-Identifier: Apache-2.0
// Delete a subject's policies, or those for one resource.
import { noFields, optional, string, type NoFields, type RequestType } from '../protocol/schema.ts'

/** What AUTH_DELETE_ACL asks. Source: RequestCode.AUTH_DELETE_ACL, DeleteAclRequestHeader. */
export interface AuthDeleteAclRequest {
  readonly subject: string | undefined
  readonly policyType: string | undefined
  readonly resource: string | undefined
}

/** Delete a subject's policies, or those for one resource. Source: RequestCode.AUTH_DELETE_ACL, DeleteAclRequestHeader. */
export const authDeleteAcl: RequestType<AuthDeleteAclRequest, NoFields> = {
  code: 3008,
  name: 'AUTH_DELETE_ACL',
  request: {
    subject: optional(string('subject')),
    policyType: optional(string('policyType')),
    resource: optional(string('resource')),
  },
  response: noFields,
}
