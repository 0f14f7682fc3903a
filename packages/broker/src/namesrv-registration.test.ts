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
import { simulatedRuntime, type SimulatedRuntime } from '@rocketmq-ts/runtime/simulated'
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
let webPages: Map<string, string>
let hostNames: Map<string, readonly string[]>
beforeEach(() => {
  heard = []
  queries = 0
  withdrawals = []
  orderTopics = undefined
  isUpToDate = false
  webPages = new Map()
  hostNames = new Map()
})

const NAME_SERVER = '10.0.9.1:9876'

/** A world with one name server that listens, and one that does not. */
async function start(properties: Record<string, string> = {}): Promise<BrokerWorld> {
  const machine = simulatedRuntime({ seed: 1, host: '10.0.0.1' })
  withNames(machine)
  await machine.settle(nameServer(machine, '10.0.9.1').listen({ port: 9876 }))
  const namesrvAddr = `${NAME_SERVER};10.0.9.2:9876`
  return BrokerWorld.start({ machine, properties: { namesrvAddr, ...properties } })
}

/** Gives the machine names and web pages, which a simulated network has not. */
function withNames(machine: SimulatedRuntime): void {
  machine.network.resolve = (name) => found(hostNames.get(name))
  machine.network.httpGet = async (url) => ({
    status: 200,
    body: Buffer.from(await found(webPages.get(url))),
  })
}

function found<T>(value: T | undefined): Promise<T> {
  return value === undefined ? Promise.reject(new Error('not there')) : Promise.resolve(value)
}

function nameServer(machine: SimulatedRuntime, host: string): RemotingServer {
  return new RemotingServer({
    runtime: machine.machine(host),
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

test('name servers are asked for at an address server, again every ten seconds, and told at once', async () => {
  const url = 'http://ns.example:8080/rocketmq/mine'
  const world = await start({
    namesrvAddr: '',
    fetchNamesrvAddrByAddressServer: 'true',
    rmqAddressServerDomain: 'ns.example',
    rmqAddressServerSubGroup: 'mine',
  })
  expect(heard).toHaveLength(0)
  webPages.set(url, `${NAME_SERVER}\n`)
  await world.advance(10_100)
  expect(heard).toHaveLength(1)
  await world.settle(nameServer(world.machine, '10.0.9.3').listen({ port: 9876 }))
  webPages.set(url, '10.0.9.3:9876')
  await world.advance(10_000)
  expect(heard).toHaveLength(2)
  // One registration a period: the name server that is listed no longer is told no more.
  await world.advance(30_000)
  expect(heard).toHaveLength(3)
  await world.settle(world.broker.close())
  expect(withdrawals).toHaveLength(1)
})

test('a host name stands for all its addresses; it is looked up until it is found, then at intervals', async () => {
  const world = await start({
    namesrvAddr: 'ns.example:9876',
    fetchNameSrvAddrByDnsLookup: 'true',
    updateNameServerAddrPeriod: '100000',
  })
  expect(heard).toHaveLength(0)
  hostNames.set('ns.example', ['10.0.9.1'])
  await world.advance(30_100)
  expect(heard).toHaveLength(1)
  await world.settle(nameServer(world.machine, '10.0.9.3').listen({ port: 9876 }))
  hostNames.set('ns.example', ['10.0.9.1', '10.0.9.3'])
  // The period at 60 and at 90 seconds, for one; the lookup at 100, for both.
  await world.advance(65_000)
  expect(heard).toHaveLength(3)
  await world.advance(6_000)
  expect(heard).toHaveLength(5)
})

test('an address server is not asked when name servers are listed', async () => {
  const world = await start({ fetchNamesrvAddrByAddressServer: 'true' })
  webPages.set('http://jmenv.tbsite.net:8080/rocketmq/nsaddr', '10.0.9.3:9876')
  await world.advance(95_000)
  expect(heard).toHaveLength(4)
})

test('a name server that hangs does not hold up the others, and is told everything in the end', async () => {
  const machine = simulatedRuntime({ seed: 1, host: '10.0.0.1' })
  withNames(machine)
  await machine.settle(nameServer(machine, '10.0.9.1').listen({ port: 9876 }))
  const release: (() => void)[] = []
  const late: string[][] = []
  const hanging = new RemotingServer({
    runtime: machine.machine('10.0.9.2'),
    handlers: [
      handle(registerBroker, async ({ body }) => {
        const { topicConfigTable } = decodeRegisterBrokerBody(body, {
          compressed: false,
        }).topicConfigSerializeWrapper
        late.push([...topicConfigTable.keys()])
        if (late.length > 1) await new Promise<void>((resolve) => release.push(resolve))
        return reply({ haServerAddr: undefined, masterAddr: undefined })
      }),
    ],
  })
  await machine.settle(hanging.listen({ port: 9876 }))
  const properties = { namesrvAddr: `${NAME_SERVER};10.0.9.2:9876` }
  const world = await BrokerWorld.start({ machine, properties })
  for (const topic of ['A', 'B', 'C']) {
    await world.send({ topic })
    await world.advance(100)
  }
  expect(heard.slice(1).map(({ topics }) => [...topics.keys()])).toEqual([['A'], ['B'], ['C']])
  expect(late.slice(1)).toEqual([['A']])
  release.splice(0).forEach((run) => run())
  await world.advance(100)
  expect(late.slice(2)).toEqual([['B', 'C']])
  // It hangs still: the broker stops all the same.
  const beforeMs = machine.clock.nowMs()
  await world.settle(world.broker.close())
  expect(machine.clock.nowMs() - beforeMs).toBeLessThan(4000)
  expect(withdrawals).toEqual(['broker-a'])
})
