// SPDX-License-Identifier: Apache-2.0
// Delayed messages: never early, each once, in order, also over restarts and crashes.
import { beforeEach, describe, expect, test } from 'vitest'
import { BrokerWorld } from '../test/broker-world.ts'
import { parseDelayLevels } from './delay-levels.ts'

let world: BrokerWorld
beforeEach(async () => {
  world = await BrokerWorld.start({ properties: { messageDelayLevel: '2s 1m 1h' } })
})

async function sendDelayed(level: number, key: string): Promise<void> {
  await world.send({ properties: { DELAY: String(level), UNIQ_KEY: key } })
}

async function keys(): Promise<(string | undefined)[]> {
  return (await world.messages('T')).map(({ properties }) => properties['UNIQ_KEY'])
}

describe('a delayed message', () => {
  test.each([
    [1, 2_000],
    [2, 60_000],
    [3, 3_600_000],
    [9, 3_600_000],
  ])('of level %i is delivered after %i ms, not before', async (level, delayMs) => {
    await sendDelayed(level, 'A')
    const sentMs = world.machine.clock.nowMs()
    await world.advance(delayMs - 100)
    expect(await keys()).toEqual([])
    await world.advance(1300)
    const [message] = await world.messages('T')
    expect(message!.storeTimestamp - sentMs).toBeGreaterThanOrEqual(delayMs - 1)
    expect(message!.storeTimestamp - sentMs).toBeLessThan(delayMs + 1200)
  })

  test('keeps everything but where and when it is stored', async () => {
    const wish = { flag: 3, reconsumeTimes: 2, queueId: 3, body: 'late' }
    await world.send({ ...wish, properties: { DELAY: '1', UNIQ_KEY: 'A', TAGS: 't', k: 'v' } })
    await world.advance(4000)
    const [message] = await world.messages('T', 3)
    expect(Buffer.from(message!.body).toString()).toBe('late')
    expect(message).toMatchObject({ flag: 3, reconsumeTimes: 2, bornTimestamp: 1_700_000_000_000 })
    expect(message!.properties).toMatchObject({ UNIQ_KEY: 'A', TAGS: 't', k: 'v', DELAY: '1' })
  })

  test('is found by its tag', async () => {
    await world.send({ properties: { DELAY: '1', TAGS: 'wanted' } })
    await world.advance(4000)
    expect((await world.pull({ subscription: 'wanted' })).remark).toBe('FOUND')
    expect((await world.pull({ subscription: 'other' })).remark).toBe('NO_MATCHED_MESSAGE')
  })

  test('with a level below one is delivered at once', async () => {
    await sendDelayed(-1, 'A')
    expect(await keys()).toEqual(['A'])
  })
})

test('many messages of one level are delivered in order, each once', async () => {
  const sent = Array.from({ length: 150 }, (_, at) => `K${at}`)
  for (const key of sent) await sendDelayed(1, key)
  await world.advance(5000)
  expect(await keys()).toEqual(sent)
})

test('what became due while the broker was stopped is delivered when it starts, and only once', async () => {
  await sendDelayed(1, 'A')
  await world.advance(3500)
  await sendDelayed(1, 'B')
  await sendDelayed(2, 'C')
  await world.settle(world.broker.close())
  await world.advance(30_000)
  await world.startBroker()
  await world.advance(2000)
  expect(await keys()).toEqual(['A', 'B'])
  await world.advance(40_000)
  expect(await keys()).toEqual(['A', 'B', 'C'])
})

test.each([1, 2, 3, 4, 5])(
  'nothing is lost or early when the broker is killed (seed %i)',
  async (seed) => {
    world = await BrokerWorld.start({ seed, properties: { messageDelayLevel: '2s 1m 1h' } })
    for (let at = 0; at < 40; at += 1) await sendDelayed(1, `K${at}`)
    await world.advance(1500 + seed * 173)
    await world.killAndRestart()
    await world.advance(6000)
    // Delivered again what delayOffset.json did not know of yet: at least once each.
    const delivered = await keys()
    expect(new Set(delivered).size).toBe(40)
  },
)

test('messages that are read from disk again are delivered whole, wherever the read cuts them', async () => {
  const sent = Array.from({ length: 90 }, (_, at) => `K${at}`)
  for (const key of sent) {
    const body = Buffer.alloc(9_973, key)
    await world.send({ body, properties: { DELAY: '2', UNIQ_KEY: key } })
  }
  await world.restart()
  await world.advance(70_000)
  const delivered = await world.messages('T')
  expect(delivered.map(({ properties }) => properties['UNIQ_KEY'])).toEqual(sent)
  for (const { body, properties } of delivered) {
    expect(Buffer.alloc(9_973, properties['UNIQ_KEY']!).equals(body)).toBe(true)
  }
})

test('a level whose progress lies beyond its queue goes on at the end', async () => {
  await sendDelayed(1, 'A')
  await world.advance(4000)
  await world.settle(world.broker.close())
  const path = '/store/config/delayOffset.json'
  const text = Buffer.from(world.machine.files.readFile(path)!).toString()
  world.machine.files.writeFile(path, Buffer.from(text.replace('1:1', '1:99')))
  await world.startBroker()
  await sendDelayed(1, 'B')
  await world.advance(4000)
  expect(await keys()).toContain('B')
})

describe('delay levels', () => {
  test('are read with their units', () => {
    expect(parseDelayLevels('1s 2m 3h 1d')).toEqual([1_000, 120_000, 10_800_000, 86_400_000])
  })

  test.each(['1x', 's', '-1s', '1.5s'])('refuse %s', (text) => {
    expect(() => parseDelayLevels(text)).toThrow(`'${text}'`)
  })
})
