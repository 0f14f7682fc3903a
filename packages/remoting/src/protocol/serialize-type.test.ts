// SPDX-License-Identifier: Apache-2.0
// What ROCKETMQ_SERIALIZE_TYPE may say: Java's names, in Java's case.
import { expect, test } from 'vitest'
import { parseSerializeType, serializeTypeName } from './serialize-type.ts'

test.each([
  [undefined, 'json'],
  ['', 'json'],
  [' ', 'json'],
  ['JSON', 'json'],
  ['ROCKETMQ', 'rocketmq'],
])('%o is %s', (text, type) => {
  expect(parseSerializeType(text)).toBe(type)
})

test.each(['json', 'rocketmq', 'BINARY', '1'])('%o is refused', (text) => {
  expect(() => parseSerializeType(text)).toThrow(`the serialize type ${text} does not exist`)
})

test('a name is read as what it names', () => {
  for (const type of ['json', 'rocketmq'] as const) {
    expect(parseSerializeType(serializeTypeName(type))).toBe(type)
  }
})
