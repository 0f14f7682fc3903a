// SPDX-License-Identifier: Apache-2.0
// Java's AuthConfig keys as what this package follows.
import { parseJavaJson } from '@rocketmq-ts/remoting/java-json'
import type { Credentials } from './signature.ts'

/** How requests are checked. */
export interface AccessConfig {
  /** Requests must be signed. */
  readonly isAuthenticated: boolean
  /** Requests must be allowed by a policy. */
  readonly isAuthorized: boolean
  /** Request codes that pass unsigned. */
  readonly authenticationWhitelist: ReadonlySet<number>
  /** Request codes that pass without a policy. */
  readonly authorizationWhitelist: ReadonlySet<number>
  /** How long a checked signature speaks for all requests of its connection and user; 0: each is checked. */
  readonly statefulAuthenticationMs: number
  /** Made as a super user unless there is one of that name. */
  readonly initialUser: Credentials | undefined
  /** What this server's own requests are signed with; also a super user. */
  readonly innerCredentials: Credentials | undefined
  /** True when users and policies are kept although nothing asks for them yet. */
  readonly hasMetadata: boolean
  /** Accounts of 1.0 become users and policies at the start. */
  readonly migrateFromV1: boolean
}

const STRATEGY_PACKAGE = 'org.apache.rocketmq.auth'
const LOCAL = {
  authenticationProvider: 'authentication.provider.DefaultAuthenticationProvider',
  authorizationProvider: 'authorization.provider.DefaultAuthorizationProvider',
  authenticationMetadataProvider: 'authentication.provider.LocalAuthenticationMetadataProvider',
  authorizationMetadataProvider: 'authorization.provider.LocalAuthorizationMetadataProvider',
} as const

/**
 * Reads Java's keys. What is not given is as in Java; classes of one's own cannot be had.
 * @throws {Error} naming the key; never with a secret in it.
 */
export function parseAccessConfig(given: ReadonlyMap<string, string>): AccessConfig {
  for (const [key, name] of Object.entries(LOCAL)) {
    const text = given.get(key)?.trim() ?? ''
    if (text !== '' && text !== `${STRATEGY_PACKAGE}.${name}`) {
      throw new Error(`${key}: only ${STRATEGY_PACKAGE}.${name} is there, leave it out or name it`)
    }
  }
  const isAuthenticated = isOn(given, 'authenticationEnabled')
  const isAuthorized = isOn(given, 'authorizationEnabled')
  const isStateful = strategyOf(given, 'authentication', 'Authentication')
  // Decisions of policies are always kept and dropped with each change, so both strategies decide alike.
  strategyOf(given, 'authorization', 'Authorization')
  const cacheSeconds = Number(given.get('statefulAuthenticationCacheExpiredSecond') ?? '60')
  return {
    isAuthenticated,
    isAuthorized,
    authenticationWhitelist: codesOf(given, 'authenticationWhitelist'),
    authorizationWhitelist: codesOf(given, 'authorizationWhitelist'),
    statefulAuthenticationMs: isStateful ? cacheSeconds * 1000 : 0,
    initialUser: credentialsOf(given, 'initAuthenticationUser', 'username', 'password'),
    innerCredentials: credentialsOf(
      given,
      'innerClientAuthenticationCredentials',
      'accessKey',
      'secretKey',
    ),
    hasMetadata:
      isAuthenticated ||
      isAuthorized ||
      (given.get('authenticationMetadataProvider') ?? '').trim() !== '',
    migrateFromV1: isOn(given, 'migrateAuthFromV1Enabled'),
  }
}

function isOn(given: ReadonlyMap<string, string>, key: string): boolean {
  return given.get(key)?.toLowerCase() === 'true'
}

/** True for the stateful one. */
function strategyOf(given: ReadonlyMap<string, string>, folder: string, name: string): boolean {
  const key = `${folder}Strategy`
  const text = given.get(key)?.trim() ?? ''
  const prefix = `${STRATEGY_PACKAGE}.${folder}.strategy.`
  if (text === `${prefix}Stateful${name}Strategy`) return true
  if (text === '' || text === `${prefix}Stateless${name}Strategy`) return false
  throw new Error(
    `${key}: must be ${prefix}Stateless${name}Strategy or ${prefix}Stateful${name}Strategy`,
  )
}

function codesOf(given: ReadonlyMap<string, string>, key: string): ReadonlySet<number> {
  const codes = new Set<number>()
  for (const part of (given.get(key) ?? '').split(',')) {
    const text = part.trim()
    if (text === '') continue
    // Java never finds what is no code; here nobody believes in an entry that does nothing.
    if (!/^\d{1,9}$/.test(text)) throw new Error(`${key}: '${text}' is no request code`)
    codes.add(Number(text))
  }
  return codes
}

function credentialsOf(
  given: ReadonlyMap<string, string>,
  key: string,
  name: string,
  secret: string,
): Credentials | undefined {
  const text = given.get(key)?.trim() ?? ''
  if (text === '') return undefined
  let value: unknown
  try {
    value = parseJavaJson(Buffer.from(text, 'utf8'))
  } catch {
    // The parser's message may quote the secret.
    value = undefined
  }
  const accessKey = memberOf(value, name)
  const secretKey = memberOf(value, secret)
  if (accessKey === '' || secretKey === '') {
    throw new Error(`${key}: must be JSON such as {"${name}":"…","${secret}":"…"}, neither empty`)
  }
  return { accessKey, secretKey }
}

function memberOf(value: unknown, name: string): string {
  if (typeof value !== 'object' || value === null || !(name in value)) return ''
  const member: unknown = Reflect.get(value, name)
  return typeof member === 'string' && member.trim() !== '' ? member : ''
}
