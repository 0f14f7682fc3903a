// SPDX-License-Identifier: Apache-2.0
// Between the bodies that administrators send and read, and users and policies: checked on the way in, with Java's texts.
import type { AclInfo, PolicyEntryInfo, PolicyInfo, UserInfo } from '@rocketmq-ts/remoting/bodies'
import { actionOf, type Action } from './action.ts'
import { isIpOrCidr } from './ip-address.ts'
import type { Acl, Decision, Policy, PolicyEntry, PolicyType } from './policy.ts'
import { parseResource, resourceKey } from './resource.ts'
import { nameOf, subjectKeyOf, type User } from './user.ts'

const policyTypes: readonly PolicyType[] = ['Custom', 'Default']
const decisions: readonly Decision[] = ['Allow', 'Deny']

/** The type of that name in any case; undefined when there is none. */
export function policyTypeOf(name: string | undefined): PolicyType | undefined {
  return nameOf(policyTypes, name)
}

/** What GET_USER answers; the password is part of it, as in Java. */
export function userInfoOf(user: User): UserInfo {
  const { username, password, userType, userStatus } = user
  return { password, userStatus, userType, username }
}

/** What GET_ACL answers. */
export function aclInfoOf(acl: Acl): AclInfo {
  return { policies: acl.policies.map(policyInfoOf), subject: subjectKeyOf(acl.username) }
}

function policyInfoOf({ type, entries }: Policy): PolicyInfo {
  return { entries: entries.map(entryInfoOf), policyType: type }
}

function entryInfoOf({ resource, actions, sourceIps, decision }: PolicyEntry): PolicyEntryInfo {
  return { actions, decision, resource: resourceKey(resource), sourceIps }
}

/**
 * The policies of a body, or what is wrong with them in Java's words.
 * @see AclConverter.convertAcl and AuthorizationMetadataManagerImpl.validate
 */
export function policiesOf(infos: readonly PolicyInfo[]): readonly Policy[] | string {
  const policies: Policy[] = []
  for (const info of infos) {
    if (info.entries === undefined || info.entries.length === 0) continue
    const entries: PolicyEntry[] = []
    for (const entryInfo of info.entries) {
      const entry = entryOf(entryInfo)
      if (typeof entry === 'string') return entry
      entries.push(entry)
    }
    // What is no policy type counts as none given.
    policies.push({ type: policyTypeOf(info.policyType) ?? 'Custom', entries })
  }
  return policies.length === 0 ? 'The policies is empty.' : policies
}

function entryOf(info: PolicyEntryInfo): PolicyEntry | string {
  const resource = parseResource(info.resource)
  if (resource === undefined) return 'The resource is null.'
  const actions: readonly Action[] = (info.actions ?? []).flatMap((name) => actionOf(name) ?? [])
  if (actions.length === 0) return 'The actions is empty.'
  if (actions.includes('Any')) return 'The actions can not be Any.'
  for (const sourceIp of info.sourceIps ?? []) {
    if (sourceIp.trim() === '') return 'The source ip is empty.'
    if (!isIpOrCidr(sourceIp)) return 'The source ip is invalid.'
  }
  const decision = nameOf(decisions, info.decision)
  if (decision === undefined) return 'The decision is null or illegal.'
  const sourceIps = info.sourceIps?.length === 0 ? undefined : info.sourceIps
  return { resource, actions, sourceIps, decision }
}
