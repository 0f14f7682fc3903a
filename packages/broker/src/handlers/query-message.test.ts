// SPDX-License-Identifier: Apache-2.0
// Messages looked up by key, as the tools of an operator do it.
import { decodeMessages } from '@rocketmq-ts/remoting/message'
import { queryMessage, type QueryMessageRequest } from '@rocketmq-ts/remoting/requests'
import { beforeEach, describe, expect, test } from 'vitest'
import { BrokerWorld } from '../../test/broker-world.ts'

let world: BrokerWorld
beforeEach(async () => {
  world = await BrokerWorld.start({ properties: { defaultQueryMaxNum: '2' } })
  for (const at of [1, 2, 3]) {
    const properties = { UNIQ_KEY: `ID${at}`, KEYS: `all k${at}`, TAGS: 'a' }
    await world.send({ properties })
    await world.advance(1000)
  }
})

const all = {
  topic: 'T',
  maxNum: 32,
  beginTimestamp: 0n,
  endTimestamp: 9_223_372_036_854_775_807n,
  indexType: undefined,
  lastKey: undefined,
}

async function find(
  request: Partial<QueryMessageRequest> & { key: string },
  ext?: Readonly<Record<string, string>>,
): Promise<number[]> {
  const answer = await world.call(queryMessage, { ...all, ...request }, ext && { ext })
  return decodeMessages(Buffer.from(answer.body)).map(({ queueOffset }) => queueOffset)
}

describe('a message is found', () => {
  test('by each of its keys, in the order of the log', async () => {
    expect(await find({ key: 'all' })).toEqual([0, 1, 2])
    expect(await find({ key: 'k2', indexType: 'K' })).toEqual([1])
    expect(await find({ key: 'all', maxNum: 2 })).toEqual([1, 2])
  })

  test('by its unique key, and then as many as the broker says', async () => {
    expect(await find({ key: 'ID3' })).toEqual([2])
    expect(await find({ key: 'all', maxNum: 1 }, { _UNIQUE_KEY_QUERY: 'TRUE' })).toEqual([1, 2])
  })

  test('by its tag', async () => {
    expect(await find({ key: 'a', indexType: 'T' })).toEqual([0, 1, 2])
  })
})

test('what is not there is answered with Java’s words, and how far the index is', async () => {
  const words = 'can not find message, maybe time range not correct'
  expect(await world.outcome(queryMessage, { ...all, key: 'none' })).toEqual([22, words])
  expect(await world.outcome(queryMessage, { ...all, key: 'a', indexType: 'K' })).toEqual([
    22,
    words,
  ])
  const answer = await world.call(queryMessage, { ...all, key: 'all' })
  const [, , last] = decodeMessages(Buffer.from(answer.body))
  expect(answer.header()).toEqual({
    indexLastUpdateTimestamp: last!.storeTimestamp,
    indexLastUpdatePhyoffset: last!.commitLogOffset,
  })
})

test('a negative number is refused as Java refuses it', async () => {
  expect(await world.outcome(queryMessage, { ...all, key: 'k', maxNum: -1 })).toEqual([
    1,
    'java.lang.IllegalArgumentException: Illegal Capacity: -1',
  ])
})
