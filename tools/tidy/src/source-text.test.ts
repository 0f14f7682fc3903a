// SPDX-License-Identifier: Apache-2.0
// Comments, code and literals are told apart.

import { expect, test } from 'vitest'
import { lineAt, splitSource } from './source-text.ts'

test.each([
  ['a // b', 'a     ', 'a     '],
  ['a /* b */ c', 'a         c', 'a         c'],
  [`a '// b' c`, `a '// b' c`, `a '    ' c`],
  [`a 'it\\'s' // c`, `a 'it\\'s'     `, `a '     '     `],
  ['a `b ${c} d` e', 'a `b ${c} d` e', 'a `  ${c}  ` e'],
  ['`${`${a}`}` // b', '`${`${a}`}`     ', '`${`${a}`}`     '],
  ['`${{ a: 1 }}x` // b', '`${{ a: 1 }}x`     ', '`${{ a: 1 }} `     '],
  ['x = /[/\'"]/ // b', 'x = /[/\'"]/     ', 'x = /     /     '],
  ['a / b // c', 'a / b     ', 'a / b     '],
  ['return /a/', 'return /a/', 'return / /'],
])('%j', (text, code, bare) => {
  const source = splitSource(text)
  expect(source.code).toBe(code)
  expect(source.bare).toBe(bare)
})

test('comments keep their place', () => {
  expect(splitSource('a // b\nc').comments).toBe('  // b\n ')
})

test('lines are counted from 1', () => {
  expect([0, 1, 2, 3, 4].map((offset) => lineAt('a\nb\nc', offset))).toEqual([1, 1, 2, 2, 3])
})
