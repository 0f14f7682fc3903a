// SPDX-License-Identifier: Apache-2.0
// Decides who a request comes from, with the answers Java's DefaultAuthenticationHandler gives.
import { refuse, ResponseCode, type Refusal } from '@rocketmq-ts/remoting'
import { SignatureField, verifyRequest } from './signature.ts'
import type { User } from './user.ts'

/** What authentication looks at. */
export interface SignedRequest {
  readonly fields: ReadonlyMap<string, string>
  readonly body: Uint8Array
  /** The client's version on the wire. */
  readonly version: number
}

/** Where users are found; AuthMetadata is one. */
export interface UserSource {
  find(accessKey: string): Pick<User, 'password' | 'userStatus'> | undefined
}

/** Undefined when the request is signed by an enabled user. */
export function authenticate(users: UserSource, request: SignedRequest): Refusal | undefined {
  const accessKey = request.fields.get(SignatureField.ACCESS_KEY) ?? ''
  if (accessKey === '') return declined('username cannot be null.')
  const user = users.find(accessKey)
  if (user === undefined) return declined(`User:${accessKey} is not found.`)
  if (user.userStatus === 'disable') return declined(`User:${accessKey} is disabled.`)
  if (!verifyRequest(user.password, request.fields, request.body, request.version)) {
    return declined('check signature failed.')
  }
  return undefined
}

function declined(remark: string): Refusal {
  return refuse(ResponseCode.NO_PERMISSION, remark)
}
