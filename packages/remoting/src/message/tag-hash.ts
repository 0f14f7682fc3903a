// SPDX-License-Identifier: Apache-2.0
// Java's String.hashCode, which stands for a tag in consume queues and subscriptions.

const REPLACEMENT = 0xfffd

/** Java's hash code of a text, a 32-bit integer. */
export function tagHash(text: string): number {
  let hash = 0
  for (let at = 0; at < text.length; at += 1) hash = (Math.imul(hash, 31) + text.charCodeAt(at)) | 0
  return hash
}

/** The same of text given as UTF-8, without making a string. */
export function tagHashOfUtf8(bytes: Uint8Array, start: number, end: number): number {
  let hash = 0
  let at = start
  while (at < end) {
    const first = bytes[at] as number
    if (first < 0x80) {
      hash = (Math.imul(hash, 31) + first) | 0
      at += 1
      continue
    }
    const length = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2
    if (first < 0xc2 || first > 0xf4 || at + length > end) {
      hash = (Math.imul(hash, 31) + REPLACEMENT) | 0
      at += 1
      continue
    }
    const point = codePoint(bytes, at, length)
    hash =
      point < 0x10000
        ? (Math.imul(hash, 31) + point) | 0
        : (Math.imul(Math.imul(hash, 31) + (0xd7c0 + (point >> 10)), 31) +
            (0xdc00 | (point & 0x3ff))) |
          0
    at += length
  }
  return hash
}

function codePoint(bytes: Uint8Array, at: number, length: number): number {
  let point = (bytes[at] as number) & (0xff >> (length + 1))
  for (let more = 1; more < length; more += 1) {
    point = (point << 6) | ((bytes[at + more] as number) & 0x3f)
  }
  return point
}
