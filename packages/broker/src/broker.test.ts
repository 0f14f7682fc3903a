// SPDX-License-Identifier: Apache-2.0
// A broker as a whole: starting, both ports, stopping, being killed.
import { ResponseCode } from '@rocketmq-ts/remoting'
import {
  getMaxOffset,
  heartBeat,
  notifyConsumerIdsChanged,
  queryConsumerOffset,
  registerBroker,
  sendMessageV2,
  updateConsumerOffset,
} from '@rocketmq-ts/remoting/requests'
import { encodeFrame, readFrame } from '@rocketmq-ts/remoting/testing'
import { silentLogger, type SocketEvents } from '@rocketmq-ts/runtime'
import { simulatedRuntime } from '@rocketmq-ts/runtime/simulated'
import { expect, test } from 'vitest'
import { ADDRESS, BROKER_IP, BrokerWorld, sendHeader } from '../test/broker-world.ts'

test('tells its address and name', async () => {
  const { broker } = await BrokerWorld.start()
  expect([broker.address, broker.name, broker.port]).toEqual([ADDRESS, 'broker-a', 10911])
})

test('serves sends on the fast port as well', async () => {
  const world = await BrokerWorld.start()
  const options = { body: Buffer.from('x'), port: 10909 }
  expect(await world.outcome(sendMessageV2, sendHeader, options)).toEqual([0, ''])
})

test('warns once of each setting that has no effect yet', async () => {
  const warned: object[] = []
  const warn = (facts: object): void => void warned.push(facts)
  const logger = { ...silentLogger, warn, child: () => logger }
  await BrokerWorld.start({ logger, properties: { popPollingSize: '7' } })
  expect(warned).toEqual([{ key: 'popPollingSize', value: '7' }])
})

test.each(['json', 'rocketmq'] as const)(
  'sends its own requests in %s when it is told so: to name servers and to clients',
  async (serializeType) => {
    const machine = simulatedRuntime({ seed: 1, host: BROKER_IP })
    const seen: unknown[] = []
    const listener = (): SocketEvents => {
      let rest = Buffer.alloc(0)
      const data = (chunk: Uint8Array): void => {
        rest = Buffer.concat([rest, chunk])
        while (rest.length > 4 && rest.length >= 4 + rest.readInt32BE()) {
          const end = 4 + rest.readInt32BE()
          const frame = readFrame(rest.subarray(0, end))
          if ((frame.flag & 1) === 0) seen.push([frame.code, frame.serializeType])
          rest = rest.subarray(end)
        }
      }
      return { data, drained: () => undefined, closed: () => undefined }
    }
    const { network } = machine.machine('10.0.9.1')
    await machine.settle(network.listen({ port: 9876 }, listener))
    const properties = { namesrvAddr: '10.0.9.1:9876' }
    await BrokerWorld.start({ machine, properties, serializeType })
    const socket = await machine.settle(
      network.connect({ host: BROKER_IP, port: 10_911, timeoutMs: 3000 }, listener),
    )
    const body = Buffer.from(
      '{"clientID":"c","consumerDataSet":[{"groupName":"G","consumeType":"CONSUME_PASSIVELY","messageModel":"CLUSTERING","consumeFromWhere":"CONSUME_FROM_LAST_OFFSET","subscriptionDataSet":[]}]}',
    )
    const head = { code: heartBeat.code, opaque: 1 }
    socket.write([encodeFrame('json', head, { table: heartBeat.request, record: {}, body })])
    await machine.advance(100)
    expect(seen).toEqual([
      [registerBroker.code, serializeType],
      [notifyConsumerIdsChanged.code, serializeType],
      // The retry topic of the new group.
      [registerBroker.code, serializeType],
    ])
  },
)

const queue = { topic: 'T', queueId: 0 }
const position = { consumerGroup: 'G', ...queue }

test('keeps messages, topics, groups and offsets over a stop', async () => {
  const world = await BrokerWorld.start()
  for (let at = 0; at < 5; at += 1) await world.send()
  await world.pull({ consumerGroup: 'G' })
  await world.call(updateConsumerOffset, { ...position, commitOffset: 3 })
  await world.restart()
  expect(await world.messages('T')).toHaveLength(5)
  const offset = await world.call(queryConsumerOffset, {
    ...position,
    setZeroIfNotFound: undefined,
  })
  expect(offset.header().offset).toBe(3)
  expect((await world.send()).header().queueOffset).toBe(5)
})

test('a port that is taken fails the start and leaves the store free', async () => {
  const world = await BrokerWorld.start()
  const other = world.startBroker({ storePathRootDir: '/other' })
  await expect(other).rejects.toThrow()
  await world.settle(world.broker.close())
  await world.startBroker({ storePathRootDir: '/other' })
  expect((await world.send()).code).toBe(ResponseCode.SUCCESS)
})

test('stopping twice is stopping once', async () => {
  const world = await BrokerWorld.start()
  await world.settle(Promise.all([world.broker.close(), world.broker.close()]))
})

test.each([1, 2, 3, 4, 5, 6])(
  'loses nothing it acknowledged when it is killed (seed %i)',
  async (seed) => {
    const world = await BrokerWorld.start({
      seed,
      properties: { mappedFileSizeCommitLog: '16384' },
    })
    const acknowledged: string[] = []
    // Sixteen producers, each with the next message on its way as soon as the last one is answered.
    const producers = Array.from({ length: 16 }, async (_, producer) => {
      for (let at = 0; ; at += 1) {
        const key = `K${producer}-${at}`
        const properties = `UNIQ_KEY\u0001${key}\u0002`
        const header = { ...sendHeader, queueId: producer % 4, properties }
        const body = Buffer.alloc(50 + producer)
        const answer = await world.client.request(ADDRESS, sendMessageV2, header, { body })
        if (answer.code === 0) acknowledged.push(key)
      }
    })
    const ended = Promise.allSettled(producers)
    await world.advance(10 + seed * 3.3)
    await world.killAndRestart()
    await world.settle(ended)
    expect(acknowledged.length).toBeGreaterThan(50)
    const stored = new Set<string | undefined>()
    for (let queueId = 0; queueId < 4; queueId += 1) {
      for (const { properties } of await world.messages('T', queueId))
        stored.add(properties['UNIQ_KEY'])
    }
    expect(acknowledged.filter((key) => !stored.has(key))).toEqual([])
    const ends = []
    for (let queueId = 0; queueId < 4; queueId += 1) {
      const end = await world.call(getMaxOffset, { topic: 'T', queueId, committed: undefined })
      ends.push(end.header().offset)
    }
    expect(ends.reduce((sum, end) => sum + end, 0)).toBe(stored.size)
  },
)
