// SPDX-License-Identifier: Apache-2.0
// Which functions of a handler file count as handlers.

import { expect, test } from 'vitest'
import { findFactories } from './handlers-index.ts'
import { handledSchemas } from './request-codes-table.ts'

const head = `import type { BrokerContext } from '../context.ts'\n`

test.each([
  ['one handler', 'export function onA(broker: BrokerContext): Handler {', ['onA']],
  [
    'a signature over several lines',
    'export function onA(\n  b: BrokerContext,\n): Handler {',
    ['onA'],
  ],
  ['a function that is not exported', 'function onA(broker: BrokerContext): Handler {', []],
  ['a function that makes no handler', 'export function onA(b: BrokerContext): boolean {', []],
  ['a name that does not begin with on', 'export function made(b: BrokerContext): Handler {', []],
])('finds %s', (_, text, names) => {
  expect(findFactories(head + text).map(({ name }) => name)).toEqual(names)
})

test('knows where the context comes from, and that a list is a list', () => {
  expect(findFactories(`${head}export function onA(b: BrokerContext): Handler[] {`)).toEqual([
    { name: 'onA', contextType: 'BrokerContext', contextPath: '../context.ts', isList: true },
  ])
})

test('refuses a context that is imported from nowhere', () => {
  expect(() => findFactories('export function onA(b: Other): Handler {')).toThrow('Other')
})

test.each([
  ['handle(getMinOffset, ({ request }) => 1)', ['getMinOffset']],
  ['handleHot(\n    sendMessage,\n    run)', ['sendMessage']],
  ['handle<A, B>(pullMessage, run)', ['pullMessage']],
  ['rehandle(pullMessage, run)', []],
])('reads the schema out of %j', (text, names) => {
  expect(handledSchemas(text)).toEqual(names)
})
