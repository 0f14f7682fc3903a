// SPDX-License-Identifier: Apache-2.0
import { describe, expect, test } from 'vitest'
import { decodeHost, encodeHost, isIpv6 } from './index.ts'

const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex')

test.each([
  ['10.1.2.3', 65_535, '0a0102030000ffff'],
  ['255.255.255.255', 0, 'ffffffff00000000'],
  ['::1', 1, '0000000000000000000000000000000100000001'],
  ['::', 1, '0000000000000000000000000000000000000001'],
  ['2001:db8::1:2', 2, '20010db800000000000000000001000200000002'],
  ['2001:db8:0:0:1::', 2, '20010db800000000000100000000000000000002'],
  ['fe80::9%eth0', 3, 'fe80000000000000000000000000000900000003'],
  ['::ffff:10.1.2.3', 4, '00000000000000000000ffff0a01020300000004'],
  ['1:2:3:4:5:6:7:8', 5, '0001000200030004000500060007000800000005'],
])('%s', (host, port, encoded) => {
  expect(hex(encodeHost({ host, port }))).toBe(encoded)
})

describe('an address is written as Node writes it', () => {
  test.each([
    '0.0.0.0',
    '192.168.0.1',
    '::',
    '::1',
    '1::',
    '2001:db8::1:2',
    '2001:db8:0:1:1:1:1:1',
    '2001:0:0:1::1',
    '1:2:3:4:5:6:7:8',
  ])('%s', (host) => {
    const bytes = encodeHost({ host, port: 10911 })
    expect(decodeHost(bytes, 0, isIpv6(host) ? 20 : 8)).toEqual({
      host: canonical(host),
      port: 10911,
    })
  })

  function canonical(host: string): string {
    return isIpv6(host) ? new URL(`http://[${host}]/`).hostname.slice(1, -1) : host
  }
})

test.each([
  '',
  'localhost',
  '1.2.3',
  '1.2.3.4.5',
  '256.1.1.1',
  '1..2.3',
  '1.2.3.4 ',
  '-1.2.3.4',
  ':',
  ':::',
  '1::2::3',
  '1:2:3:4:5:6:7',
  '1:2:3:4:5:6:7:8:9',
  '1:2:3:4:5:6:7::8',
  '12345::',
  'g::',
])('%j is not an address', (host) => {
  expect(() => encodeHost({ host, port: 1 })).toThrow(RangeError)
})
