// SPDX-License-Identifier: Apache-2.0
// Addresses in text and back.
import { expect, test } from 'vitest'
import { addressText, parseAddress } from './address.ts'

test.each([
  ['127.0.0.1:10911', '127.0.0.1', 10_911],
  ['broker-a.example:1', 'broker-a.example', 1],
  ['[::1]:65535', '::1', 65_535],
])('%s', (text, host, port) => {
  expect(parseAddress(text)).toEqual({ host, port })
  expect(addressText({ host, port })).toBe(text)
})

test('an IPv6 host without brackets ends at the last colon', () => {
  expect(parseAddress('fe80::1:9876')).toEqual({ host: 'fe80::1', port: 9876 })
})
