// SPDX-License-Identifier: Apache-2.0
// What name servers hear of a broker, and when.
import { handle, refuse, RemotingServer, reply } from '@rocketmq-ts/remoting'
import {
  decodeRegisterBrokerBody,
  encodeKvTable,
  registerBrokerBodyCrc32,
  type TopicConfig,
} from '@rocketmq-ts/remoting/bodies'
import {
  getTopicConfig,
  queryDataVersion,
  registerBroker,
  unregisterBroker,
  updateBrokerConfig,
  type RegisterBrokerRequest,
} from '@rocketmq-ts/remoting/requests'
import { simulatedRuntime } from '@rocketmq-ts/runtime/simulated'
import { beforeEach, expect, test } from 'vitest'
import { ADDRESS, BrokerWorld } from '../test/broker-world.ts'

interface Registration extends RegisterBrokerRequest {
  readonly topics: ReadonlyMap<string, TopicConfig>
}

let heard: Registration[]
let queries: number
let withdrawals: string[]
let orderTopics: Map<string, string> | undefined
let isUpToDate: boolean
beforeEach(() => {
  heard = []
  queries = 0
  withdrawals = []
  orderTopics = undefined
  isUpToDate = false
})

const NAME_SERVER = '10.0.9.1:9876'

/** A world with one name server that listens, and one that does not. */
async function start(properties: Record<string, string> = {}): Promise<BrokerWorld> {
  const machine = simulatedRuntime({ seed: 1, host: '10.0.0.1' })
  const server = new RemotingServer({
    runtime: machine.machine('10.0.9.1'),
    handlers: [
      handle(registerBroker, ({ request, body }) => {
        const compressed = request.compressed === true
        if (request.bodyCrc32 !== registerBrokerBodyCrc32(body)) return refuse(1, 'crc')
        const { topicConfigTable } = decodeRegisterBrokerBody(body, {
          compressed,
        }).topicConfigSerializeWrapper
        heard.push({ ...request, topics: topicConfigTable })
        const table = orderTopics === undefined ? [] : [encodeKvTable({ table: orderTopics })]
        return reply({ haServerAddr: undefined, masterAddr: undefined }, { body: table })
      }),
      handle(queryDataVersion, () => {
        queries += 1
        return reply({ changed: !isUpToDate })
      }),
      handle(unregisterBroker, ({ request }) => {
        withdrawals.push(request.brokerName)
        return reply({})
      }),
    ],
  })
  await machine.settle(server.listen({ port: 9876 }))
  const namesrvAddr = `${NAME_SERVER};10.0.9.2:9876`
  return BrokerWorld.start({ machine, properties: { namesrvAddr, ...properties } })
}

test('it registers at its start with all topics', async () => {
  await start()
  expect(heard).toHaveLength(1)
  const { topics, ...header } = heard[0]!
  expect(header).toEqual({
    brokerName: 'broker-a',
    brokerAddr: ADDRESS,
    clusterName: 'DefaultCluster',
    haServerAddr: '10.0.0.1:10912',
    brokerId: 0,
    heartbeatTimeoutMillis: undefined,
    enableActingMaster: false,
    compressed: false,
    bodyCrc32: expect.any(Number) as number,
  })
  expect(topics.get('BenchmarkTest')!.readQueueNums).toBe(1024)
})

test('it registers again every thirty seconds', async () => {
  const world = await start()
  await world.advance(95_000)
  expect(heard.length).toBe(4)
})

test.each([
  ['1000', 10_000],
  ['100000', 60_000],
])('a period of %s is held to %i ms', async (registerNameServerPeriod, periodMs) => {
  const world = await start({ registerNameServerPeriod })
  await world.advance(periodMs - 3_500)
  expect(heard).toHaveLength(1)
  await world.advance(4_000)
  expect(heard).toHaveLength(2)
})

test('it tells of a new topic at once, and only of that', async () => {
  const world = await start()
  await world.send({ topic: 'New' })
  await world.advance(100)
  expect(heard).toHaveLength(2)
  expect([...heard[1]!.topics.keys()]).toEqual(['New'])
})

test('a permission the broker does not have is taken from its topics', async () => {
  const world = await start()
  await world.call(updateBrokerConfig, {}, { body: Buffer.from('brokerPermission=4') })
  await world.advance(100)
  expect(heard.at(-1)!.topics.get('BenchmarkTest')!.perm).toBe(4)
})

test('a compressed registration holds the same topics', async () => {
  await start({ compressedRegister: 'true' })
  expect(heard[0]!.compressed).toBe(true)
  expect(heard[0]!.topics.get('BenchmarkTest')!.readQueueNums).toBe(1024)
})

test('without forceRegister it asks first, and registers only where it is needed', async () => {
  const world = await start({ forceRegister: 'false' })
  isUpToDate = true
  await world.advance(34_000)
  expect([heard.length, queries]).toEqual([1, 1])
  isUpToDate = false
  await world.advance(33_000)
  expect(heard.length).toBe(2)
})

test('the name server’s list of ordered topics is followed', async () => {
  const world = await start()
  await world.send({ topic: 'O' })
  orderTopics = new Map([['O', 'broker-a:4']])
  await world.advance(33_000)
  const isOrdered = async (): Promise<boolean> => {
    const { body } = await world.call(getTopicConfig, { topic: 'O' })
    return (JSON.parse(Buffer.from(body).toString()) as { order: boolean }).order
  }
  expect(await isOrdered()).toBe(true)
  orderTopics = new Map()
  await world.advance(33_000)
  expect(await isOrdered()).toBe(false)
})

test('it withdraws when it stops', async () => {
  const world = await start()
  await world.settle(world.broker.close())
  expect(withdrawals).toEqual(['broker-a'])
  const before = heard.length
  await world.advance(60_000)
  expect(heard.length).toBe(before)
})
