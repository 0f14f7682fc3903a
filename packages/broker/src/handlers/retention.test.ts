// SPDX-License-Identifier: Apache-2.0
// What operators do about old files and queues without messages.
import {
  cleanExpiredConsumequeue,
  cleanUnusedTopic,
  deleteExpiredCommitlog,
  getMinOffset,
  updateBrokerConfig,
} from '@rocketmq-ts/remoting/requests'
import { beforeEach, expect, test } from 'vitest'
import { BrokerWorld } from '../../test/broker-world.ts'

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS

let world: BrokerWorld
beforeEach(async () => {
  const properties = { mappedFileSizeCommitLog: '4096', maxMessageSize: '2000', deleteWhen: '23' }
  world = await BrokerWorld.start({ properties })
  await world.send({ topic: 'Old' })
  for (let at = 0; at < 20; at += 1) await world.send({ body: 'x'.repeat(1000) })
  await world.send({ queueId: 1 })
  await world.advance(2000)
})

function logFiles(): number {
  return world.machine.files.list('/store/commitlog').length
}

async function minOffset(topic: string, queueId: number = 0): Promise<number> {
  return (await world.call(getMinOffset, { topic, queueId })).header().offset
}

test('expired files go on demand, and as the settings of the running broker say', async () => {
  const all = logFiles()
  await world.call(deleteExpiredCommitlog, {})
  await world.advance(5 * MINUTE_MS)
  expect(logFiles()).toBe(all)
  await world.call(updateBrokerConfig, {}, { body: Buffer.from('fileReservedTime=1\n') })
  await world.advance(HOUR_MS)
  expect(logFiles()).toBe(all)
  await world.call(deleteExpiredCommitlog, {})
  await world.advance(5 * MINUTE_MS)
  expect(logFiles()).toBeLessThanOrEqual(2)
  expect(await minOffset('T')).toBeGreaterThan(15)
})

test('queues without messages are forgotten, and those of topics that are not there', async () => {
  await world.call(updateBrokerConfig, {}, { body: Buffer.from('fileReservedTime=0\n') })
  await world.call(deleteExpiredCommitlog, {})
  await world.advance(5 * MINUTE_MS)
  expect(await minOffset('Old')).toBe(1)
  await world.call(cleanExpiredConsumequeue, {})
  expect(await minOffset('Old')).toBe(0)
  expect(await minOffset('T')).toBeGreaterThan(15)
  expect(world.machine.files.list('/store/consumequeue')).toEqual(['T'])
  // The table of topics is lost, the queues are not.
  await world.settle(world.broker.close())
  world.machine.files.remove('/store/config')
  await world.startBroker()
  expect(await minOffset('T')).toBeGreaterThan(15)
  await world.call(cleanUnusedTopic, {})
  expect(await minOffset('T')).toBe(0)
  expect(world.machine.files.list('/store/consumequeue')).toEqual([])
})
