// SPDX-License-Identifier: Apache-2.0
// Topic and group names are judged as Java's TopicValidator judges them.
import { expect, test } from 'vitest'
import { groupNameFault, topicNameFault } from './topic-names.ts'

test.each([
  ['a'.repeat(127), true],
  ['a'.repeat(128), false],
  [`%RETRY%${'a'.repeat(248)}`, true],
  [`%RETRY%${'a'.repeat(249)}`, false],
  [`%DLQ%${'a'.repeat(250)}`, true],
  [`%DLQ%${'a'.repeat(251)}`, false],
  ['with space', false],
  ['slash/', false],
  ['', false],
  ['%a|b-c_1', true],
])('topic %s is allowed: %s', (topic, isAllowed) => {
  expect(topicNameFault(topic) === undefined).toBe(isAllowed)
})

test('a topic that is too long is refused in Java’s words', () => {
  expect(topicNameFault('a'.repeat(128))).toBe(
    `The specified topic: ${'a'.repeat(128)}, is longer than topic max length: 127`,
  )
})

test.each([
  ['a'.repeat(120), true],
  ['a'.repeat(256), false],
  ['no blanks', false],
])('group %s is allowed: %s', (group, isAllowed) => {
  expect(groupNameFault(group) === undefined).toBe(isAllowed)
})
