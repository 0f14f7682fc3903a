// SPDX-License-Identifier: Apache-2.0
// Changes to the content of one file of access control 1.0; members nobody knows stay. @see PlainPermissionManager.updateAccessConfig
import {
  checkedKeys,
  checkResourcePermissions,
  type PlainAccessConfig,
  type PlainDataVersion,
} from '@rocketmq-ts/acl'

type Members = Record<string, unknown>

/** With the account added, or changed in the members that are given. @throws {PlainAclError} with Java's text */
export function withAccount(file: unknown, config: PlainAccessConfig): object {
  checkedKeys(config)
  checkResourcePermissions(config.topicPerms ?? [])
  checkResourcePermissions(config.groupPerms ?? [])
  const content = membersOf(file)
  const accounts = accountsIn(content)
  const old = accounts.find(({ accessKey }) => String(accessKey) === config.accessKey)
  const changed: Members = { ...old }
  for (const [name, value] of Object.entries(config) as [string, unknown][]) {
    const isUnset = value === undefined || (value === '' && name !== 'whiteRemoteAddress')
    if (!isUnset) changed[name] = value
  }
  return { ...content, accounts: [...accounts.filter((account) => account !== old), changed] }
}

export function withoutAccount(file: unknown, accessKey: string): object {
  const content = membersOf(file)
  const accounts = accountsIn(content).filter(
    (account) => String(account['accessKey']) !== accessKey,
  )
  return { ...content, accounts }
}

export function withWhiteAddresses(file: unknown, addresses: readonly string[]): object {
  return { ...membersOf(file), globalWhiteRemoteAddresses: addresses }
}

export function withVersion(file: object, { counter, timestamp }: PlainDataVersion): object {
  return { ...file, dataVersion: [{ counter, timestamp }] }
}

function membersOf(file: unknown): Members {
  return typeof file === 'object' && file !== null ? (file as Members) : {}
}

function accountsIn(content: Members): readonly Members[] {
  const accounts = content['accounts']
  return Array.isArray(accounts) ? (accounts as readonly Members[]) : []
}
