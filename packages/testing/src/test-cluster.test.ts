// SPDX-License-Identifier: Apache-2.0
// The whole path over real sockets: our client, our name server, our broker, our store.
import { Producer, PushConsumer } from '@rocketmq-ts/client'
import { expect, test } from 'vitest'
import { startTestCluster } from './test-cluster.ts'

test('every message sent is consumed once, unaltered, whichever way it was sent', async () => {
  await using cluster = await startTestCluster()
  const { namesrvAddr } = cluster
  await using producer = await Producer.start({ namesrvAddr, group: 'producers' })
  const expected = new Set<string>()
  const body = (text: string): string => {
    expected.add(text)
    return text
  }
  await Promise.all(
    Array.from({ length: 300 }, (_, index) =>
      producer.send({
        topic: 'Orders',
        tags: index % 2 ? 'odd' : 'even',
        body: body(`one ${index}`),
      }),
    ),
  )
  await producer.sendBatch(
    Array.from({ length: 20 }, (_, index) => ({
      topic: 'Orders',
      tags: 'odd',
      body: body(`batch ${index}`),
    })),
  )
  await producer.send({ topic: 'Orders', tags: 'odd', body: body('large '.repeat(2000)) })
  await producer.send({ topic: 'Orders', tags: 'ignored', body: 'nobody subscribes to this tag' })

  const received: string[] = []
  const all = Promise.withResolvers<undefined>()
  await using consumer = new PushConsumer({
    namesrvAddr,
    group: 'consumers',
    subscriptions: { Orders: 'odd || even' },
    consumeFrom: 'FIRST_OFFSET',
  })
  await consumer.start((message) => {
    received.push(Buffer.from(message.body).toString())
    if (received.length === expected.size) all.resolve(undefined)
  })
  await all.promise
  expect(received.toSorted()).toEqual([...expected].toSorted())
}, 20_000)

test('a message whose handling fails comes back as a retry', async () => {
  await using cluster = await startTestCluster({
    brokerConfig: { messageDelayLevel: '1s 1s 1s 1s 1s' },
  }).catch((error: unknown) => {
    throw new Error('the test cluster did not start', { cause: error })
  })
  const { namesrvAddr } = cluster
  await using producer = await Producer.start({ namesrvAddr, group: 'producers' })
  await producer.send({ topic: 'Orders', body: 'needs a second try' })
  const again = Promise.withResolvers<number>()
  await using consumer = new PushConsumer({
    namesrvAddr,
    group: 'consumers',
    subscriptions: { Orders: '*' },
    consumeFrom: 'FIRST_OFFSET',
  })
  await consumer.start((message) => {
    if (message.reconsumeTimes === 0) throw new Error('not yet')
    again.resolve(message.reconsumeTimes)
  })
  expect(await again.promise).toBe(1)
}, 30_000)
