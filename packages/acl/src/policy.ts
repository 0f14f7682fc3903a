// SPDX-License-Identifier: Apache-2.0
// A subject's policies: how they change, and which entry decides about a request.
import { actionBits, matchesActions, type Action } from './action.ts'
import { isIpInRange } from './ip-address.ts'
import { isSameResource, matchesResource, type Resource } from './resource.ts'

/** Java's names on the wire. CUSTOM entries are looked at first, DEFAULT ones only when none of them speaks of the request. */
export type PolicyType = 'Custom' | 'Default'
export type Decision = 'Allow' | 'Deny'

/** What is decided about a resource. */
export interface PolicyEntry {
  readonly resource: Resource
  readonly actions: readonly Action[]
  /** Addresses and ranges; undefined or empty: from everywhere. */
  readonly sourceIps: readonly string[] | undefined
  readonly decision: Decision
}

export interface Policy {
  readonly type: PolicyType
  readonly entries: readonly PolicyEntry[]
}

/** All policies of a user. */
export interface Acl {
  readonly username: string
  readonly policies: readonly Policy[]
}

/** One thing a request needs to be allowed. */
export interface Access {
  readonly resource: Resource
  /** One of them is enough. */
  readonly actions: readonly Action[]
}

/** The policies after a create or update: entries for the same resource are replaced, others are added. @see Acl.updatePolicy */
export function withPolicies(acl: Acl, changes: readonly Policy[]): Acl {
  const policies = [...acl.policies]
  for (const change of changes) {
    const at = policies.findIndex(({ type }) => type === change.type)
    const old = policies[at]
    if (old === undefined) policies.push(change)
    else policies[at] = { type: old.type, entries: withEntries(old.entries, change.entries) }
  }
  return { username: acl.username, policies }
}

function withEntries(
  old: readonly PolicyEntry[],
  changes: readonly PolicyEntry[],
): readonly PolicyEntry[] {
  const entries = [...old]
  for (const change of changes) {
    const at = entries.findIndex(({ resource }) => isSameResource(resource, change.resource))
    if (at < 0) entries.push(change)
    else entries[at] = change
  }
  return entries
}

/** The policies without the entry for a resource; a policy without entries goes. @see Acl.deletePolicy */
export function withoutResource(acl: Acl, type: PolicyType, resource: Resource): Acl {
  const at = acl.policies.findIndex((policy) => policy.type === type)
  const policy = acl.policies[at]
  if (policy === undefined) return acl
  const gone = policy.entries.findIndex((entry) => isSameResource(entry.resource, resource))
  const entries = policy.entries.filter((_, index) => index !== gone)
  const policies =
    entries.length === 0
      ? acl.policies.filter((_, index) => index !== at)
      : acl.policies.with(at, { type, entries })
  return { username: acl.username, policies }
}

/**
 * What decides: `undefined` when no entry speaks of the access, `unreadable` when a source address cannot be compared.
 * @see AclAuthorizationHandler
 */
export function decide(
  acl: Acl,
  access: Access,
  sourceIp: string,
): Decision | 'unreadable' | undefined {
  for (const type of ['Custom', 'Default'] as const) {
    const policy = acl.policies.find((one) => one.type === type)
    if (policy === undefined) continue
    const decision = decideIn(policy.entries, access, sourceIp)
    if (decision !== undefined) return decision
  }
  return undefined
}

function decideIn(
  entries: readonly PolicyEntry[],
  { resource, actions }: Access,
  sourceIp: string,
): Decision | 'unreadable' | undefined {
  const wanted = actionBits(actions)
  let first: PolicyEntry | undefined
  for (const entry of entries) {
    if (!matchesResource(entry.resource, resource)) continue
    if (!matchesActions(actionBits(entry.actions), wanted)) continue
    const isFrom = matchesSource(entry.sourceIps, sourceIp)
    if (isFrom === undefined) return 'unreadable'
    if (isFrom && (first === undefined || comparePrecedence(entry, first) < 0)) first = entry
  }
  return first?.decision
}

function matchesSource(
  rules: readonly string[] | undefined,
  sourceIp: string,
): boolean | undefined {
  if (rules === undefined || rules.length === 0) return true
  for (const rule of rules) {
    const isInRange = isIpInRange(sourceIp, rule)
    if (isInRange === undefined || isInRange) return isInRange
  }
  return false
}

/**
 * Negative when `a` goes before `b`: a type before any type, a name before the longest prefix before all, then DENY before ALLOW.
 * @see AclAuthorizationHandler.comparePolicyEntries
 */
export function comparePrecedence(a: PolicyEntry, b: PolicyEntry): number {
  const byResource = compareResources(a.resource, b.resource)
  if (byResource !== 0) return byResource
  return a.decision === b.decision ? 0 : a.decision === 'Deny' ? -1 : 1
}

const patternOrder = { LITERAL: 0, PREFIXED: 1, ANY: 2 } as const

function compareResources(a: Resource, b: Resource): number {
  if (a.type !== b.type) return a.type === 'Any' ? 1 : b.type === 'Any' ? -1 : 0
  if (a.pattern !== b.pattern) return patternOrder[a.pattern] - patternOrder[b.pattern]
  if (a.pattern !== 'PREFIXED') return 0
  return (b.name?.length ?? 0) - (a.name?.length ?? 0)
}
