// SPDX-License-Identifier: Apache-2.0
// Decides whether a user may do what a request needs, with the answers Java's authorization chain gives.
import { refuse, ResponseCode, type Refusal } from '@rocketmq-ts/remoting'
import type { AuthMetadata } from './auth-metadata.ts'
import { decide, type Access } from './policy.ts'
import { resourceKey } from './resource.ts'
import { subjectKeyOf } from './user.ts'

/** Java's text when its own code fails on the way to a decision. */
const FAILED = 'Authorization failed. Please verify your access rights and try again.'
/** Java's text for requests whose resources cannot be read. */
const UNREADABLE = 'parse authorization context error.'

/** Who asks, and from where. */
export interface Asker {
  /** The access key, checked before or not; undefined when there is none. */
  readonly username: string | undefined
  readonly sourceIp: string
}

/** The refusal of a request whose needs are unknown. */
export function unreadableRequest(): Refusal {
  return refuse(ResponseCode.NO_PERMISSION, UNREADABLE)
}

/** Undefined when everything that is needed is allowed; otherwise the answer to the first that is not. */
export function authorize(
  metadata: AuthMetadata,
  asker: Asker,
  needed: readonly Access[],
): Refusal | undefined {
  for (const access of needed) {
    const remark = reasonToDeny(metadata, asker, access)
    if (remark !== undefined) return refuse(ResponseCode.NO_PERMISSION, remark)
  }
  return undefined
}

/** @see UserAuthorizationHandler, then AclAuthorizationHandler */
function reasonToDeny(
  metadata: AuthMetadata,
  { username, sourceIp }: Asker,
  access: Access,
): string | undefined {
  if (username === undefined) return FAILED
  const user = metadata.find(username)
  if (user === undefined) return `User:${username} not found.`
  if (user.userStatus === 'disable') return `User:${username} is disabled.`
  if (user.userType === 'Super') return undefined
  const acl = metadata.aclOf(username)
  const decision = acl === undefined ? undefined : decide(acl, access, sourceIp)
  if (decision === 'Allow') return undefined
  if (decision === 'unreadable') return FAILED
  const detail = decision === 'Deny' ? 'the decision is deny.' : 'no matched policies.'
  const what = resourceKey(access.resource)
  return `${subjectKeyOf(username)} has no permission to access ${what} from ${sourceIp}, ${detail}`
}
