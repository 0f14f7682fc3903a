// SPDX-License-Identifier: Apache-2.0
// The inside of JSON strings: escapes out of bytes and into bytes.

const BACKSLASH = 0x5c
const QUESTION_MARK = 0x3f

const escapedBytes: Uint8Array = new Uint8Array(256)
for (const [letter, byte] of [
  ['b', 8],
  ['t', 9],
  ['n', 10],
  ['v', 11],
  ['f', 12],
  ['r', 13],
] as const) {
  escapedBytes[letter.charCodeAt(0)] = byte
}
// What stands for itself. Digits are Java's own extension: \0 to \7 are the bytes 0 to 7.
for (const itself of ['"', "'", '/', '\\'])
  escapedBytes[itself.charCodeAt(0)] = itself.charCodeAt(0)

/** The value of a hexadecimal digit, −1 for every other byte. */
const hexDigits: Int8Array = new Int8Array(256).fill(-1)
for (let digit = 0; digit < 16; digit++) {
  const text = digit.toString(16)
  hexDigits[text.charCodeAt(0)] = digit
  hexDigits[text.toUpperCase().charCodeAt(0)] = digit
}

/** The code unit of the four hexadecimal digits at `at`, or −1. */
export function hexUnitAt(bytes: Uint8Array, at: number, end: number): number {
  if (at + 4 > end) return -1
  const a = hexDigits[bytes[at] as number] as number
  const b = hexDigits[bytes[at + 1] as number] as number
  const c = hexDigits[bytes[at + 2] as number] as number
  const d = hexDigits[bytes[at + 3] as number] as number
  return (a | b | c | d) < 0 ? -1 : (a << 12) | (b << 8) | (c << 4) | d
}

/** Whether the letter after a backslash is an escape Java reads, `u` not counted. */
export function isSimpleEscape(letter: number): boolean {
  return escapedBytes[letter] !== 0 || (letter >= 0x30 && letter <= 0x37)
}

function writeCodePoint(point: number, target: Uint8Array, at: number): number {
  if (point < 0x80) {
    target[at++] = point
  } else if (point < 0x800) {
    target[at++] = 0xc0 | (point >> 6)
    target[at++] = 0x80 | (point & 0x3f)
  } else if (point < 0x1_0000) {
    target[at++] = 0xe0 | (point >> 12)
    target[at++] = 0x80 | ((point >> 6) & 0x3f)
    target[at++] = 0x80 | (point & 0x3f)
  } else {
    target[at++] = 0xf0 | (point >> 18)
    target[at++] = 0x80 | ((point >> 12) & 0x3f)
    target[at++] = 0x80 | ((point >> 6) & 0x3f)
    target[at++] = 0x80 | (point & 0x3f)
  }
  return at
}

/**
 * Writes the text between the quotes at `bytes[start … end)`, escapes resolved, as UTF-8 to `target` from `at`; returns the new end.
 * The scanner has checked the escapes. A lone surrogate becomes a question mark, as in Java. The result is never longer than the source.
 */
export function unescapeInto(
  bytes: Uint8Array,
  start: number,
  end: number,
  target: Uint8Array,
  at: number,
): number {
  let from = start
  while (from < end) {
    const byte = bytes[from++] as number
    if (byte !== BACKSLASH) {
      target[at++] = byte
      continue
    }
    const letter = bytes[from++] as number
    if (letter !== 0x75) {
      target[at++] =
        letter >= 0x30 && letter <= 0x37 ? letter - 0x30 : (escapedBytes[letter] as number)
      continue
    }
    let point = hexUnitAt(bytes, from, end)
    from += 4
    // The separators of properties, and the like.
    if (point < 0x80) {
      target[at++] = point
      continue
    }
    if (point >= 0xd800 && point <= 0xdfff) {
      const low =
        point < 0xdc00 && bytes[from] === BACKSLASH && bytes[from + 1] === 0x75
          ? hexUnitAt(bytes, from + 2, end)
          : -1
      if (low >= 0xdc00 && low <= 0xdfff) {
        point = 0x1_0000 + ((point - 0xd800) << 10) + (low - 0xdc00)
        from += 6
      } else {
        point = QUESTION_MARK
      }
    }
    at = writeCodePoint(point, target, at)
  }
  return at
}

/** UTF-8 bytes of the text between the quotes once escapes are resolved. */
export function unescapedBytes(bytes: Uint8Array, start: number, end: number): number {
  let length = 0
  let from = start
  while (from < end) {
    if (bytes[from] !== BACKSLASH) {
      from++
      length++
    } else if (bytes[from + 1] !== 0x75) {
      from += 2
      length++
    } else {
      const unit = hexUnitAt(bytes, from + 2, end)
      from += 6
      if (unit < 0x80) length += 1
      else if (unit < 0x800) length += 2
      else if (unit < 0xd800 || unit > 0xdfff) length += 3
      else {
        const low =
          unit < 0xdc00 && bytes[from] === BACKSLASH && bytes[from + 1] === 0x75
            ? hexUnitAt(bytes, from + 2, end)
            : -1
        if (low >= 0xdc00 && low <= 0xdfff) {
          from += 6
          length += 4
        } else {
          length += 1
        }
      }
    }
  }
  return length
}

/** The text between the quotes, escapes resolved. */
export function unescapedText(bytes: Uint8Array, start: number, end: number): string {
  const text = Buffer.allocUnsafe(end - start)
  return text.toString('utf8', 0, unescapeInto(bytes, start, end, text, 0))
}

// What a control character, quote or backslash is written as; empty for what stands for itself.
const written: readonly string[] = Array.from({ length: 0x80 }, (_, unit) => {
  if (unit === 0x22) return '\\"'
  if (unit === 0x5c) return '\\\\'
  if (unit >= 0x20) return ''
  const short = '\b\t\n\f\r'.indexOf(String.fromCharCode(unit))
  return short >= 0 ? `\\${'btnfr'.charAt(short)}` : `\\u${unit.toString(16).padStart(4, '0')}`
})

/** Most bytes one UTF-16 unit takes in a JSON string. */
export const MAX_ESCAPED_UNIT_BYTES = 6

/** Writes `text` escaped as Java escapes it, without quotes; returns the new end. The target has six bytes of room per unit. */
export function writeEscaped(text: string, target: Uint8Array, at: number): number {
  const length = text.length
  for (let i = 0; i < length; i++) {
    const unit = text.charCodeAt(i)
    if (unit >= 0x80) {
      const point = text.codePointAt(i) as number
      if (point > 0xffff) i++
      at = writeCodePoint(point >= 0xd800 && point <= 0xdfff ? QUESTION_MARK : point, target, at)
    } else if (unit >= 0x20 && unit !== 0x22 && unit !== BACKSLASH) {
      target[at++] = unit
    } else {
      const escape = written[unit] as string
      for (let j = 0; j < escape.length; j++) target[at++] = escape.charCodeAt(j)
    }
  }
  return at
}
