// SPDX-License-Identifier: Apache-2.0
// Clients behind a network that loses, delays and cuts: what they do about it is theirs, that it happens is ours.
import { Producer, PushConsumer } from '@rocketmq-ts/client'
import { expect, test } from 'vitest'
import { startTestCluster } from './test-cluster.ts'

const SEND = 310

test('a busy broker, answered for it once: the send is tried again', async () => {
  await using cluster = await startTestCluster()
  let requests = 0
  await using network = await cluster.withFaults(
    { do: 'pass', code: SEND, kind: 'request', where: () => ++requests < 0 },
    { do: { answer: { code: 2, remark: 'busy' } }, code: SEND },
  )
  const { namesrvAddr } = network
  await using producer = await Producer.start({ namesrvAddr, group: 'g' })
  expect((await producer.send({ topic: 'Orders', body: 'x' })).status).toBe('SEND_OK')
  expect(requests).toBe(2)
})

test('cut connections are made again, and nothing is lost', async () => {
  await using cluster = await startTestCluster()
  await using network = await cluster.withFaults()
  const { namesrvAddr } = network
  await using producer = await Producer.start({ namesrvAddr, group: 'g' })
  const bodies = new Set<string>()
  await using consumer = new PushConsumer({
    namesrvAddr,
    group: 'c',
    subscriptions: { Orders: '*' },
    consumeFrom: 'FIRST_OFFSET',
  })
  const all = Promise.withResolvers<undefined>()
  await consumer.start((message) => {
    bodies.add(Buffer.from(message.body).toString())
    if (bodies.size === 30) all.resolve(undefined)
  })
  for (let i = 0; i < 30; i++) {
    if (i % 10 === 9) network.cutConnections()
    await producer.send({ topic: 'Orders', body: `${i}` })
  }
  await all.promise
}, 20_000)
