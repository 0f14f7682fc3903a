// SPDX-License-Identifier: Apache-2.0
// What the requests that administer users and policies have in common.
import { auditText, SignatureField, systemError, type AuthMetadata } from '@rocketmq-ts/acl'
import { refuse, reply, ResponseCode, type Call, type Reply } from '@rocketmq-ts/remoting'
import type { NoFields } from '@rocketmq-ts/remoting'
import type { BrokerContext } from '../context.ts'

/** A change of users or policies by one request. */
export interface AuthChange {
  readonly event: string
  /** Whom it is about. */
  readonly subject: string | undefined
  readonly run: (metadata: AuthMetadata) => ReturnType<AuthMetadata['createUser']>
}

/** Success with the remark that Java never takes out of it. */
export function done(body?: Uint8Array): Reply<NoFields> {
  return reply({}, { remark: 'not set any response code', ...(body && { body: [body] }) })
}

/** Makes a change and writes it down with its outcome; answers as Java when no users and policies are kept. */
export function changeAuth(
  broker: BrokerContext,
  call: Call<unknown>,
  { event, subject, run }: AuthChange,
): Reply<NoFields> {
  const { metadata, audit } = broker.access
  if (metadata === undefined) return systemError()
  const refusal = run(metadata)
  audit.info(
    {
      event,
      subject: auditText(subject),
      by: auditText(call.ext(SignatureField.ACCESS_KEY)),
      peer: call.connection.remoteAddress,
      refused: refusal?.remark,
    },
    'an administrator asked for a change of access',
  )
  return refusal ?? done()
}

/** Who may not touch super users, in Java's words; undefined when the sender is one, or nobody is asked who he is. */
export function superUserFault(
  metadata: AuthMetadata,
  call: Call<unknown>,
  verb: 'create' | 'update',
): string | undefined {
  const username = call.ext(SignatureField.ACCESS_KEY) ?? ''
  if (username === '') return undefined
  const user = metadata.find(username)
  if (user === undefined) return `User:${username} is not found`
  return user.userType === 'Super' ? undefined : `The super user can only be ${verb} by super user`
}

/** Java's answer to a body that is missing or no JSON of that form. */
export function badBody(what: string): Reply<NoFields> {
  return refuse(ResponseCode.SYSTEM_ERROR, `the body is not ${what}`)
}

/** @see AdminBrokerProcessor: the name is looked at before the body */
export function blankUsername(): Reply<NoFields> {
  return refuse(ResponseCode.INVALID_PARAMETER, 'The username is blank')
}

/** What Java's exception for a body without policies reads as. */
export const EMPTY_ACL: string =
  'org.apache.rocketmq.auth.authorization.exception.AuthorizationException: The body of acl is null'
