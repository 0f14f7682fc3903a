// SPDX-License-Identifier: Apache-2.0
// Whether the key of a message is one: Java takes a blank text for none.

/** Character.isWhitespace, which leaves out the spaces at which no line may break. */
const BLANK = /^[\t-\r\u001c-\u0020\u1680\u2000-\u2006\u2008-\u200a\u2028\u2029\u205f\u3000]*$/u

/** @see StringUtils.isBlank */
export function isBlankKey(key: Uint8Array): boolean {
  return BLANK.test(Buffer.from(key.buffer, key.byteOffset, key.length).toString('utf8'))
}
