// SPDX-License-Identifier: Apache-2.0
// Changes of topic attributes, and Java's words for those it refuses.
import { expect, test } from 'vitest'
import { alteredAttributes, parseAttributeChanges } from './topic-attributes.ts'

function alter(
  current: Record<string, string> | undefined,
  text: string,
): string | Record<string, string> {
  const changes = parseAttributeChanges(text)
  if (changes.kind === 'fault') return changes.text
  const map = current === undefined ? undefined : new Map(Object.entries(current))
  const altered = alteredAttributes(map, changes.value)
  return altered.kind === 'fault' ? altered.text : Object.fromEntries(altered.value)
}

const fifo = { 'message.type': 'FIFO' }

test.each([
  [undefined, '', {}],
  [undefined, '+message.type=FIFO', fifo],
  [fifo, '', fifo],
  [fifo, '+message.type=DELAY', { 'message.type': 'DELAY' }],
  [fifo, '-message.type', {}],
  [undefined, '+queue.type=SimpleCQ,+message.type=FIFO', { 'queue.type': 'SimpleCQ', ...fifo }],
])('%j with %j is %j', (current, text, expected) => {
  expect(alter(current, text)).toEqual(expected)
})

test.each([
  [undefined, 'foo', 'delete attribute format is wrong: foo'],
  [undefined, 'message.type=FIFO', 'add/alter attribute format is wrong: message.type'],
  [undefined, '+message.type=FIFO,+message.type=DELAY', 'key duplication: +message.type'],
  [undefined, '+foo=bar', 'unsupported key: foo'],
  [
    undefined,
    '+message.type=WHAT',
    'value is not in set: [UNSPECIFIED, MIXED, TRANSACTION, PRIORITY, FIFO, DELAY, LITE, NORMAL]',
  ],
  [undefined, '+lite.topic.expiration=99999', 'value is not in range(-1, 43200)'],
  [
    undefined,
    '-message.type',
    'only add attribute is supported while creating topic. key: message.type',
  ],
  [fifo, '+queue.type=BatchCQ', 'attempt to update an unchangeable attribute. key: queue.type'],
])('%j with %j is refused: %s', (current, text, fault) => {
  expect(alter(current, text)).toBe(fault)
})
