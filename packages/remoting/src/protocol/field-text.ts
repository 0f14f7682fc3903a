// SPDX-License-Identifier: Apache-2.0
// Reads numbers and booleans from their digits in bytes, as Java's parsers take them.

const PLUS = 0x2b
const MINUS = 0x2d
const MAX_LONG = 2n ** 63n - 1n
const MIN_LONG = -(2n ** 63n)
const LONG_TEXT = /^[+-]?\d+$/

/** A Java int in decimal digits, or NaN when the bytes are not one. */
export function parseInt32(bytes: Uint8Array, start: number, end: number): number {
  const value = parseOffset(bytes, start, end)
  return value >= -2_147_483_648 && value <= 2_147_483_647 ? value : NaN
}

/** A Java long in decimal digits that a number holds exactly, or NaN. */
export function parseOffset(bytes: Uint8Array, start: number, end: number): number {
  if (start >= end) return NaN
  const first = bytes[start] as number
  let at = start
  if (first === MINUS || first === PLUS) {
    at++
    if (at === end) return NaN
  }
  let value: number
  if (end - at <= 9) {
    value = smallDigits(bytes, at, end)
    if (value < 0) return NaN
  } else if (end - at <= 18) {
    // In two parts, each small enough for integer arithmetic.
    const high = smallDigits(bytes, at, end - 9)
    const low = smallDigits(bytes, end - 9, end)
    if (high < 0 || low < 0) return NaN
    value = high * 1e9 + low
  } else {
    value = manyDigits(bytes, at, end)
  }
  if (!(value <= Number.MAX_SAFE_INTEGER)) return NaN
  // No negative zero: it would be another value than zero to Object.is and Map keys of text.
  return first === MINUS && value !== 0 ? -value : value
}

/** At most nine digits, or −1. */
function smallDigits(bytes: Uint8Array, start: number, end: number): number {
  let value = 0
  for (let at = start; at < end; at++) {
    const digit = (bytes[at] as number) - 0x30
    if (digit < 0 || digit > 9) return -1
    value = (value * 10 + digit) | 0
  }
  return value
}

/** Any number of digits, leading zeros perhaps; exact up to 2^53, NaN when one is no digit. */
function manyDigits(bytes: Uint8Array, start: number, end: number): number {
  let value = 0
  for (let at = start; at < end; at++) {
    const digit = (bytes[at] as number) - 0x30
    if (digit < 0 || digit > 9) return NaN
    value = value * 10 + digit
  }
  return value
}

/** A Java long in decimal digits, or undefined when the text is not one. */
export function parseLong(text: string): bigint | undefined {
  if (!LONG_TEXT.test(text) || text.length > 64) return undefined
  const value = BigInt(text.startsWith('+') ? text.slice(1) : text)
  return value >= MIN_LONG && value <= MAX_LONG ? value : undefined
}

/** Java's Boolean.parseBoolean: `true` in any case is true, everything else is false. */
export function parseBoolean(bytes: Uint8Array, start: number, end: number): boolean {
  return (
    end - start === 4 &&
    ((bytes[start] as number) | 0x20) === 0x74 &&
    ((bytes[start + 1] as number) | 0x20) === 0x72 &&
    ((bytes[start + 2] as number) | 0x20) === 0x75 &&
    ((bytes[start + 3] as number) | 0x20) === 0x65
  )
}
