// SPDX-License-Identifier: Apache-2.0
// Pages of a table: cut in order, begun again when the table has changed meanwhile.
import { expect, test } from 'vitest'
import { pageOf } from './page.ts'

const table = new Map(['a', 'b', 'c', 'd', 'e'].map((name, at) => [name, at]))
const version = { counter: 3, stateVersion: 0, timestamp: 9 }
const current = JSON.stringify(version)

test.each([
  ['the first', 0, 2, undefined, 'ab'],
  ['the second', 2, 2, current, 'cd'],
  ['the last', 4, 2, current, 'e'],
  ['one behind the end', 5, 2, current, ''],
  ['one of another version', 2, 2, JSON.stringify({ ...version, counter: 4 }), 'ab'],
  ['one without a version', 2, 2, undefined, 'ab'],
  ['none asked for', undefined, undefined, undefined, 'abcde'],
  ['a negative one', -1, 2, current, 'abcde'],
])('%s', (_, start, count, dataVersion, names) => {
  const page = pageOf(table, version, { start, count, dataVersion })
  expect([...page.entries.keys()].join('')).toBe(names)
  expect(page.total).toBe(5)
})
