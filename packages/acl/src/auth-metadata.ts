// SPDX-License-Identifier: Apache-2.0
// The users and policies of a server: found by name, changed by administrators with the answers Java gives them.
import { refuse, ResponseCode, type Refusal } from '@rocketmq-ts/remoting'
import type { AclInfo, UserInfo } from '@rocketmq-ts/remoting/bodies'
import { policiesOf, policyTypeOf } from './acl-info.ts'
import { withoutResource, withPolicies, type Acl } from './policy.ts'
import { parseResource, resourceKey } from './resource.ts'
import { subjectKeyOf, usernameOf, userStatusOf, userTypeOf, type User } from './user.ts'

/** Everything that is kept. */
export interface AuthData {
  readonly users: ReadonlyMap<string, User>
  /** By user name. */
  readonly acls: ReadonlyMap<string, Acl>
}

/** Nobody and nothing. */
export const NO_AUTH_DATA: AuthData = { users: new Map(), acls: new Map() }

/** What a changed user is to become; what is undefined stays. */
export interface UserChange {
  readonly username: string
  readonly password?: string | undefined
  readonly userType?: string | undefined
  readonly userStatus?: string | undefined
}

/** Users and policies. A change is kept before it holds: when `save` throws, nothing has changed. */
export class AuthMetadata {
  #data: AuthData
  #version = 0
  readonly #save: (data: AuthData) => void

  constructor(data: AuthData = NO_AUTH_DATA, save: (data: AuthData) => void = () => undefined) {
    this.#data = data
    this.#save = save
  }

  /** Another number after each change: what was derived from users and policies is then out of date. */
  get version(): number {
    return this.#version
  }

  find(username: string): User | undefined {
    return this.#data.users.get(username)
  }

  aclOf(username: string): Acl | undefined {
    return this.#data.acls.get(username)
  }

  /** Takes over what was read anew, without saving it. */
  replace(data: AuthData): void {
    this.#data = data
    this.#version++
  }

  #change(data: AuthData): undefined {
    this.#save(data)
    this.replace(data)
    return undefined
  }

  /** @see AuthenticationMetadataManagerImpl.createUser */
  createUser(change: UserChange): Refusal | undefined {
    const { username, password = '' } = change
    if (isBlank(username)) return denied('username can not be blank')
    if (isBlank(password)) return denied('password can not be blank')
    if (this.find(username) !== undefined) return denied('The user is existed')
    return this.#putUser({
      username,
      password,
      userType: userTypeOf(change.userType) ?? 'Normal',
      userStatus: userStatusOf(change.userStatus) ?? 'enable',
    })
  }

  /** @see AuthenticationMetadataManagerImpl.updateUser */
  updateUser(change: UserChange): Refusal | undefined {
    const { username, password = '' } = change
    if (isBlank(username)) return denied('username can not be blank')
    const old = this.find(username)
    if (old === undefined) return denied('The user is not exist')
    return this.#putUser({
      username,
      password: isBlank(password) ? old.password : password,
      userType: userTypeOf(change.userType) ?? old.userType,
      userStatus: userStatusOf(change.userStatus) ?? old.userStatus,
    })
  }

  #putUser(user: User): undefined {
    const users = new Map(this.#data.users).set(user.username, user)
    return this.#change({ users, acls: this.#data.acls })
  }

  /** The policies go with the user. Nothing happens when there is no such user. */
  deleteUser(username: string): Refusal | undefined {
    if (isBlank(username)) return denied('username can not be blank')
    const users = new Map(this.#data.users)
    const acls = new Map(this.#data.acls)
    const isGone = users.delete(username)
    return acls.delete(username) || isGone ? this.#change({ users, acls }) : undefined
  }

  /** Users whose name contains the filter, by name. */
  listUsers(filter?: string): readonly User[] {
    const users = [...this.#data.users.values()]
    const isWanted = containsFilter(filter)
    return users.filter(({ username }) => isWanted(username)).toSorted(byUsername)
  }

  /**
   * AUTH_CREATE_ACL and AUTH_UPDATE_ACL, which are one: entries for the same resource are replaced, others added.
   * @param subject counts when the body names none
   * @see AuthorizationMetadataManagerImpl.createAcl
   */
  putAcl(info: AclInfo, subject: string | undefined): Refusal | undefined {
    const username = usernameOf(info.subject) ?? usernameOf(subject)
    if (username === undefined) return systemError()
    const policies = policiesOf(info.policies ?? [])
    if (typeof policies === 'string') return denied(policies)
    if (this.find(username) === undefined) {
      return denied(`The subject of ${subjectKeyOf(username)} is not exist.`)
    }
    const old = this.aclOf(username)
    return this.#putAcl(old === undefined ? { username, policies } : withPolicies(old, policies))
  }

  #putAcl(acl: Acl): undefined {
    const acls = new Map(this.#data.acls).set(acl.username, acl)
    return this.#change({ users: this.#data.users, acls })
  }

  /** All policies, or those for one resource. @see AuthorizationMetadataManagerImpl.deleteAcl */
  deleteAcl(
    subject: string | undefined,
    policyType: string | undefined,
    resourceText: string | undefined,
  ): Refusal | undefined {
    const username = usernameOf(subject)
    if (username === undefined) return denied('The subject is null.')
    if (this.find(username) === undefined) return denied('The subject is not exist.')
    const old = this.aclOf(username)
    if (old === undefined) return denied('The acl is not exist.')
    const resource = parseResource(resourceText)
    if (resource !== undefined) {
      const left = withoutResource(old, policyTypeOf(policyType) ?? 'Custom', resource)
      if (left.policies.length > 0) return this.#putAcl(left)
    }
    const acls = new Map(this.#data.acls)
    acls.delete(username)
    return this.#change({ users: this.#data.users, acls })
  }

  /** A subject's policies; undefined when it has none. */
  getAcl(subject: string | undefined): Acl | Refusal | undefined {
    const username = usernameOf(subject)
    if (username === undefined) return denied('The subject is null.')
    if (this.find(username) === undefined) return denied('The subject is not exist.')
    return this.aclOf(username)
  }

  /**
   * Policies of subjects that contain one filter, with the entries whose resource contains the other.
   * As in Java the second filter is passed over where the subject contains it.
   */
  listAcls(subjectFilter?: string, resourceFilter?: string): readonly Acl[] {
    const isSubject = containsFilter(subjectFilter)
    const isResource = containsFilter(resourceFilter)
    const found: Acl[] = []
    for (const acl of [...this.#data.acls.values()].toSorted(byUsername)) {
      const subject = subjectKeyOf(acl.username)
      if (!isSubject(subject)) continue
      const policies = isResource(subject)
        ? acl.policies
        : acl.policies
            .map(({ type, entries }) => ({
              type,
              entries: entries.filter(({ resource }) => isResource(resourceKey(resource))),
            }))
            .filter(({ entries }) => entries.length > 0)
      if (policies.length > 0) found.push({ username: acl.username, policies })
    }
    return found
  }

  /** Adds the user unless there is one of that name: for the first start and for what 1.0 leaves behind. */
  addUser(info: UserInfo): Refusal | undefined {
    const { username = '' } = info
    return this.find(username) === undefined ? this.createUser({ ...info, username }) : undefined
  }
}

function containsFilter(filter: string | undefined): (text: string) => boolean {
  return filter === undefined || isBlank(filter) ? () => true : (text) => text.includes(filter)
}

/** The order of Java's store: that of the bytes. */
function byUsername(a: { readonly username: string }, b: { readonly username: string }): number {
  return Buffer.compare(Buffer.from(a.username), Buffer.from(b.username))
}

function isBlank(text: string): boolean {
  return text.trim() === ''
}

function denied(remark: string): Refusal {
  return refuse(ResponseCode.NO_PERMISSION, remark)
}

/** What Java's broker answers when its own code fails. */
export function systemError(): Refusal {
  return refuse(ResponseCode.SYSTEM_ERROR, 'An system error occurred, please try again later.')
}
