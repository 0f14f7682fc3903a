// SPDX-License-Identifier: Apache-2.0
// All accounts and white lists of access control 1.0 together, and what they say to a request.
import { verifySignature } from '../signature.ts'
import { plainAccountOf, type PlainAccount } from './account.ts'
import { adminCodes, isAllowed, isGroupResource, PUB, resourceText } from './permission.ts'
import type { PlainAclData } from './plain-data.ts'
import type { PlainRequest } from './plain-request.ts'
import { parseRemoteAddress, type AddressMatch } from './remote-address.ts'

const TRACE_TOPIC = 'RMQ_SYS_TRACE_TOPIC'

/** The rules of all files. */
export interface PlainRules {
  readonly isWhite: readonly AddressMatch[]
  readonly accounts: ReadonlyMap<string, PlainAccount>
  /** The file each access key is from. */
  readonly fileOf: ReadonlyMap<string, string>
  /** Access keys that are in more than one place; the first counts. */
  readonly repeated: readonly string[]
}

/**
 * Puts files together.
 * @throws {PlainAclError} when anything in one of them cannot be used.
 */
export function plainRulesOf(files: ReadonlyMap<string, PlainAclData>): PlainRules {
  const isWhite: AddressMatch[] = []
  const accounts = new Map<string, PlainAccount>()
  const fileOf = new Map<string, string>()
  const repeated: string[] = []
  for (const [path, data] of files) {
    isWhite.push(...data.globalWhiteRemoteAddresses.map(parseRemoteAddress))
    for (const config of data.accounts) {
      const account = plainAccountOf(config)
      if (accounts.has(account.accessKey)) repeated.push(account.accessKey)
      else {
        accounts.set(account.accessKey, account)
        fileOf.set(account.accessKey, path)
      }
    }
  }
  return { isWhite, accounts, fileOf, repeated }
}

/** What Java's exception says when the request may not pass; undefined when it may. @see PlainPermissionManager.validate */
export function plainFault(rules: PlainRules, request: PlainRequest): string | undefined {
  const { accessKey, sourceIp } = request
  if (rules.isWhite.some((isWhite) => isWhite(sourceIp))) return undefined
  if (accessKey === undefined) return 'No accessKey is configured'
  const account = rules.accounts.get(accessKey)
  if (account === undefined) return `No acl config for ${accessKey}`
  if (account.isWhite(sourceIp)) return undefined
  if (!verifySignature(account.secretKey, request.fields, request.body, true)) {
    return `Check signature failed for accessKey=${accessKey}`
  }
  if (request.needed.get(TRACE_TOPIC) === PUB) return undefined
  return permissionFault(request, account)
}

function permissionFault(request: PlainRequest, account: PlainAccount): string | undefined {
  const { code, needed } = request
  const { accessKey, isAdmin, permissions } = account
  if (adminCodes.has(code) && !isAdmin) {
    return `Need admin permission for request code=${code}, but accessKey=${accessKey} is not`
  }
  if (needed.size === 0 || (permissions === undefined && isAdmin)) return undefined
  for (const [resource, permission] of needed) {
    const fallback = isGroupResource(resource)
      ? account.defaultGroupPermission
      : account.defaultTopicPermission
    if (!isAllowed(permission, permissions?.get(resource) ?? fallback)) {
      return `No default permission for ${resourceText(resource)}`
    }
  }
  return undefined
}
