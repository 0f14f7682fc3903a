// SPDX-License-Identifier: Apache-2.0
// Accounts of access control 1.0: what a file says of one, checked, and what it may do.
import { PlainAclError } from './fault.ts'
import { parsePermission, parseResourcePermission } from './permission.ts'
import { parseRemoteAddress, type AddressMatch } from './remote-address.ts'

/** An account as it stands in a file; Java's PlainAccessConfig. */
export interface PlainAccessConfig {
  readonly accessKey: string | undefined
  readonly secretKey: string | undefined
  readonly whiteRemoteAddress: string | undefined
  readonly admin: boolean
  readonly defaultTopicPerm: string | undefined
  readonly defaultGroupPerm: string | undefined
  readonly topicPerms: readonly string[] | undefined
  readonly groupPerms: readonly string[] | undefined
}

/** An account ready to be asked. */
export interface PlainAccount {
  readonly accessKey: string
  readonly secretKey: string
  readonly isAdmin: boolean
  readonly isWhite: AddressMatch
  readonly defaultTopicPermission: number
  readonly defaultGroupPermission: number
  /** By topic; groups by their retry topic. Undefined when the account names none. */
  readonly permissions: ReadonlyMap<string, number> | undefined
}

const MIN_KEY_LENGTH = 6

/**
 * Makes an account of what a file says.
 * @throws {PlainAclError} when a key is too short, or an address or permission cannot be read.
 */
export function plainAccountOf(config: PlainAccessConfig): PlainAccount {
  const { accessKey, secretKey } = checkedKeys(config)
  const permissions = new Map<string, number>()
  for (const text of config.groupPerms ?? []) {
    const [resource, permission] = parseResourcePermission(text, 'group')
    permissions.set(resource, permission)
  }
  for (const text of config.topicPerms ?? []) {
    const [resource, permission] = parseResourcePermission(text, 'topic')
    permissions.set(resource, permission)
  }
  return {
    accessKey,
    secretKey,
    isAdmin: config.admin,
    isWhite: parseRemoteAddress(config.whiteRemoteAddress),
    defaultTopicPermission: parsePermission(config.defaultTopicPerm),
    defaultGroupPermission: parsePermission(config.defaultGroupPerm),
    permissions: permissions.size === 0 ? undefined : permissions,
  }
}

/** @throws {PlainAclError} when a key is missing or too short. Java's text tells the secret key; this one does not. */
export function checkedKeys(config: PlainAccessConfig): {
  readonly accessKey: string
  readonly secretKey: string
} {
  const { accessKey, secretKey } = config
  if (
    accessKey === undefined ||
    secretKey === undefined ||
    accessKey.length <= MIN_KEY_LENGTH ||
    secretKey.length <= MIN_KEY_LENGTH
  ) {
    throw new PlainAclError(
      `The accessKey=${accessKey ?? 'null'} and secretKey=${secretKey === undefined ? 'null' : '***'} cannot be null and length should longer than 6`,
    )
  }
  return { accessKey, secretKey }
}
