// SPDX-License-Identifier: Apache-2.0
// The command line says what the usage text promises.
import { expect, test } from 'vitest'
import { parseOptions } from './options.ts'
import { percentilesOf } from './self-check.ts'

test('defaults are the ports everybody knows and ./data', () => {
  const options = parseOptions([])
  expect(options).toMatchObject({ exit: false, namesrvPort: 9876, brokerPort: 10_911 })
  expect(options.dataDirectory.endsWith('/data')).toBe(true)
})

test.each([
  ['--namesrv-port', 'x'],
  ['--broker-port', '70000'],
  ['--messages', '0'],
  ['--unknown'],
])('refuses %s %s', (...args) => {
  expect(() => parseOptions(args)).toThrow()
})

test('percentiles take the nearest rank', () => {
  const values = Array.from({ length: 100 }, (_, index) => 100 - index)
  expect(percentilesOf(values)).toEqual({ p50: 50, p99: 99, max: 100 })
  expect(percentilesOf([])).toEqual({ p50: 0, p99: 0, max: 0 })
})
