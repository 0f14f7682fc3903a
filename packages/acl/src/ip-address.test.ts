// SPDX-License-Identifier: Apache-2.0
import { expect, test } from 'vitest'
import { hostOf, isIpInRange, isIpOrCidr, isIpv4, isIpv6 } from './ip-address.ts'

test.each([
  ['1.2.3.4', true],
  ['255.255.255.255', true],
  ['256.1.1.1', false],
  ['01.2.3.4', false],
  ['1.2.3', false],
  ['1.2.3.4.', false],
  ['', false],
])('%j as IPv4: %s', (text, is) => expect(isIpv4(text)).toBe(is))

test.each([
  ['::1', true],
  ['::', true],
  ['1:2:3:4:5:6:7:8', true],
  ['1:2:3:4:5:6:7::', true],
  ['::ffff:1.2.3.4', true],
  ['fe80::1%eth0', true],
  ['::1/64', true],
  ['::1/129', false],
  ['1::2::3', false],
  ['1:2:3:4:5:6:7', false],
  ['1:2:3:4:5:6:7:8:9', false],
  [':1', false],
  ['12345::', false],
  ['1.2.3.4', false],
])('%j as IPv6: %s', (text, is) => expect(isIpv6(text)).toBe(is))

test.each([
  ['10.1.2.3', '10.1.2.3', true],
  ['10.1.2.3', '10.1.2.4', false],
  ['10.1.2.3', '10.0.0.0/8', true],
  ['11.1.2.3', '10.0.0.0/8', false],
  ['11.1.2.3', '0.0.0.0/0', true],
  ['10.1.2.3', '10.1.2.3/32', true],
  ['10.1.2.2', '10.1.2.3/31', true],
  ['fe80::5', 'fe80::/16', true],
  ['fe81::5', 'fe80::/16', false],
  ['0:0:0:0:0:0:0:1', '::1', true],
  ['host', '10.0.0.0/8', undefined],
  ['10.1.2.3', 'host/8', undefined],
])('%s in %s: %s', (ip, rule, is) => expect(isIpInRange(ip, rule)).toBe(is))

test('a rule is an address or a range, never a name', () => {
  expect(['1.2.3.4', '::1', '1.2.3.0/24', '::/0'].every(isIpOrCidr)).toBe(true)
  expect(['localhost', '1.2.3.4/33', '1.2.3.4/', '1.2.3.4/8/8', '*'].some(isIpOrCidr)).toBe(false)
})

test('the host of a peer is its address alone', () => {
  expect(hostOf('1.2.3.4:10911')).toBe('1.2.3.4')
  expect(hostOf('[::1]:10911')).toBe('::1')
  expect(hostOf('[::ffff:1.2.3.4]:1')).toBe('1.2.3.4')
})
