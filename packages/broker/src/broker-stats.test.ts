// SPDX-License-Identifier: Apache-2.0
// Figures of a broker: rates, classes of duration, days, as Java prints them.
import { beforeEach, expect, test } from 'vitest'
import { BrokerStats } from './broker-stats.ts'

const HOUR_MS = 3_600_000
let nowMs = 0
let stats: BrokerStats
beforeEach(() => {
  nowMs = 23 * HOUR_MS
  stats = new BrokerStats({ nowMs: () => nowMs, monotonicMs: () => nowMs }, () => 0)
})

function seconds(count: number, perSecond: number): void {
  for (let second = 0; second < count; second += 1) {
    nowMs += 1000
    stats.finds += perSecond
    stats.sample()
  }
}

test('rates are per second over ten seconds, a minute and ten minutes', () => {
  seconds(600, 0)
  seconds(10, 60)
  expect(stats.rates('finds')).toBe('60.0 10.0 1.0 ')
  expect(stats.rate('finds')).toBe(60)
  expect(stats.rates('misses')).toBe('0.0 0.0 0.0 ')
})

test('durations are counted in Java’s classes', () => {
  for (const tookMs of [0, 0, 1, 10, 11, 20_000]) stats.stored(1, 100, tookMs)
  expect(stats.putTimeDistribution()).toBe(
    '[<=0ms]:2 [0~10ms]:2 [10~50ms]:1 [50~100ms]:0 [100~200ms]:0 [200~500ms]:0 [500ms~1s]:0 ' +
      '[1~2s]:0 [2~3s]:0 [3~4s]:0 [4~5s]:0 [5~10s]:0 [10s~]:1 ',
  )
  expect([stats.puts, stats.putBytes, stats.putTimeMaxMs]).toEqual([6, 600, 20_000])
  expect([stats.putLatencyMs(0.3), stats.putLatencyMs(0.5), stats.putLatencyMs(1)]).toEqual([
    0, 10, 20_000,
  ])
})

test('at midnight today’s count becomes the morning’s', () => {
  stats.stored(5, 0, 0)
  seconds(2 * 3600, 0)
  stats.stored(2, 0, 0)
  expect(stats.days().puts).toEqual([0, 5, 7])
})

test('the time it runs is told in days, hours, minutes and seconds', () => {
  nowMs += 25 * HOUR_MS + 61_000
  expect(stats.runTime()).toBe('[ 1 days, 1 hours, 1 minutes, 1 seconds ]')
})
