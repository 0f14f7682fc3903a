// SPDX-License-Identifier: Apache-2.0
// Users of access control 2.0: who may sign, and who is beyond all policies.

/** Java's names on the wire; a super user passes every policy. */
export type UserType = 'Super' | 'Normal'
/** Java's names on the wire. */
export type UserStatus = 'enable' | 'disable'

/** A user. The password signs requests, so it is kept as it is. */
export interface User {
  readonly username: string
  readonly password: string
  readonly userType: UserType
  readonly userStatus: UserStatus
}

const types: readonly UserType[] = ['Super', 'Normal']
const statuses: readonly UserStatus[] = ['enable', 'disable']

/** The type of that name in any case; undefined when there is none. */
export function userTypeOf(name: string | undefined): UserType | undefined {
  return nameOf(types, name)
}

/** The status of that name in any case; undefined when there is none. */
export function userStatusOf(name: string | undefined): UserStatus | undefined {
  return nameOf(statuses, name)
}

/** The one of `names` that is `text` but for case, as Java's getByName finds it. */
export function nameOf<T extends string>(
  names: readonly T[],
  text: string | undefined,
): T | undefined {
  if (text === undefined) return undefined
  const wanted = text.toLowerCase()
  return names.find((name) => name.toLowerCase() === wanted)
}

/** `User:name`, under which policies are kept. */
export function subjectKeyOf(username: string): string {
  return `User:${username}`
}

/** The user name in a subject such as `User:alice`; undefined when it is no subject. @see Subject.of */
export function usernameOf(subject: string | undefined): string | undefined {
  if (subject === undefined) return undefined
  const colon = subject.indexOf(':')
  const type = colon < 0 ? subject : subject.slice(0, colon)
  if (type.toLowerCase() !== 'user') return undefined
  return colon < 0 ? '' : subject.slice(colon + 1)
}
