// SPDX-License-Identifier: Apache-2.0
// The properties of a send: read in place, completed, replaced when they ask for more.
import type { FieldView } from '@rocketmq-ts/remoting'
import { decodeProperties, tagHash } from '@rocketmq-ts/remoting/message'
import { describe, expect, test } from 'vitest'
import { parseBrokerConfig } from '../config.ts'
import { StoredProperties } from './stored-properties.ts'

/** A header with one field. */
function fieldOf(text: string): FieldView {
  const bytes = Buffer.from(text)
  return {
    byteLength: () => bytes.length,
    copyInto: (_: number, target: Uint8Array, at: number) => {
      target.set(bytes, at)
      return at + bytes.length
    },
  } as unknown as FieldView
}

const config = parseBrokerConfig({ brokerClusterName: 'C', regionId: 'R' })

function load(text: string): StoredProperties {
  const properties = new StoredProperties()
  expect(properties.load(fieldOf(text), 0)).toBe(true)
  return properties
}

function textOf(properties: StoredProperties): string {
  return Buffer.from(properties.finish(config)).toString()
}

const own = 'MSG_REGION\u0001R\u0002CLUSTER\u0001C\u0002TRACE_ON\u0001true\u0002'

test('the sender’s bytes stay, and the broker’s are behind them', () => {
  expect(textOf(load('b\u0001ü\u0002a\u00011\u0002'))).toBe(`b\u0001ü\u0002a\u00011\u0002${own}`)
})

test('an open end is closed, nothing at all is only ours', () => {
  expect(textOf(load('a\u00011'))).toBe(`a\u00011\u0002${own}`)
  expect(textOf(load(''))).toBe(own)
})

test('a changed setting changes what is added', () => {
  const properties = load('')
  textOf(properties)
  const other = parseBrokerConfig({ brokerClusterName: 'D', regionId: 'R', traceOn: 'false' })
  const text = Buffer.from(properties.finish(other)).toString()
  expect(decodeProperties(text)).toEqual({ MSG_REGION: 'R', CLUSTER: 'D', TRACE_ON: 'false' })
})

test('tag, key and waiting are found in the bytes', () => {
  const properties = load('TAGS\u0001täg\u0002UNIQ_KEY\u0001k\u0002WAIT\u0001FALSE\u0002')
  expect([properties.tagsCode, properties.uniqueKey, properties.waitFlush]).toEqual([
    tagHash('täg'),
    'k',
    false,
  ])
  const none = load('a\u00011\u0002')
  expect([none.tagsCode, none.uniqueKey, none.waitFlush]).toEqual([0, undefined, true])
})

describe('special are', () => {
  test.each([
    ['DELAY', true],
    ['TRAN_MSG', true],
    ['TIMER_DELIVER_MS', true],
    ['TIMER_DELAY_SEC', true],
    ['TIMER_DELAY_MS', true],
    ['MSG_REGION', true],
    ['CLUSTER', true],
    ['TRACE_ON', true],
    ['POP_CK', true],
    ['TAGS', false],
    ['KEYS', false],
    ['DELAYS', false],
  ])('messages with %s: %s', (name, isSpecial) => {
    expect(load(`${name}\u00011\u0002`).isSpecial).toBe(isSpecial)
  })
})

test('properties beyond Java’s limit are not read', () => {
  const properties = new StoredProperties()
  expect(properties.load(fieldOf('x'.repeat(32_768)), 0)).toBe(false)
  expect(properties.load(fieldOf('x'.repeat(32_767)), 0)).toBe(true)
  expect(properties.replace({ a: 'b'.repeat(32_766) })).toBe(false)
})

test('nothing of one message is left in the next', () => {
  const properties = load('TAGS\u0001t\u0002DELAY\u00011\u0002UNIQ_KEY\u0001k\u0002')
  properties.load(fieldOf(''), 0)
  expect([properties.tagsCode, properties.isSpecial, properties.uniqueKey]).toEqual([
    0,
    false,
    undefined,
  ])
  expect(textOf(properties)).toBe(own)
})
