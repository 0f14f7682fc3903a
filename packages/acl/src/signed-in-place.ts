// SPDX-License-Identifier: Apache-2.0
// Checks a request's signature over the bytes of its frame, without making strings of its fields.
import { isUtf8 } from 'node:buffer'
import { hash } from 'node:crypto'
import {
  ENTRY_SIZE,
  KEY_ESCAPED,
  unescapeInto,
  VALUE_ESCAPED,
  VALUE_NULL,
  type CommandScan,
} from '@rocketmq-ts/remoting'
import { isWithoutUniqueKeyQuery, SignatureField, UNIQUE_KEY_QUERY } from './signature.ts'

const SIGNATURE_NAME = Buffer.from(SignatureField.SIGNATURE)
const UNIQUE_KEY_QUERY_NAME = Buffer.from(UNIQUE_KEY_QUERY)

/** Bytes SHA-1 takes at a time, and so the length of HMAC's pads. */
const BLOCK_BYTES = 64
const SHA1_BYTES = 20
/** Larger requests are signed the usual way: there the digest is what costs. */
const MAX_SIGNED_BYTES = 16_384
const MAX_FIELDS = 64
const MAX_ASCII = 0x7f

/** A secret key as HMAC needs it. */
export interface SigningKey {
  readonly inner: Uint8Array
  readonly outer: Uint8Array
}

/** The two pads of RFC 2104. */
export function signingKeyOf(secretKey: string): SigningKey {
  const given = Buffer.from(secretKey, 'utf8')
  const key = given.length > BLOCK_BYTES ? hash('sha1', given, 'buffer') : given
  const padded = (pad: number): Uint8Array =>
    Uint8Array.from({ length: BLOCK_BYTES }, (_, i) => (key[i] ?? 0) ^ pad)
  return { inner: padded(0x36), outer: padded(0x5c) }
}

/** Reused: checking is synchronous. A pad, then what is digested with it. */
const innerBytes = Buffer.alloc(BLOCK_BYTES + MAX_SIGNED_BYTES)
const outerBytes = Buffer.alloc(BLOCK_BYTES + SHA1_BYTES)
/** Where the entries of the signed fields begin, in the order of their names. */
const ordered = new Int32Array(MAX_FIELDS)

/**
 * True when the request carries the signature that the key gives. False says nothing: the request may be one that is only
 * readable as text, so `verifyRequest` has the last word then.
 */
export function isSignedInPlace(key: SigningKey, scan: CommandScan): boolean {
  const bodyBytes = scan.bodyEnd - scan.headerEnd
  if (scan.bodyEnd - scan.frameStart > MAX_SIGNED_BYTES || scan.entryCount > MAX_FIELDS)
    return false
  const given = orderFields(scan)
  if (given < 0) return false
  const end = copyValues(scan)
  if (end < 0) return false
  innerBytes.set(key.inner, 0)
  if (bodyBytes > 0) scan.bytes.copy(innerBytes, end, scan.headerEnd, scan.bodyEnd)
  const inner = hash('sha1', innerBytes.subarray(0, end + bodyBytes), 'latin1')
  outerBytes.set(key.outer, 0)
  for (let i = 0; i < SHA1_BYTES; i++) outerBytes[BLOCK_BYTES + i] = inner.charCodeAt(i)
  return isText(scan, given, hash('sha1', outerBytes, 'base64'))
}

let signedFields = 0

/** Puts the signed fields in order; returns the entry of the signature, −1 when there is none or the names are not plain. */
function orderFields(scan: CommandScan): number {
  const { entries, bytes } = scan
  const isOld = isWithoutUniqueKeyQuery(scan.version)
  const last = scan.entryCount * ENTRY_SIZE
  let signature = -1
  let count = 0
  for (let entry = 0; entry < last; entry += ENTRY_SIZE) {
    if (((entries[entry + 4] as number) & (KEY_ESCAPED | VALUE_NULL)) !== 0) return -1
    const start = entries[entry] as number
    const end = entries[entry + 1] as number
    // Bytes are in the order of UTF-16 units as long as all are ASCII.
    for (let i = start; i < end; i++) if ((bytes[i] as number) > MAX_ASCII) return -1
    if (isName(bytes, start, end, SIGNATURE_NAME)) {
      if (signature >= 0) return -1
      signature = entry
      continue
    }
    if (isOld && isName(bytes, start, end, UNIQUE_KEY_QUERY_NAME)) continue
    let at = count
    while (at > 0) {
      const other = ordered[at - 1] as number
      const order = compare(
        bytes,
        start,
        end,
        entries[other] as number,
        entries[other + 1] as number,
      )
      // Of two of a name one counts; that is left to the text.
      if (order === 0) return -1
      if (order > 0) break
      ordered[at] = other
      at--
    }
    ordered[at] = entry
    count++
  }
  signedFields = count
  return signature
}

/** Copies the values behind the pad; returns their end, −1 when they are not what their text is as UTF-8. */
function copyValues(scan: CommandScan): number {
  const { entries, bytes } = scan
  let at = BLOCK_BYTES
  let isAscii = true
  for (let index = 0; index < signedFields; index++) {
    const entry = ordered[index] as number
    const start = entries[entry + 2] as number
    const end = entries[entry + 3] as number
    const from = at
    let seen = 0
    if (((entries[entry + 4] as number) & VALUE_ESCAPED) === 0) {
      for (let i = start; i < end; i++) {
        const byte = bytes[i] as number
        seen |= byte
        innerBytes[at++] = byte
      }
    } else {
      // Never longer than with its escapes.
      at = unescapeInto(bytes, start, end, innerBytes, at)
      for (let i = from; i < at; i++) seen |= innerBytes[i] as number
    }
    if (seen <= MAX_ASCII) continue
    isAscii = false
    // The end of a character whose beginning ends another value: together they would look right.
    if (((innerBytes[from] as number) & 0xc0) === 0x80) return -1
  }
  return isAscii || isUtf8(innerBytes.subarray(BLOCK_BYTES, at)) ? at : -1
}

function isName(bytes: Uint8Array, start: number, end: number, name: Uint8Array): boolean {
  const length = name.length
  if (end - start !== length) return false
  for (let i = 0; i < length; i++) if (bytes[start + i] !== name[i]) return false
  return true
}

function compare(
  bytes: Uint8Array,
  aStart: number,
  aEnd: number,
  bStart: number,
  bEnd: number,
): number {
  const aBytes = aEnd - aStart
  const bBytes = bEnd - bStart
  const shorter = aBytes < bBytes ? aBytes : bBytes
  for (let i = 0; i < shorter; i++) {
    const difference = (bytes[aStart + i] as number) - (bytes[bStart + i] as number)
    if (difference !== 0) return difference
  }
  return aBytes - bBytes
}

/** Takes the same time wherever the two differ; the length is no secret. */
function isText(scan: CommandScan, entry: number, expected: string): boolean {
  const { entries, bytes } = scan
  const flags = entries[entry + 4] as number
  const start = entries[entry + 2] as number
  const length = expected.length
  // JSON may escape the slashes of base64.
  if ((flags & VALUE_ESCAPED) !== 0) return false
  if ((entries[entry + 3] as number) - start !== length) return false
  let difference = 0
  for (let i = 0; i < length; i++)
    difference |= (bytes[start + i] as number) ^ expected.charCodeAt(i)
  return difference === 0
}
