// SPDX-License-Identifier: Apache-2.0
// Turns accounts of access control 1.0 into users and policies of 2.0. @see AuthMigrator
import type { PolicyEntryInfo, PolicyInfo } from '@rocketmq-ts/remoting/bodies'
import type { AuthMetadata } from '../auth-metadata.ts'
import { groupResource, literal, resourceKey, type Resource } from '../resource.ts'
import { subjectKeyOf } from '../user.ts'
import type { PlainAccessConfig } from './account.ts'

/** Makes a user of an account, with its policies, unless there is one of that name; tells what stood in the way. */
export function migrateAccount(
  metadata: AuthMetadata,
  config: PlainAccessConfig,
): 'made' | 'there' | { readonly fault: string } {
  const { accessKey = '', secretKey = '' } = config
  if (metadata.find(accessKey) !== undefined) return 'there'
  const fault = metadata.createUser({
    username: accessKey,
    password: secretKey,
    userType: config.admin ? 'Super' : 'Normal',
  })
  if (fault !== undefined) return { fault: fault.remark }
  const policies = policiesOf(config)
  if (policies.length === 0) return 'made'
  const refusal = metadata.putAcl({ policies, subject: subjectKeyOf(accessKey) }, undefined)
  return refusal === undefined ? 'made' : { fault: refusal.remark }
}

function policiesOf(config: PlainAccessConfig): readonly PolicyInfo[] {
  const custom = [
    ...entriesOf('Topic', config.topicPerms ?? []),
    ...entriesOf('Group', config.groupPerms ?? []),
  ]
  const defaults = [
    ...defaultOf('Topic', config.defaultTopicPerm),
    ...defaultOf('Group', config.defaultGroupPerm),
  ]
  return [
    { entries: custom, policyType: 'Custom' },
    { entries: defaults, policyType: 'Default' },
  ].filter(({ entries }) => entries.length > 0)
}

function entriesOf(
  type: 'Topic' | 'Group',
  permissions: readonly string[],
): readonly PolicyEntryInfo[] {
  return permissions.flatMap((text) => {
    const items = text.split('=').filter((item) => item !== '')
    const [name, permission] = items
    if (items.length !== 2 || name === undefined || permission === undefined) return []
    // An asterisk was part of a name in 1.0, which no topic has; in 2.0 it would open all that begins so.
    if (name.includes('*')) return []
    return [entryOf(resourceKey(resourceOf(type, name.trim())), permission)]
  })
}

function resourceOf(type: 'Topic' | 'Group', name: string): Resource {
  return type === 'Group' ? groupResource(name) : literal('Topic', name)
}

function defaultOf(type: string, permission: string | undefined): readonly PolicyEntryInfo[] {
  return permission === undefined || permission.trim() === ''
    ? []
    : [entryOf(`${type}:*`, permission)]
}

/** What is no permission becomes ALL, as in Java, but denied: there it would be allowed. */
function entryOf(resource: string, permission: string): PolicyEntryInfo {
  const text = permission.trim()
  const isKnown = ['PUB', 'SUB', 'PUB|SUB', 'SUB|PUB'].includes(text)
  return {
    actions: isKnown
      ? text
          .split('|')
          .map((part) => (part === 'PUB' ? 'Pub' : 'Sub'))
          .sort()
      : ['All'],
    decision: isKnown ? 'Allow' : 'Deny',
    resource,
  }
}
