// SPDX-License-Identifier: Apache-2.0
// Subscriptions: which expressions are taken, and which tags codes match.
import { tagHash } from '@rocketmq-ts/remoting/message'
import { expect, test } from 'vitest'
import { parseSubscription, subscriptionOf } from './subscription.ts'

test.each([
  [undefined, '*', []],
  ['', '*', []],
  ['*', '*', []],
  ['a', 'a', ['a']],
  ['a || b', 'a || b', ['a', 'b']],
  ['a||a', 'a||a', ['a']],
  ['|', '|', ['|']],
  [' || ', ' || ', []],
])('%j is read as %j with the tags %j', (expression, subString, tagsSet) => {
  const data = parseSubscription('T', expression)!.data
  expect([data.subString, data.tagsSet]).toEqual([subString, tagsSet])
  expect(data.codeSet).toEqual(tagsSet.map(tagHash))
})

test.each(['||', '||||'])('%j names no tag', (expression) => {
  expect(parseSubscription('T', expression)).toBeUndefined()
})

test('everything needs no matcher', () => {
  expect(parseSubscription('T', '*')!.matchTags).toBeUndefined()
})

test.each([
  ['a', 'a', true],
  ['a', 'b', false],
  ['a || b', 'b', true],
  ['a || b', 'c', false],
])('%j matches the tag %s: %s', (expression, tag, matches) => {
  expect(parseSubscription('T', expression)!.matchTags!(tagHash(tag))).toBe(matches)
})

test('a message without a tag matches no tag', () => {
  expect(parseSubscription('T', 'a')!.matchTags!(0)).toBe(false)
})

test('the hashes of a heartbeat count, whatever its tags are', () => {
  const { matchTags } = subscriptionOf({
    classFilterMode: false,
    codeSet: [7],
    subString: 'a',
    subVersion: 1,
    tagsSet: ['a'],
    topic: 'T',
  })
  expect([matchTags!(7), matchTags!(tagHash('a'))]).toEqual([true, false])
})
