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
const UNIQUE_KEY_QUERY = '_UNIQUE_KEY_QUERY'

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
  const Signature = signatureOf(secretKey, signed, body)
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
  const given = Buffer.from(fields.get(SignatureField.SIGNATURE) ?? '', 'utf8')
  const expected = Buffer.from(signatureOf(secretKey, signedFields(fields, version), body), 'utf8')
  return given.length === expected.length && timingSafeEqual(given, expected)
}

/** Text of the values in the order of their names as UTF-16 units, as Java's TreeMap has them; the body follows. */
export function signedText(fields: ReadonlyMap<string, string>): string {
  return [...fields]
    .filter(([name]) => name !== SignatureField.SIGNATURE)
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([, value]) => value)
    .join('')
}

function signatureOf(
  secretKey: string,
  fields: ReadonlyMap<string, string>,
  body: Uint8Array,
): string {
  return createHmac('sha1', Buffer.from(secretKey, 'utf8'))
    .update(signedText(fields), 'utf8')
    .update(body)
    .digest('base64')
}

function signedFields(
  fields: ReadonlyMap<string, string>,
  version: number | undefined,
): ReadonlyMap<string, string> {
  if (version === undefined || version > LAST_VERSION_WITHOUT_UNIQUE_KEY_QUERY) return fields
  const signed = new Map(fields)
  signed.delete(UNIQUE_KEY_QUERY)
  return signed
}
