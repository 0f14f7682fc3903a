// SPDX-License-Identifier: Apache-2.0
// Name servers that are found instead of listed: the first request waits for them, and asks again when there were none.
// Which of several is asked: one of them, as long as it answers.
import { handle, RemotingClient, RemotingServer, reply } from '@rocketmq-ts/remoting'
import { getBrokerClusterInfo } from '@rocketmq-ts/remoting/requests'
import { simulatedRuntime, type SimulatedRuntime } from '@rocketmq-ts/runtime/simulated'
import type { HttpAnswer, Runtime } from '@rocketmq-ts/runtime'
import { expect, test } from 'vitest'
import { FakeCluster } from '../test/fake-cluster.ts'
import { NameServers } from './name-servers.ts'
import { Producer } from './producer.ts'

const url = 'http://there:8080/rocketmq/nsaddr'

/** The client's machine, with one web page. */
function machine(cluster: FakeCluster, page: () => string | undefined): Runtime {
  const { world } = cluster
  const { network } = world
  return {
    clock: world.clock,
    timers: world.timers,
    turn: world.turn,
    random: world.random,
    host: world.host,
    files: world.files,
    network: {
      listen: (options, accept) => network.listen(options, accept),
      connect: (options, events) => network.connect(options, events),
      createTlsContext: (options) => network.createTlsContext(options),
      resolve: () => Promise.resolve(['10.0.0.9']),
      httpGet: (asked): Promise<HttpAnswer> => {
        const text = asked === url ? page() : undefined
        return text === undefined
          ? Promise.reject(new Error('refused'))
          : Promise.resolve({ status: 200, body: Buffer.from(text) })
      },
    },
  }
}

test.each([{ kind: 'http', url } as const, { kind: 'dns', address: 'ns.example:9876' } as const])(
  'a producer finds its name servers by $kind',
  async (nameServerSource) => {
    const cluster = await FakeCluster.start()
    cluster.createTopic('Orders')
    const runtime = machine(cluster, () => '10.0.0.9:9876;10.0.0.8:9876\n')
    const producer = new Producer({ group: 'found', nameServerSource, runtime })
    await cluster.world.settle(producer.start())
    const sent = await cluster.world.settle(
      producer.send({ topic: 'Orders', body: Buffer.from('1') }),
    )
    expect(sent.status).toBe('SEND_OK')
    await cluster.world.settle(producer.close())
  },
)

test('while none is known a request says so, and each further request looks again', async () => {
  const cluster = await FakeCluster.start()
  cluster.createTopic('Orders')
  const pages: string[] = []
  const runtime = machine(cluster, () => pages[0])
  const producer = new Producer({
    group: 'found',
    nameServerSource: { kind: 'http', url },
    runtime,
    retryTimesWhenSendFailed: 0,
  })
  await cluster.world.settle(producer.start())
  const message = { topic: 'Orders', body: Buffer.from('1') }
  const failed = cluster.world.settle(producer.send(message))
  await expect(failed).rejects.toThrow(/no name server is known/)
  pages.push('10.0.0.9:9876')
  const sent = await cluster.world.settle(producer.send(message))
  expect(sent.status).toBe('SEND_OK')
  await cluster.world.settle(producer.close())
})

test('without a list and without a source there is nothing to connect to', () => {
  expect(() => new Producer({ group: 'lost' })).toThrow(/namesrvAddr is empty/)
  expect(
    () => new Producer({ group: 'lost', namesrvAddr: 'a:1', socksProxyConfig: '{"x":1}' }),
  ).toThrow(/socksProxyConfig/)
})

/** Three name servers and ninety clients. */
async function crowd(): Promise<{
  world: SimulatedRuntime
  servers: RemotingServer[]
  clients: NameServers[]
  /** Everybody asks; how many asked each name server. */
  askAll: () => Promise<number[]>
}> {
  const world = simulatedRuntime({ seed: 7 })
  const addresses = [1, 2, 3].map((at) => `10.0.9.${at}:9876`)
  const asked = [0, 0, 0]
  const servers: RemotingServer[] = []
  for (const at of [0, 1, 2]) {
    const handlers = [
      handle(getBrokerClusterInfo, () => {
        asked[at]!++
        return reply({})
      }),
    ]
    const server = new RemotingServer({ runtime: world.machine(`10.0.9.${at + 1}`), handlers })
    await world.settle(server.listen({ port: 9876 }))
    servers.push(server)
  }
  const clients = Array.from({ length: 90 }, (_, at) => {
    const runtime = world.machine(`10.0.1.${at + 1}`)
    const remoting = new RemotingClient({ runtime })
    return new NameServers(remoting, addresses, { random: world.random, timeoutMs: 3000 })
  })
  const askAll = async (): Promise<number[]> => {
    asked.fill(0)
    const answers = clients.map((client) => client.request(getBrokerClusterInfo, {}))
    await world.settle(Promise.all(answers))
    return [...asked]
  }
  return { world, servers, clients, askAll }
}

test('of several name servers each client asks one, and stays with it', async () => {
  const { servers, world, askAll } = await crowd()
  const first = await askAll()
  expect(Math.min(...first)).toBeGreaterThan(15)
  await world.advance(30_000)
  expect(await askAll()).toEqual(first)
  // Nobody is connected to one that was not asked.
  expect(servers.map((server) => server.connectionCount)).toEqual(first)
})

test('the clients of a name server that has died spread over all others, and do not come back', async () => {
  const { world, servers, askAll } = await crowd()
  const [first = 0, second = 0, third = 0] = await askAll()
  await world.settle(servers[0]!.close())
  const after = await askAll()
  expect(after).toEqual([0, expect.any(Number), expect.any(Number)])
  const moved = [after[1]! - second, after[2]! - third]
  expect(moved[0]! + moved[1]!).toBe(first)
  expect(Math.min(...moved)).toBeGreaterThan(first / 5)
  const again = new RemotingServer({ runtime: world.machine('10.0.9.1'), handlers: [] })
  await world.settle(again.listen({ port: 9876 }))
  expect(await askAll()).toEqual(after)
})

test('a new list keeps the one in use when it is still there, else the clients spread over the new', async () => {
  const { clients, askAll } = await crowd()
  const [first = 0, second = 0, third = 0] = await askAll()
  for (const client of clients) client.update(['10.0.9.2:9876', '10.0.9.3:9876'])
  const [, ...after] = await askAll()
  const moved = [after[0]! - second, after[1]! - third]
  expect(moved[0]! + moved[1]!).toBe(first)
  expect(Math.min(...moved)).toBeGreaterThan(first / 5)
})
