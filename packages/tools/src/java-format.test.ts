// SPDX-License-Identifier: Apache-2.0
// Numbers and texts print as Java 17 printed them.
import { describe, expect, it } from 'vitest'
import { fixed, humanTime, javaDouble, left, right } from './java-format.ts'

describe('fixed', () => {
  it.each([
    [0, '0.00', '0.0'],
    [0.125, '0.13', '0.1'],
    [1.005, '1.01', '1.0'],
    [2.675, '2.68', '2.7'],
    [-1.005, '-1.01', '-1.0'],
    [0.615, '0.62', '0.6'],
    [1e-5, '0.00', '0.0'],
    [1e-8, '0.00', '0.0'],
    [0.005, '0.01', '0.0'],
    [9.995, '10.00', '10.0'],
    [498684.755, '498684.76', '498684.8'],
    [123456789012.345, '123456789012.35', '123456789012.3'],
    [1e21, '1000000000000000000000.00', '1000000000000000000000.0'],
    [NaN, 'NaN', 'NaN'],
    [-Infinity, '-Infinity', '-Infinity'],
  ])('%d prints as %%.2f and %%.1f do', (value, two, one) => {
    expect([fixed(value, 2), fixed(value, 1)]).toEqual([two, one])
  })
})

describe('javaDouble', () => {
  it.each([
    [0, '0.0'],
    [100, '100.0'],
    [12.5, '12.5'],
    [0.001, '0.001'],
    [5e-4, '5.0E-4'],
    [1e7, '1.0E7'],
    [12345678.9, '1.23456789E7'],
  ])('%d prints as Double.toString does', (value, expected) => {
    expect(javaDouble(value)).toBe(expected)
  })
})

describe('columns', () => {
  it('are padded on one side and never cut', () => {
    expect(left('ab', 4) + right(7, 3) + left(undefined, 5)).toBe('ab    7null ')
    expect(left('abcdef', 2)).toBe('abcdef')
  })
})

describe('humanTime', () => {
  it('is local', () => {
    expect(humanTime(1795266554841, 0)).toBe('2026-11-21 13:09:14,841')
    expect(humanTime(1795266554841, 330)).toBe('2026-11-21 18:39:14,841')
  })
})
