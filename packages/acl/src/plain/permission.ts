// SPDX-License-Identifier: Apache-2.0
// Permissions of access control 1.0 as bits and texts. @see org.apache.rocketmq.acl.common.Permission
import { PlainAclError } from './fault.ts'

const DENY = 1
export const PUB: number = 1 << 2
export const SUB: number = 1 << 3

const RETRY_PREFIX = '%RETRY%'

const texts: ReadonlyMap<string, number> = new Map([
  ['PUB', PUB],
  ['SUB', SUB],
  ['PUB|SUB', PUB | SUB],
  ['SUB|PUB', PUB | SUB],
])

/** Codes that only accounts with `admin: true` may use. */
export const adminCodes: ReadonlySet<number> = new Set([17, 25, 215, 200, 207])

/** What is no permission denies. */
export function parsePermission(text: string | undefined): number {
  return texts.get(text?.trim() ?? '') ?? DENY
}

export function isAllowed(needed: number, owned: number): boolean {
  return (owned & DENY) === 0 && (needed & owned) !== 0
}

/** The topic under which the permission of a group is kept. */
export function retryTopicOf(group: string): string {
  return RETRY_PREFIX + group
}

/** `group:G` of a retry topic, `topic:T` of any other, as refusals name them. */
export function resourceText(resource: string): string {
  return resource.startsWith(RETRY_PREFIX)
    ? `group:${resource.slice(RETRY_PREFIX.length)}`
    : `topic:${resource}`
}

export function isGroupResource(resource: string): boolean {
  return resource.startsWith(RETRY_PREFIX)
}

/**
 * Reads `TopicA=PUB|SUB` into a resource and its permission.
 * @throws {PlainAclError} when it has another form.
 */
export function parseResourcePermission(
  text: string,
  kind: 'topic' | 'group',
): readonly [resource: string, permission: number] {
  const items = text.split('=').filter((item) => item !== '')
  const [name, permission] = items
  if (items.length !== 2 || name === undefined) {
    throw new PlainAclError(`Parse resource permission failed for ${kind}:${text}`)
  }
  const resource = kind === 'topic' ? name.trim() : retryTopicOf(name.trim())
  return [resource, parsePermission(permission)]
}

/**
 * Checks permissions that an administrator sends, more strictly than those in a file.
 * @throws {PlainAclError} with Java's text.
 */
export function checkResourcePermissions(permissions: readonly string[]): void {
  for (const text of permissions) {
    const items = text.split('=').filter((item) => item !== '')
    const permission = items[1]?.trim() ?? ''
    if (items.length !== 2) {
      throw new PlainAclError(
        `Parse Resource format error for ${text}.\nThe expected resource format is 'Res=Perm'. For example: topicA=SUB`,
      )
    }
    if (permission !== 'DENY' && parsePermission(permission) === DENY) {
      throw new PlainAclError(
        `Parse resource permission error for ${text}.\nThe expected permissions are 'SUB' or 'PUB' or 'SUB|PUB' or 'PUB|SUB'.`,
      )
    }
  }
}
