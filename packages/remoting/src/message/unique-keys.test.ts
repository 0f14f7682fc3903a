// SPDX-License-Identifier: Apache-2.0
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { UniqueKeys } from './index.ts'

interface GoldenId {
  id: string
  ip: string
  pid: number
  nearlyTimeMs: number
}

const golden = JSON.parse(
  readFileSync(new URL('../../test/golden/messages.json', import.meta.url), 'utf8'),
) as { uniqueIds: { cases: GoldenId[] } }

function keysAt(nowMs: () => number, ip: string, pid: number, utcOffsetMinutes = 0): UniqueKeys {
  return new UniqueKeys({
    clock: { nowMs, monotonicMs: () => 0 },
    random: { below: () => 0, bytes: () => Buffer.from('30946e09', 'hex') },
    host: {
      processId: pid,
      hostName: 'h',
      homeDirectory: '/',
      temporaryDirectory: '/tmp',
      platform: 'linux',
      ipAddresses: () => [ip],
      utcOffsetMinutes: () => utcOffsetMinutes,
      usage: () => ({ residentBytes: 0, cpuMicros: 0 }),
    },
  })
}

test('ids have the form Java gives them, counted from 0', () => {
  const [first, second] = golden.uniqueIds.cases.slice(-2) as [GoldenId, GoldenId]
  const keys = keysAt(() => first.nearlyTimeMs, first.ip, first.pid)
  expect(keys.next()).toBe(first.id)
  expect(keys.next()).toBe(second.id)
})

test('an IPv6 host makes ids of 56 digits', () => {
  const six = golden.uniqueIds.cases.find(({ ip }) => ip.includes(':'))!
  const id = keysAt(() => six.nearlyTimeMs, six.ip, six.pid).next()
  expect(id).toHaveLength(56)
  expect(id.slice(0, 36)).toBe(six.id.slice(0, 36))
  expect(id.slice(44, 52)).toBe(six.id.slice(44, 52))
})

test('the counter wraps after 65,536 ids and no id comes twice in a millisecond', () => {
  const keys = keysAt(() => 1_700_000_000_000, '10.0.0.1', 1)
  const ids = new Set(Array.from({ length: 65_536 }, () => keys.next()))
  expect(ids.size).toBe(65_536)
  expect(ids.has(keys.next())).toBe(true)
})

test('the time counts from local midnight of the first, anew each month', () => {
  let nowMs = Date.UTC(2026, 10, 30, 22, 59, 59, 999)
  const keys = keysAt(() => nowMs, '10.0.0.1', 1, 60)
  const time = (): number => Number.parseInt(keys.next().slice(20, 28), 16)
  expect(time()).toBe(30 * 86_400_000 - 1)
  nowMs += 1
  expect(time()).toBe(0)
})
