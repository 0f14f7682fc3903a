// SPDX-License-Identifier: Apache-2.0
// List policies; the answer is a JSON list of AclInfo.
import { noFields, optional, string, type NoFields, type RequestType } from '../protocol/schema.ts'

/** What AUTH_LIST_ACL asks. Source: RequestCode.AUTH_LIST_ACL, ListAclsRequestHeader. */
export interface AuthListAclRequest {
  readonly subjectFilter: string | undefined
  readonly resourceFilter: string | undefined
}

/** List policies; the answer is a JSON list of AclInfo. Source: RequestCode.AUTH_LIST_ACL, ListAclsRequestHeader. */
export const authListAcl: RequestType<AuthListAclRequest, NoFields> = {
  code: 3010,
  name: 'AUTH_LIST_ACL',
  request: {
    subjectFilter: optional(string('subjectFilter')),
    resourceFilter: optional(string('resourceFilter')),
  },
  response: noFields,
}
