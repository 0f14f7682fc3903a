// SPDX-License-Identifier: Apache-2.0
// Name servers that are found instead of listed: the first request waits for them, and asks again when there were none.
import type { HttpAnswer, Runtime } from '@rocketmq-ts/runtime'
import { expect, test } from 'vitest'
import { FakeCluster } from '../test/fake-cluster.ts'
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
