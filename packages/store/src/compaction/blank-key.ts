// SPDX-License-Identifier: Apache-2.0
// Whether the key of a message is one: Java takes a blank text for none.

/** Separators of information, which only Java calls white space. */
const FIRST_SEPARATOR = 0x1c
const LAST_SEPARATOR = 0x1f
const SPACE = /[\t-\r \u1680\u2000-\u2006\u2008-\u200a\u2028\u2029\u205f\u3000]/u

/** Each character is one of Character.isWhitespace, which leaves out the spaces at which no line may break. @see StringUtils.isBlank */
export function isBlankKey(key: Uint8Array): boolean {
  const text = Buffer.from(key.buffer, key.byteOffset, key.length).toString('utf8')
  for (const character of text) {
    const code = character.charCodeAt(0)
    const isSeparator = code >= FIRST_SEPARATOR && code <= LAST_SEPARATOR
    if (!isSeparator && !SPACE.test(character)) return false
  }
  return true
}
