// SPDX-License-Identifier: Apache-2.0
// Decides who a request comes from, with the answers Java's DefaultAuthenticationHandler gives.
import { refuse, ResponseCode, type Refusal } from '@rocketmq-ts/remoting'
import { SignatureField, verifyRequest } from './signature.ts'
import type { UserTable } from './user-table.ts'

/** What authentication looks at. */
export interface SignedRequest {
  readonly fields: ReadonlyMap<string, string>
  readonly body: Uint8Array
  /** The client's version on the wire. */
  readonly version: number
}

/** Undefined when the request is signed by an enabled user of the table. */
export function authenticate(users: UserTable, request: SignedRequest): Refusal | undefined {
  const accessKey = request.fields.get(SignatureField.ACCESS_KEY) ?? ''
  if (accessKey === '') return declined('username cannot be null.')
  const user = users.find(accessKey)
  if (user === undefined) return declined(`User:${accessKey} is not found.`)
  if (user.enabled === false) return declined(`User:${accessKey} is disabled.`)
  if (!verifyRequest(user.secretKey, request.fields, request.body, request.version)) {
    return declined('check signature failed.')
  }
  return undefined
}

function declined(remark: string): Refusal {
  return refuse(ResponseCode.NO_PERMISSION, remark)
}
