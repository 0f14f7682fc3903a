// SPDX-License-Identifier: Apache-2.0
// Topics with cleanup.policy=COMPACTION: what is refused, what is read, and what a restart leaves.
import { ResponseCode } from '@rocketmq-ts/remoting'
import { decodeMessages, encodeBatch } from '@rocketmq-ts/remoting/message'
import { updateAndCreateTopic } from '@rocketmq-ts/remoting/requests'
import { beforeEach, expect, test } from 'vitest'
import { BrokerWorld } from '../../test/broker-world.ts'
import { keysWithoutEffect, parseBrokerConfig } from '../config.ts'

const properties = {
  compactionMappedFileSize: '4000',
  compactionCqMappedFileSize: String(46 * 16),
  compactionScheduleInternal: '60000',
  maxOffsetMapSize: '1000000',
}

let world: BrokerWorld
beforeEach(async () => {
  world = await BrokerWorld.start({ properties })
  const answer = await world.call(updateAndCreateTopic, {
    ...{ topic: 'C', defaultTopic: 'TBW102', readQueueNums: 1, writeQueueNums: 1, perm: 6 },
    ...{ topicFilterType: 'SINGLE_TAG', topicSysFlag: 0, order: false, force: undefined },
    attributes: '+cleanup.policy=COMPACTION',
  })
  expect(answer.code).toBe(ResponseCode.SUCCESS)
})

async function sendRounds(count: number): Promise<void> {
  for (let i = 0; i < count; i++) {
    const keys = { KEYS: `k${i % 3}`, UNIQ_KEY: `u${i}` }
    await world.send({ topic: 'C', body: `v${i}`, properties: keys })
  }
}

/** Reads as a consumer does, from an offset on until there is no more. */
async function bodies(queueOffset: number = 0): Promise<string[]> {
  const found: string[] = []
  for (let next = queueOffset; ;) {
    const answer = await world.pull({ topic: 'C', queueOffset: next })
    if (answer.code !== ResponseCode.SUCCESS) return found
    found.push(...decodeMessages(answer.body).map(({ body }) => Buffer.from(body).toString()))
    next = answer.header().nextBeginOffset
  }
}

test.each([
  ['no key', {}],
  ['a blank key', { KEYS: ' \t' }],
  ['no key, as part of a transaction', { TRAN_MSG: 'true' }],
])('a message with %s is refused', async (_, extra) => {
  const answer = await world.send({ topic: 'C', properties: { UNIQ_KEY: 'u', ...extra } })
  expect([answer.code, answer.remark]).toEqual([
    ResponseCode.MESSAGE_ILLEGAL,
    'Required message key is missing',
  ])
  expect((await world.send({ topic: 'Other' })).code).toBe(ResponseCode.SUCCESS)
})

test('a space at which no line may break is a key, as for Java', async () => {
  const answer = await world.send({ topic: 'C', properties: { KEYS: '\u00a0' } })
  expect(answer.code).toBe(ResponseCode.SUCCESS)
  expect(await bodies()).toHaveLength(1)
})

test('in a batch it is taken, and passed over by readers', async () => {
  const body = encodeBatch([{ body: Buffer.from('x') }, { body: Buffer.from('y') }])
  expect((await world.send({ topic: 'C', batch: true, body })).code).toBe(ResponseCode.SUCCESS)
  await sendRounds(1)
  expect(await bodies()).toEqual(['v0'])
})

test('messages are read at once, and the newest of each key after a while', async () => {
  await sendRounds(30)
  expect(await bodies()).toHaveLength(30)
  await world.advance(70_000)
  const kept = await bodies()
  expect(kept.length).toBeLessThan(30)
  expect(kept.slice(-3)).toEqual(['v27', 'v28', 'v29'])
  expect(await bodies(29)).toEqual(['v29'])

  await world.settle(world.broker.close())
  await world.startBroker()
  expect(await bodies()).toEqual(kept)
})

test('the settings have an effect, all but the number of threads', () => {
  const given = { ...properties, enableCompaction: 'false' }
  expect(keysWithoutEffect(parseBrokerConfig(given).given)).toEqual([])
  const threads = { compactionThreadNum: '2' }
  expect(keysWithoutEffect(parseBrokerConfig(threads).given)).toEqual(['compactionThreadNum'])
})
