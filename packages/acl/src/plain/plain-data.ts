// SPDX-License-Identifier: Apache-2.0
// The content of one plain_acl.yml as objects: checked, with scalars read as Java's reader takes them.
import type { PlainAccessConfig } from './account.ts'
import { PlainAclError } from './fault.ts'

/** Counter and time of a file's last change. */
export interface PlainDataVersion {
  readonly counter: number
  readonly timestamp: number
}

/** One file. */
export interface PlainAclData {
  readonly globalWhiteRemoteAddresses: readonly string[]
  readonly accounts: readonly PlainAccessConfig[]
  readonly version: PlainDataVersion | undefined
}

type Members = Readonly<Record<string, unknown>>

/**
 * Reads what a YAML parser gives; nothing at all is an empty file. Members that nobody knows are passed over.
 * @throws {PlainAclError} naming the place.
 */
export function parsePlainAcl(value: unknown): PlainAclData {
  if (value === null || value === undefined) {
    return { globalWhiteRemoteAddresses: [], accounts: [], version: undefined }
  }
  const file = membersOf(value, 'the file')
  const accounts = listOf(file['accounts'], 'accounts').map((account, index) =>
    accountConfigOf(membersOf(account, `accounts[${index}]`), `accounts[${index}]`),
  )
  const version = listOf(file['dataVersion'], 'dataVersion')[0]
  return {
    globalWhiteRemoteAddresses: textsOf(
      file['globalWhiteRemoteAddresses'],
      'globalWhiteRemoteAddresses',
    ),
    accounts,
    version: version === undefined ? undefined : versionOf(membersOf(version, 'dataVersion[0]')),
  }
}

function accountConfigOf(account: Members, place: string): PlainAccessConfig {
  const text = (name: string): string | undefined => textOf(account[name], `${place}.${name}`)
  const texts = (name: string): readonly string[] | undefined =>
    account[name] === undefined || account[name] === null
      ? undefined
      : textsOf(account[name], `${place}.${name}`)
  return {
    accessKey: text('accessKey'),
    secretKey: text('secretKey'),
    whiteRemoteAddress: text('whiteRemoteAddress'),
    admin: flagOf(account['admin'], `${place}.admin`),
    defaultTopicPerm: text('defaultTopicPerm'),
    defaultGroupPerm: text('defaultGroupPerm'),
    topicPerms: texts('topicPerms'),
    groupPerms: texts('groupPerms'),
  }
}

function versionOf(version: Members): PlainDataVersion {
  const counter = Number(version['counter'] ?? 0)
  const timestamp = Number(version['timestamp'] ?? 0)
  if (!Number.isSafeInteger(counter) || !Number.isSafeInteger(timestamp)) {
    throw new PlainAclError('dataVersion: counter and timestamp must be whole numbers')
  }
  return { counter, timestamp }
}

function membersOf(value: unknown, place: string): Members {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new PlainAclError(`${place}: expected names and values`)
  }
  return value as Members
}

function listOf(value: unknown, place: string): readonly unknown[] {
  if (value === undefined || value === null) return []
  if (!Array.isArray(value)) throw new PlainAclError(`${place}: expected a list`)
  return value
}

function textsOf(value: unknown, place: string): readonly string[] {
  return listOf(value, place).map((item, index) => {
    const text = textOf(item, `${place}[${index}]`)
    if (text === undefined) throw new PlainAclError(`${place}[${index}]: expected a text`)
    return text
  })
}

/** A key of digits only is a number to YAML. */
function textOf(value: unknown, place: string): string | undefined {
  if (value === undefined || value === null) return undefined
  if (typeof value === 'string') return value
  if (typeof value === 'boolean' || typeof value === 'bigint') return String(value)
  if (typeof value === 'number' && Number.isSafeInteger(value)) return String(value)
  throw new PlainAclError(`${place}: expected a text; put it in quotes if it looks like a number`)
}

function flagOf(value: unknown, place: string): boolean {
  if (value === undefined || value === null) return false
  if (typeof value === 'boolean') return value
  if (value === 'true' || value === 'false') return value === 'true'
  throw new PlainAclError(`${place}: expected true or false`)
}
