// SPDX-License-Identifier: Apache-2.0
// Blank keys are Java's: every character of the basic plane for which Character.isWhitespace says so.
import { expect, it } from 'vitest'
import { isBlankKey } from './blank-key.ts'

/** Printed by Java 17 for Character.isWhitespace. */
const JAVA =
  '9 10 11 12 13 28 29 30 31 32 5760 8192 8193 8194 8195 8196 8197 8198 8200 8201 8202 8232 8233 8287 12288'

it('says of each character what Java says', () => {
  const blank: number[] = []
  for (let code = 0; code < 0xd800; code++) {
    if (isBlankKey(Buffer.from(String.fromCharCode(code)))) blank.push(code)
  }
  expect(blank.join(' ')).toBe(JAVA)
})

it('looks at every character', () => {
  expect(isBlankKey(Buffer.from(''))).toBe(true)
  expect(isBlankKey(Buffer.from(' \t\u3000'))).toBe(true)
  expect(isBlankKey(Buffer.from('\u00a0 \ta'))).toBe(false)
})
