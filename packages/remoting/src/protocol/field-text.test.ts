// SPDX-License-Identifier: Apache-2.0
// Digits in and out of bytes, against the language's own arithmetic and Java's rules.
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parseBoolean, parseInt32, parseLong, parseOffset } from './field-text.ts'
import { writeDigits } from './utf8.ts'

function parsed(parse: typeof parseOffset, text: string): number {
  const bytes = Buffer.from(`7${text}7`)
  return parse(bytes, 1, bytes.length - 1)
}

function written(value: number): string {
  const bytes = Buffer.alloc(40, 'x')
  const end = writeDigits(value, bytes, 1)
  expect(bytes.toString('latin1', end)).toBe('x'.repeat(40 - end))
  return bytes.toString('latin1', 1, end)
}

test('every whole number in the safe range is written and read', () => {
  const numbers = fc.oneof(fc.maxSafeInteger(), fc.integer(), fc.integer({ min: -1000, max: 1000 }))
  fc.assert(
    fc.property(numbers, (value) => {
      expect(written(value)).toBe(String(value))
      expect(parsed(parseOffset, String(value))).toBe(value)
    }),
  )
})

test('so is every power of ten and its neighbours', () => {
  for (let power = 1; power <= 1e15; power *= 10) {
    for (const value of [power - 1, power, power + 1, -power, 1 - power]) {
      expect(written(value)).toBe(String(value))
      expect(parsed(parseOffset, String(value))).toBe(value)
    }
  }
})

test.each([
  ['+5', 5],
  ['-0', 0],
  ['007', 7],
  ['0000000000000000000000000000000000001', 1],
  ['9007199254740991', 9_007_199_254_740_991],
  ['-9007199254740991', -9_007_199_254_740_991],
  ['9007199254740992', NaN],
  ['9223372036854775807', NaN],
  ['99999999999999999999999999', NaN],
  ['', NaN],
  ['-', NaN],
  ['+', NaN],
  ['--1', NaN],
  [' 1', NaN],
  ['1 ', NaN],
  ['1.0', NaN],
  ['1e3', NaN],
  ['0x1', NaN],
  ['1L', NaN],
  ['12345678x', NaN],
  ['123456789012x45678', NaN],
  ['x23456789012345678', NaN],
  ['0000000000000000000000x', NaN],
])('%j reads as the offset %d', (text, value) => {
  expect(parsed(parseOffset, text)).toBe(value)
})

test.each([
  ['2147483647', 2_147_483_647],
  ['-2147483648', -2_147_483_648],
  ['2147483648', NaN],
  ['-2147483649', NaN],
  ['x', NaN],
])('%j reads as the int %d', (text, value) => {
  expect(parsed(parseInt32, text)).toBe(value)
})

describe('a long', () => {
  test.each([
    ['9223372036854775807', 2n ** 63n - 1n],
    ['-9223372036854775808', -(2n ** 63n)],
    ['+1', 1n],
    ['9223372036854775808', undefined],
    ['-9223372036854775809', undefined],
    ['', undefined],
    ['1.0', undefined],
    ['0x1', undefined],
    [' 1', undefined],
  ])('%j', (text, value) => {
    expect(parseLong(text)).toBe(value)
  })
})

test.each([
  ['true', true],
  ['TRUE', true],
  ['tRuE', true],
  ['false', false],
  ['', false],
  ['1', false],
  ['yes', false],
  [' true', false],
  ['trues', false],
  ['\u0054\u0052U\u0045', true],
])('%j reads as the boolean %s', (text, value) => {
  const bytes = Buffer.from(text)
  expect(parseBoolean(bytes, 0, bytes.length)).toBe(value)
})
