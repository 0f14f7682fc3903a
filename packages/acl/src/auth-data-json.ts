// SPDX-License-Identifier: Apache-2.0
// Users and policies as a JSON file: the same members as in the bodies administrators send.
//
// { "version": 1,
//   "users": [ { "password": "…", "userStatus": "enable", "userType": "Super", "username": "admin" } ],
//   "acls":  [ { "policies": [ { "entries": [ { "actions": ["Pub"], "decision": "Allow", "resource": "Topic:*" } ],
//                                "policyType": "Custom" } ],
//                "subject": "User:alice" } ] }
import {
  decodeAclInfoList,
  decodeUserInfoList,
  type AclInfo,
  type UserInfo,
} from '@rocketmq-ts/remoting/bodies'
import { aclInfoOf, policiesOf, userInfoOf } from './acl-info.ts'
import type { AuthData } from './auth-metadata.ts'
import type { Acl } from './policy.ts'
import { usernameOf, userStatusOf, userTypeOf, type User } from './user.ts'

const VERSION = 1

/** UTF-8 of the file. */
export function encodeAuthData({ users, acls }: AuthData): Uint8Array {
  const file = {
    version: VERSION,
    users: [...users.values()].map(userInfoOf),
    acls: [...acls.values()].map(aclInfoOf),
  }
  return Buffer.from(`${JSON.stringify(file, undefined, 2)}\n`, 'utf8')
}

/**
 * Reads the file. Nothing of it is taken over when anything in it is wrong: half a rule book lets in or locks out the wrong people.
 * @throws {Error} that says where; never with a password in it.
 */
export function decodeAuthData(bytes: Uint8Array): AuthData {
  const file = parsedObject(bytes)
  if (file['version'] !== VERSION) {
    throw new Error(`users and policies: version must be ${VERSION}`)
  }
  const users = new Map<string, User>()
  for (const [index, info] of decodeList('users', file['users'], decodeUserInfoList).entries()) {
    const user = userOf(info)
    if (typeof user === 'string') throw new Error(`users and policies: users[${index}]: ${user}`)
    if (users.has(user.username)) {
      throw new Error(`users and policies: users[${index}]: ${user.username} is there twice`)
    }
    users.set(user.username, user)
  }
  const acls = new Map<string, Acl>()
  for (const [index, info] of decodeList('acls', file['acls'], decodeAclInfoList).entries()) {
    const acl = aclOf(info)
    if (typeof acl === 'string') throw new Error(`users and policies: acls[${index}]: ${acl}`)
    if (acls.has(acl.username)) {
      throw new Error(`users and policies: acls[${index}]: ${acl.username} is there twice`)
    }
    acls.set(acl.username, acl)
  }
  return { users, acls }
}

function parsedObject(bytes: Uint8Array): Readonly<Record<string, unknown>> {
  let file: unknown
  try {
    file = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  } catch {
    // The parser's own message quotes the text, which may hold a password.
    throw new Error('users and policies: this is no JSON')
  }
  if (typeof file !== 'object' || file === null || Array.isArray(file)) {
    throw new Error('users and policies: expected an object with version, users and acls')
  }
  return file as Readonly<Record<string, unknown>>
}

function decodeList<T>(
  name: string,
  value: unknown,
  decode: (bytes: Uint8Array) => readonly T[],
): readonly T[] {
  if (!Array.isArray(value)) throw new Error(`users and policies: ${name} must be a list`)
  try {
    return decode(Buffer.from(JSON.stringify(value), 'utf8'))
  } catch {
    throw new Error(
      `users and policies: ${name} has an entry of another form than administrators send`,
    )
  }
}

function userOf(info: UserInfo | null): User | string {
  const { username = '', password = '' } = info ?? {}
  const userType = userTypeOf(info?.userType)
  const userStatus = userStatusOf(info?.userStatus)
  if (username.trim() === '') return 'username is missing'
  if (password.trim() === '') return 'password is missing'
  if (userType === undefined) return 'userType must be Super or Normal'
  if (userStatus === undefined) return 'userStatus must be enable or disable'
  return { username, password, userType, userStatus }
}

function aclOf(info: AclInfo | null): Acl | string {
  const username = usernameOf(info?.subject)
  if (username === undefined) return 'subject must be User:name'
  for (const { policyType } of info?.policies ?? []) {
    if (policyType !== 'Custom' && policyType !== 'Default') {
      return 'policyType must be Custom or Default'
    }
  }
  const policies = policiesOf(info?.policies ?? [])
  return typeof policies === 'string' ? policies : { username, policies }
}
