// SPDX-License-Identifier: Apache-2.0
// Which addresses go through which proxy, read from Java's JSON map.
import { expect, test } from 'vitest'
import { parseSocksRules } from './socks-rules.ts'

const json = JSON.stringify({
  '10.1.0.0/16': { addr: 'inner:1080', username: 'u', password: 'p' },
  '10.1.2.3/32': { addr: 'never:1' },
  '192.168.7.9/24': { addr: '[::1]:1081', username: null },
  '0.0.0.0/0': { addr: 'outer:1082' },
})

test.each([
  ['10.1.255.255', 'inner'],
  ['10.1.2.3', 'inner'],
  ['10.2.0.0', 'outer'],
  ['192.168.7.1', '::1'],
  ['192.168.8.1', 'outer'],
  ['broker.example', 'outer'],
  ['::1', 'outer'],
])('%s goes through %s', (host, proxy) => {
  expect(parseSocksRules(json)(host)?.host).toBe(proxy)
})

test('credentials go with their block, and without a rule nothing is in between', () => {
  expect(parseSocksRules(json)('10.1.1.1')).toEqual({
    host: 'inner',
    port: 1080,
    username: 'u',
    password: 'p',
  })
  const only = parseSocksRules('{"10.0.0.0/8":{"addr":"p:1"}}')
  expect([only('11.0.0.1'), only('name.example')]).toEqual([undefined, undefined])
  expect(parseSocksRules('{}')('10.1.1.1')).toBeUndefined()
})

test.each([
  ['', /not JSON/],
  ['[]', /not an object/],
  ['{"10.0.0.0":{"addr":"p:1"}}', /'10\.0\.0\.0' is not a block/],
  ['{"10.0.0.0/33":{"addr":"p:1"}}', /is not a block/],
  ['{"10.0.0.0/8":null}', /has no addr/],
  ['{"10.0.0.0/8":{"addr":"p"}}', /not host:port/],
  ['{"10.0.0.0/8":{"addr":"p:1","username":7}}', /texts of at most 255/],
])('%s is refused', (text, message) => {
  expect(() => parseSocksRules(text)).toThrow(message)
})
