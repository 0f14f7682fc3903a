// SPDX-License-Identifier: Apache-2.0
// The few numbers that every table of the benchmark stands on.

import { expect, test } from 'vitest'
import type { Figure } from './options.ts'
import { ratio, table } from './report.ts'
import { median, Sample, short, spread } from './statistics.ts'

test('percentiles of a shuffled sample larger than its first array', () => {
  const sample = new Sample()
  const count = 100_000
  for (let i = 0; i < count; i++) sample.add(((i * 7919) % count) + 1)
  expect(sample.count).toBe(count)
  expect(sample.percentile(0.5)).toBe(50_000)
  expect(sample.percentile(0.99)).toBe(99_000)
  expect(sample.percentile(1)).toBe(count)
  expect(sample.percentile(0)).toBe(1)
})

test('an empty sample has no percentile', () => {
  expect(new Sample().percentile(0.5)).toBeNaN()
})

test('median of odd and even counts, in any order', () => {
  expect(median([3, 1, 2])).toBe(2)
  expect(median([4, 1, 3, 2])).toBe(2.5)
  expect(median([])).toBeNaN()
})

const shortCases: [number, string][] = [
  [0.123456, '0.123'],
  [9.876, '9.88'],
  [123.4, '123'],
  [9999, '9999'],
  [12_345, '12.3k'],
  [1_234_567, '1235k'],
  [Number.NaN, '–'],
]
for (const [value, text] of shortCases) {
  test(`${value} is shown as ${text}`, () => expect(short(value)).toBe(text))
}

test('the ratio is that of the medians and names its sides', () => {
  const figure: Figure = {
    scenario: 'sync',
    what: 'throughput',
    unit: 'msg/s',
    better: 'more',
    values: { ours: [10, 60, 20], Java: [10, 10, 10] },
  }
  const sides = [
    { name: 'ours', kind: 'ours' },
    { name: 'Java', kind: 'java' },
  ] as const
  expect(ratio(figure, sides)).toBe(2)
  expect(spread([10, 60, 20])).toBe('10/20/60')
  expect(table([figure], sides)).toMatch(
    /ours\/Java\n.*10\/20\/60 +10\/10\/10 +2 \(more is better\)/,
  )
})
