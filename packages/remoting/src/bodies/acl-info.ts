// SPDX-License-Identifier: Apache-2.0
// Who may do what: the body of AUTH_CREATE_ACL and AUTH_UPDATE_ACL, the answer of AUTH_GET_ACL and AUTH_LIST_ACL.
import { list, optional, record, text, type Shape } from '../java-json/shape.ts'
import type { JsonForm } from '../java-json/write.ts'
import { decodeBody, encodeBody } from './body.ts'

/** Java's AclInfo.PolicyEntryInfo. */
export interface PolicyEntryInfo {
  readonly actions?: readonly string[] | undefined
  readonly decision?: string | undefined
  readonly resource?: string | undefined
  readonly sourceIps?: readonly string[] | undefined
}

/** Java's AclInfo.PolicyInfo. */
export interface PolicyInfo {
  readonly entries?: readonly PolicyEntryInfo[] | undefined
  readonly policyType?: string | undefined
}

/** Java's AclInfo. */
export interface AclInfo {
  readonly policies?: readonly PolicyInfo[] | undefined
  readonly subject?: string | undefined
}

const policyEntryInfoShape: Shape<PolicyEntryInfo> = record<PolicyEntryInfo>({
  actions: optional(list(text)),
  decision: optional(text),
  resource: optional(text),
  sourceIps: optional(list(text)),
})

const policyInfoShape: Shape<PolicyInfo> = record<PolicyInfo>({
  entries: optional(list(policyEntryInfoShape)),
  policyType: optional(text),
})

const aclInfoShape: Shape<AclInfo> = record<AclInfo>({
  policies: optional(list(policyInfoShape)),
  subject: optional(text),
})

/** @throws {JavaJsonError} when the bytes are not a AclInfo. */
export function decodeAclInfo(bytes: Uint8Array): AclInfo {
  return decodeBody('AclInfo', aclInfoShape, bytes)
}

/** The bytes Java's AclInfo writes. */
export function encodeAclInfo(body: AclInfo, form?: JsonForm): Uint8Array {
  return encodeBody(aclInfoShape, body, form)
}

const aclInfoListShape: Shape<readonly AclInfo[]> = list(aclInfoShape)

/** @throws {JavaJsonError} when the bytes are not a list of AclInfo. */
export function decodeAclInfoList(bytes: Uint8Array): readonly AclInfo[] {
  return decodeBody('AclInfo list', aclInfoListShape, bytes)
}

/** The bytes Java writes for a list of AclInfo. */
export function encodeAclInfoList(body: readonly AclInfo[], form?: JsonForm): Uint8Array {
  return encodeBody(aclInfoListShape, body, form)
}
