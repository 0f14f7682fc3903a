// SPDX-License-Identifier: Apache-2.0
// Writes text as UTF-8 at a position, with Java's answer to lone surrogates.

/** Up to this length a loop is cheaper than the call of Buffer.write. */
const SHORT_TEXT = 24
const LONE_SURROGATE = /\p{Surrogate}/gu

/** Most UTF-8 bytes of one UTF-16 unit. */
export const MAX_UNIT_BYTES = 3

/** Writes `text` at `at` and returns the new end. The target has three bytes of room per unit. */
export function writeUtf8(text: string, target: Buffer, at: number): number {
  const length = text.length
  if (length <= SHORT_TEXT) {
    let i = 0
    for (; i < length; i++) {
      const unit = text.charCodeAt(i)
      if (unit >= 0x80) break
      target[at + i] = unit
    }
    if (i === length) return at + length
  }
  return (
    at + target.write(text.isWellFormed() ? text : text.replace(LONE_SURROGATE, '?'), at, 'utf8')
  )
}

/** Decimal digits of a whole number within the safe range; returns the new end. Takes up to 17 bytes. */
export function writeDigits(value: number, target: Uint8Array, at: number): number {
  let rest = value
  if (rest < 0) {
    target[at++] = 0x2d
    rest = -rest
  }
  let digits = 1
  for (let bound = 10; rest >= bound && digits < 16; bound *= 10) digits++
  const end = at + digits
  // In two parts, each small enough for integer arithmetic.
  if (digits > 9) {
    const high = Math.floor(rest / 1e9)
    writeSmall((rest - high * 1e9) | 0, target, end - 9, end)
    writeSmall(high | 0, target, at, end - 9)
  } else {
    writeSmall(rest | 0, target, at, end)
  }
  return end
}

/** Fills `target[at … end)` with the last digits of a value below 10^9. */
function writeSmall(value: number, target: Uint8Array, at: number, end: number): void {
  let rest = value
  for (let to = end - 1; to >= at; to--) {
    const quotient = (rest / 10) | 0
    target[to] = 0x30 + (rest - quotient * 10)
    rest = quotient
  }
}

/** Bytes {@link writeDigits} and a bigint of Java's long take at most. */
export const MAX_DIGIT_BYTES = 20
