// SPDX-License-Identifier: Apache-2.0
// What a request's signature covers, how it is made and how it is compared.
import { createHmac, timingSafeEqual } from 'node:crypto'

/** Who signs. The secret key never leaves the process. */
export interface Credentials {
  readonly accessKey: string
  readonly secretKey: string
  readonly securityToken?: string | undefined
}

/** Header fields that carry the signature. */
export const SignatureField = {
  ACCESS_KEY: 'AccessKey',
  SIGNATURE: 'Signature',
  SECURITY_TOKEN: 'SecurityToken',
} as const

/** What is added to a request's header fields. */
export interface SignatureFields {
  readonly AccessKey: string
  readonly Signature: string
  readonly SecurityToken?: string
}

/** Clients up to 4.9.3 (its number on the wire) leave this field out of what they sign. */
const LAST_VERSION_WITHOUT_UNIQUE_KEY_QUERY = 399
/** Set by clients on queries by the key they give every message. */
export const UNIQUE_KEY_QUERY = '_UNIQUE_KEY_QUERY'

/** Whether a client of that version on the wire signs without {@link UNIQUE_KEY_QUERY}. */
export function isWithoutUniqueKeyQuery(version: number | undefined): boolean {
  return version !== undefined && version <= LAST_VERSION_WITHOUT_UNIQUE_KEY_QUERY
}

/**
 * Signs a request: HMAC-SHA1 over the values of its fields, the access key among them, and its body.
 * @param fields the header fields as text, without the signature's own
 */
export function signRequest(
  credentials: Credentials,
  fields: ReadonlyMap<string, string>,
  body: Uint8Array,
): SignatureFields {
  const { accessKey, secretKey, securityToken } = credentials
  const signed = new Map(fields).set(SignatureField.ACCESS_KEY, accessKey)
  if (securityToken !== undefined) signed.set(SignatureField.SECURITY_TOKEN, securityToken)
  const Signature = signatureOf(secretKey, signedText(signed), body)
  return securityToken === undefined
    ? { AccessKey: accessKey, Signature }
    : { AccessKey: accessKey, Signature, SecurityToken: securityToken }
}

/**
 * Whether the request carries the signature that the secret key gives. Takes the same time wherever two signatures differ.
 * @param fields the header fields as received, with the signature
 * @param version the client's version on the wire, when known
 */
export function verifyRequest(
  secretKey: string,
  fields: ReadonlyMap<string, string>,
  body: Uint8Array,
  version?: number,
): boolean {
  return verifySignature(secretKey, fields, body, isWithoutUniqueKeyQuery(version))
}

/** Reused: verifying is synchronous. Room for as many characters as a signature has, of three bytes each. */
const givenBytes = Buffer.alloc(96)
const expectedBytes = Buffer.alloc(96)

/** As {@link verifyRequest}; `leavesOutUniqueKeyQuery` leaves that field out, as servers before 5.0 do for everyone. */
export function verifySignature(
  secretKey: string,
  fields: ReadonlyMap<string, string>,
  body: Uint8Array,
  leavesOutUniqueKeyQuery: boolean,
): boolean {
  const given = fields.get(SignatureField.SIGNATURE) ?? ''
  const text = signedText(fields, leavesOutUniqueKeyQuery)
  const expected = signatureOf(secretKey, text, body)
  // The length is no secret. A text of other characters has more bytes than characters.
  if (given.length !== expected.length) return false
  if (givenBytes.write(given, 'utf8') !== given.length) return false
  expectedBytes.write(expected, 'latin1')
  return timingSafeEqual(
    givenBytes.subarray(0, expected.length),
    expectedBytes.subarray(0, expected.length),
  )
}

/** Text of the values in the order of their names as UTF-16 units, as Java's TreeMap has them; the body follows. */
export function signedText(
  fields: ReadonlyMap<string, string>,
  leavesOutUniqueKeyQuery: boolean = false,
): string {
  names.length = 0
  for (const name of fields.keys()) {
    if (name === SignatureField.SIGNATURE) continue
    if (leavesOutUniqueKeyQuery && name === UNIQUE_KEY_QUERY) continue
    insertInOrder(name)
  }
  let text = ''
  for (const name of names) text += fields.get(name) ?? ''
  return text
}

/** Reused: signing is synchronous. */
const names: string[] = []

/** Fields mostly come in order already, so this is one comparison each. */
function insertInOrder(name: string): void {
  let at = names.length
  while (at > 0 && (names[at - 1] as string) > name) {
    names[at] = names[at - 1] as string
    at--
  }
  names[at] = name
}

function signatureOf(secretKey: string, text: string, body: Uint8Array): string {
  return createHmac('sha1', secretKey).update(text, 'utf8').update(body).digest('base64')
}
