// SPDX-License-Identifier: Apache-2.0
// What users give becomes what Java's producer would send, or is refused before it is sent.
import { RocketMQError } from '@rocketmq-ts/remoting'
import { decodeProperties, decompress, iterateBatch } from '@rocketmq-ts/remoting/message'
import { describe, expect, it } from 'vitest'
import { prepareBatch, prepareMessage, type OutgoingMessage } from './message.ts'

const rules = {
  maxMessageBytes: 10_000,
  compressBodyOverBytes: 4096,
  compressionType: 'ZLIB',
  compressionLevel: 5,
} as const
const body = 'hello'

function codeOf(run: () => unknown): string {
  try {
    run()
  } catch (error) {
    return RocketMQError.is(error) ? error.code : String(error)
  }
  return 'none'
}

describe('prepareMessage', () => {
  it('writes the properties Java writes', () => {
    const prepared = prepareMessage(
      {
        topic: 'T',
        body,
        tags: 'a',
        keys: ['k1', 'k2'],
        delayLevel: 3,
        shardingKey: 's',
        waitStoreMsgOk: false,
        properties: { mine: 'yes' },
      },
      'ID',
      rules,
    )
    expect(decodeProperties(prepared.properties)).toEqual({
      UNIQ_KEY: 'ID',
      WAIT: 'false',
      TAGS: 'a',
      KEYS: 'k1 k2',
      DELAY: '3',
      __SHARDINGKEY: 's',
      mine: 'yes',
    })
    expect(prepared).toMatchObject({ msgId: 'ID', sysFlag: 0, flag: 0, batch: false })
  })

  it('compresses bodies from the limit on and says so', () => {
    const small = prepareMessage({ topic: 'T', body: 'x'.repeat(4095) }, 'ID', rules)
    expect([small.body.length, small.sysFlag]).toEqual([4095, 0])
    const large = prepareMessage({ topic: 'T', body: 'x'.repeat(4096) }, 'ID', rules)
    expect(large.sysFlag).toBe(0x301)
    expect(Buffer.from(decompress(large.body, 'ZLIB')).toString()).toBe('x'.repeat(4096))
  })

  it.each([
    ['ZSTD', 0x201],
    ['LZ4', 0x101],
  ] as const)('compresses with %s when told', (compressionType, sysFlag) => {
    const large = prepareMessage({ topic: 'T', body: 'x'.repeat(4096) }, 'ID', {
      ...rules,
      compressionType,
    })
    expect(large.sysFlag).toBe(sysFlag)
    expect(Buffer.from(decompress(large.body, compressionType)).toString()).toBe('x'.repeat(4096))
  })

  const wrong: readonly [string, OutgoingMessage, string][] = [
    ['a blank topic', { topic: ' ', body }, 'RMQ_INVALID_ARGUMENT'],
    ['a long topic', { topic: 'x'.repeat(128), body }, 'RMQ_INVALID_ARGUMENT'],
    ['a topic with a dot', { topic: 'a.b', body }, 'RMQ_INVALID_ARGUMENT'],
    ['a topic of the broker', { topic: 'SCHEDULE_TOPIC_XXXX', body }, 'RMQ_INVALID_ARGUMENT'],
    ['an empty body', { topic: 'T', body: '' }, 'RMQ_MESSAGE_ILLEGAL'],
    ['a missing body', { topic: 'T', body: undefined as never }, 'RMQ_MESSAGE_ILLEGAL'],
    ['a body that is too large', { topic: 'T', body: 'x'.repeat(10_001) }, 'RMQ_MESSAGE_ILLEGAL'],
    [
      'a reserved property',
      { topic: 'T', body, properties: { DELAY: '3' } },
      'RMQ_MESSAGE_ILLEGAL',
    ],
    [
      'a separator in a value',
      { topic: 'T', body, properties: { a: 'x\u0002y' } },
      'RMQ_MESSAGE_ILLEGAL',
    ],
    [
      'a separator in a name',
      { topic: 'T', body, properties: { 'a\u0001b': 'x' } },
      'RMQ_MESSAGE_ILLEGAL',
    ],
    ['a separator in a tag', { topic: 'T', body, tags: 'x\u0001' }, 'RMQ_MESSAGE_ILLEGAL'],
    ['a number as a tag', { topic: 'T', body, tags: 7 as never }, 'RMQ_MESSAGE_ILLEGAL'],
  ]
  it.each(wrong)('refuses %s', (_, message, code) => {
    expect(codeOf(() => prepareMessage(message, 'ID', rules))).toBe(code)
  })
})

describe('prepareBatch', () => {
  const ids = (): (() => string) => {
    let next = 0
    return () => `ID${next++}`
  }

  it('gives every message its id and keeps their order', () => {
    const messages = [
      { topic: 'T', body: 'one', tags: 'a' },
      { topic: 'T', body: 'two', flag: 5 },
    ]
    const batch = prepareBatch(messages, ids(), rules)
    expect(batch).toMatchObject({ topic: 'T', msgId: 'ID0,ID1', batch: true, sysFlag: 0 })
    const inner = [...iterateBatch(batch.body)]
    expect(inner.map((one) => Buffer.from(one.body).toString())).toEqual(['one', 'two'])
    expect(inner.map((one) => one.flag)).toEqual([0, 5])
    const properties = inner.map((one) => decodeProperties(Buffer.from(one.properties).toString()))
    expect(properties).toEqual([
      { UNIQ_KEY: 'ID0', WAIT: 'true', TAGS: 'a' },
      { UNIQ_KEY: 'ID1', WAIT: 'true' },
    ])
  })

  it.each([
    ['no messages', []],
    [
      'two topics',
      [
        { topic: 'T', body },
        { topic: 'U', body },
      ],
    ],
    [
      'two ways to wait',
      [
        { topic: 'T', body },
        { topic: 'T', body, waitStoreMsgOk: false },
      ],
    ],
    ['a delayed message', [{ topic: 'T', body, delayLevel: 1 }]],
    ['a retry topic', [{ topic: '%RETRY%g', body }]],
    [
      'too much together',
      [
        { topic: 'T', body: 'x'.repeat(6000) },
        { topic: 'T', body: 'x'.repeat(6000) },
      ],
    ],
  ])('refuses %s', (_, messages) => {
    expect(codeOf(() => prepareBatch(messages, ids(), rules))).toBe('RMQ_MESSAGE_ILLEGAL')
  })
})
