// SPDX-License-Identifier: Apache-2.0
// Consuming against scripted brokers: joining, sharing, committing, failing, flow control and the end.
import { refuse, ResponseCode, RocketMQError } from '@rocketmq-ts/remoting'
import { describe, expect, it } from 'vitest'
import { FakeCluster } from '../test/fake-cluster.ts'
import type { ConsumedMessage } from './consumed-message.ts'
import type { PushConsumerOptions } from './consumer-config.ts'
import { Producer } from './producer.ts'
import { PushConsumer } from './push-consumer.ts'

function consumerOf(
  cluster: FakeCluster,
  options: Partial<PushConsumerOptions> = {},
): PushConsumer {
  return new PushConsumer({
    ...cluster.clientOptions,
    group: 'g',
    subscriptions: { T: '*' },
    consumeFrom: 'FIRST_OFFSET',
    ...options,
  })
}

async function clusterWith(messages: number, queues = 1): Promise<FakeCluster> {
  const cluster = await FakeCluster.start()
  cluster.createTopic('T', queues)
  cluster.createTopic('%RETRY%g', 1)
  for (let index = 0; index < messages; index++) {
    cluster.broker('broker-a').store('T', index % queues, `m${index}`)
  }
  return cluster
}

const text = (message: ConsumedMessage): string => message.body.toString()

/** A promise and its ends. */
function deferred<T = void>(): { promise: Promise<T>; resolve: (value: T) => void } {
  const { promise, resolve } = Promise.withResolvers<T>()
  return { promise, resolve }
}

describe('PushConsumer with a handler', () => {
  it('consumes what is there and what comes, and stores how far it came', async () => {
    const cluster = await clusterWith(5)
    const broker = cluster.broker('broker-a')
    const consumer = consumerOf(cluster)
    const got: ConsumedMessage[] = []
    await cluster.world.settle(
      consumer.start((message) => {
        got.push(message)
      }),
    )
    await cluster.world.advance(100)
    broker.store('T', 0, 'late', 'TAGS\u0001x\u0002KEYS\u0001a b\u0002UNIQ_KEY\u0001ID\u0002')
    await cluster.world.advance(100)
    expect(got.map(text)).toEqual(['m0', 'm1', 'm2', 'm3', 'm4', 'late'])
    expect(got[5]).toMatchObject({
      topic: 'T',
      tags: 'x',
      keys: ['a', 'b'],
      msgId: 'ID',
      brokerName: 'broker-a',
      queueId: 0,
      queueOffset: 5,
      reconsumeTimes: 0,
    })
    await cluster.world.advance(5000)
    expect(broker.offsets.get('T@g@0')).toBe(6)
    expect(broker.members('g')).toEqual([consumer.clientId])
  })

  it('joins with a heartbeat that says what it wants, before the first pull', async () => {
    const cluster = await clusterWith(0)
    const broker = cluster.broker('broker-a')
    await cluster.world.settle(
      consumerOf(cluster, { subscriptions: { T: 'a || b' } }).start(() => {}),
    )
    expect(broker.heartbeats[0]?.consumerDataSet).toEqual([
      {
        groupName: 'g',
        consumeType: 'CONSUME_PASSIVELY',
        messageModel: 'CLUSTERING',
        consumeFromWhere: 'CONSUME_FROM_FIRST_OFFSET',
        unitMode: false,
        subscriptionDataSet: [
          expect.objectContaining({ topic: '%RETRY%g', subString: '*' }),
          expect.objectContaining({ topic: 'T', subString: 'a || b', tagsSet: ['a', 'b'] }),
        ],
      },
    ])
  })

  it.each([
    ['LAST_OFFSET' as const, ['new']],
    ['FIRST_OFFSET' as const, ['m0', 'm1', 'new']],
  ])('begins at %s when the group is new', async (consumeFrom, expected) => {
    const cluster = await clusterWith(2)
    const got: string[] = []
    const consumer = consumerOf(cluster, { consumeFrom })
    await cluster.world.settle(consumer.start((message) => void got.push(text(message))))
    await cluster.world.advance(100)
    cluster.broker('broker-a').store('T', 0, 'new')
    await cluster.world.advance(100)
    expect(got).toEqual(expected)
  })

  it('goes on where the group stopped, whatever consumeFrom says', async () => {
    const cluster = await clusterWith(5)
    cluster.broker('broker-a').offsets.set('T@g@0', 3)
    const got: string[] = []
    await cluster.world.settle(consumerOf(cluster).start((message) => void got.push(text(message))))
    await cluster.world.advance(100)
    expect(got).toEqual(['m3', 'm4'])
  })

  it('commits only what has no unfinished message before it', async () => {
    const cluster = await clusterWith(3)
    const broker = cluster.broker('broker-a')
    const gate = deferred()
    const consumer = consumerOf(cluster)
    await cluster.world.settle(
      consumer.start(async (message) => {
        if (text(message) === 'm1') await gate.promise
      }),
    )
    await cluster.world.advance(6000)
    expect(broker.offsets.get('T@g@0')).toBe(1)
    gate.resolve()
    await cluster.world.advance(6000)
    expect(broker.offsets.get('T@g@0')).toBe(3)
  })

  it('runs as many handlers at once as allowed', async () => {
    const cluster = await clusterWith(20)
    let active = 0
    let most = 0
    await cluster.world.settle(
      consumerOf(cluster, { concurrency: 4 }).start(async () => {
        most = Math.max(most, ++active)
        await new Promise<void>((resolve) => void cluster.world.timers.after(10, resolve))
        active--
      }),
    )
    await cluster.world.advance(1000)
    expect(most).toBe(4)
    expect(active).toBe(0)
  })

  it('sends back what failed, with the level the handler asked for, and moves on', async () => {
    const cluster = await clusterWith(4)
    const broker = cluster.broker('broker-a')
    await cluster.world.settle(
      consumerOf(cluster).start((message) => {
        if (text(message) === 'm0') throw new Error('cannot')
        if (text(message) === 'm1') return 'later'
        if (text(message) === 'm2') return { delayLevel: -1 }
        return 'consumed'
      }),
    )
    await cluster.world.advance(6000)
    expect(broker.sentBack.map(({ offset, delayLevel }) => [offset, delayLevel])).toEqual([
      [0, 0],
      [1, 0],
      [2, -1],
    ])
    expect(broker.offsets.get('T@g@0')).toBe(4)
  })

  it('sends a new message to the retry topic when the broker does not take one back', async () => {
    const cluster = await clusterWith(1)
    const broker = cluster.broker('broker-a')
    broker.onSendBack = () => refuse(ResponseCode.SYSTEM_ERROR, 'no')
    const seen: ConsumedMessage[] = []
    await cluster.world.settle(
      consumerOf(cluster).start((message) => {
        seen.push(message)
        return seen.length === 1 ? 'later' : 'consumed'
      }),
    )
    await cluster.world.advance(6000)
    const [retried] = broker.stored('%RETRY%g', 0)
    expect(retried?.header).toMatchObject({
      producerGroup: 'CLIENT_INNER_PRODUCER',
      reconsumeTimes: 1,
      maxReconsumeTimes: 16,
    })
    expect(retried?.properties).toContain('RETRY_TOPIC\u0001T\u0002')
    expect(retried?.properties).toContain('DELAY\u00013\u0002')
    expect(broker.offsets.get('T@g@0')).toBe(1)
    // The fake broker delivers at once what a real one delays; it comes back under its own topic.
    expect(seen.map(({ topic, reconsumeTimes }) => [topic, reconsumeTimes])).toEqual([
      ['T', 0],
      ['T', 1],
    ])
  })

  it('tries again here when a message can be returned in neither way', async () => {
    const cluster = await clusterWith(1)
    const broker = cluster.broker('broker-a')
    broker.onSendBack = () => refuse(ResponseCode.SYSTEM_ERROR, 'no')
    broker.onSend = () => refuse(ResponseCode.NO_PERMISSION, 'no')
    const tries: number[] = []
    await cluster.world.settle(
      consumerOf(cluster).start((message) => {
        tries.push(message.reconsumeTimes)
        return tries.length < 3 ? 'later' : 'consumed'
      }),
    )
    await cluster.world.advance(4000)
    expect(tries).toEqual([0])
    expect(broker.offsets.get('T@g@0')).toBeUndefined()
    await cluster.world.advance(20_000)
    expect(tries).toEqual([0, 1, 2])
    expect(broker.offsets.get('T@g@0')).toBe(1)
  })

  it('takes only messages with its tags, and commits past the others', async () => {
    const cluster = await clusterWith(0)
    const broker = cluster.broker('broker-a')
    for (const tag of ['a', 'b', 'a', 'b']) broker.store('T', 0, tag, `TAGS\u0001${tag}\u0002`)
    const got: string[] = []
    const consumer = consumerOf(cluster, { subscriptions: { T: 'a' } })
    await cluster.world.settle(consumer.start((message) => void got.push(text(message))))
    // The pull that finds nothing more says how far the queue was looked through.
    await cluster.world.advance(25_000)
    expect(got).toEqual(['a', 'a'])
    expect(broker.offsets.get('T@g@0')).toBe(4)
  })

  it('stops pulling a queue that holds too many unfinished messages, and goes on when there is room', async () => {
    const cluster = await clusterWith(100)
    const broker = cluster.broker('broker-a')
    const gate = deferred()
    let done = 0
    await cluster.world.settle(
      consumerOf(cluster, { pullThresholdForQueue: 40, concurrency: 100 }).start(async () => {
        await gate.promise
        done++
      }),
    )
    await cluster.world.advance(5000)
    const pulledWhileFull = broker.pulls.filter(({ topic }) => topic === 'T').length
    expect(pulledWhileFull).toBe(2)
    gate.resolve()
    await cluster.world.advance(100)
    expect(done).toBe(100)
  })

  it('pulls at a moved offset anew', async () => {
    const cluster = await clusterWith(3)
    const broker = cluster.broker('broker-a')
    broker.offsets.set('T@g@0', 50)
    const got: string[] = []
    await cluster.world.settle(consumerOf(cluster).start((message) => void got.push(text(message))))
    await cluster.world.advance(3000)
    broker.store('T', 0, 'new')
    await cluster.world.advance(6000)
    expect(got).toEqual(['new'])
    expect(broker.offsets.get('T@g@0')).toBe(4)
  })

  it('tells the broker of itself again when the broker has lost it', async () => {
    const cluster = await clusterWith(1)
    const broker = cluster.broker('broker-a')
    let lost = true
    broker.onPull = () =>
      lost ? refuse(ResponseCode.SUBSCRIPTION_NOT_EXIST, 'the consumer is not known') : undefined
    const got: string[] = []
    await cluster.world.settle(consumerOf(cluster).start((message) => void got.push(text(message))))
    const before = broker.heartbeats.length
    await cluster.world.advance(500)
    expect(broker.heartbeats.length).toBeGreaterThan(before)
    lost = false
    await cluster.world.advance(2000)
    expect(got).toEqual(['m0'])
  })

  it('survives the broker’s restart', async () => {
    const cluster = await clusterWith(2)
    const broker = cluster.broker('broker-a')
    const got: string[] = []
    await cluster.world.settle(consumerOf(cluster).start((message) => void got.push(text(message))))
    await cluster.world.advance(100)
    await cluster.world.settle(broker.stop())
    await cluster.world.advance(5000)
    await cluster.world.settle(broker.start())
    broker.store('T', 0, 'after')
    await cluster.world.advance(35_000)
    expect(got).toEqual(['m0', 'm1', 'after'])
  })

  it('sends back a message whose handler takes too long, and tells the handler', async () => {
    const cluster = await clusterWith(2)
    const broker = cluster.broker('broker-a')
    let reason: unknown
    await cluster.world.settle(
      consumerOf(cluster, { consumeTimeoutMs: 3000 }).start(async (message, { signal }) => {
        if (text(message) === 'm1') return
        await new Promise<void>((resolve) => {
          signal.addEventListener('abort', () => {
            reason = signal.reason
            resolve()
          })
        })
      }),
    )
    await cluster.world.advance(12_000)
    expect(broker.sentBack.map(({ offset, delayLevel }) => [offset, delayLevel])).toEqual([[0, 3]])
    expect(reason).toContain('time')
    expect(broker.offsets.get('T@g@0')).toBe(2)
  })

  it('waits for a topic that does not exist yet', async () => {
    const cluster = await clusterWith(0)
    cluster.topics.delete('T')
    const got: string[] = []
    const consumer = consumerOf(cluster)
    await cluster.world.settle(consumer.start((message) => void got.push(text(message))))
    cluster.createTopic('T', 1)
    cluster.broker('broker-a').store('T', 0, 'first')
    await cluster.world.advance(21_000)
    expect(got).toEqual(['first'])
  })

  it('says at the start that no name server answers', async () => {
    const cluster = await clusterWith(0)
    const consumer = consumerOf(cluster, { namesrvAddr: '10.0.0.99:9876' })
    const failed = consumer.start(() => {}).catch((error: unknown) => error)
    const error = await cluster.world.settle(failed)
    expect(RocketMQError.is(error) && error.code).toBe('RMQ_NO_NAME_SERVER')
  })

  it('takes up and gives away topics while it runs', async () => {
    const cluster = await clusterWith(1)
    cluster.createTopic('U', 1)
    cluster.broker('broker-a').store('U', 0, 'u0')
    const got: string[] = []
    const consumer = consumerOf(cluster)
    await cluster.world.settle(consumer.start((message) => void got.push(text(message))))
    await cluster.world.settle(consumer.subscribe('U'))
    await cluster.world.advance(100)
    await cluster.world.settle(consumer.unsubscribe('T'))
    cluster.broker('broker-a').store('T', 0, 'unseen')
    await cluster.world.advance(1000)
    expect(got).toEqual(['m0', 'u0'])
    expect(consumer.assignedQueues.map(({ topic }) => topic).sort()).toEqual(['%RETRY%g', 'U'])
  })

  it('stops pulling while suspended', async () => {
    const cluster = await clusterWith(0)
    const broker = cluster.broker('broker-a')
    const got: string[] = []
    const consumer = consumerOf(cluster)
    await cluster.world.settle(consumer.start((message) => void got.push(text(message))))
    consumer.suspend()
    broker.store('T', 0, 'a')
    await cluster.world.advance(100)
    // The pull that waited at the broker still brought one; from then on nothing comes.
    broker.store('T', 0, 'b')
    await cluster.world.advance(20_000)
    expect(got).toEqual(['a'])
    consumer.resume()
    await cluster.world.advance(100)
    expect(got).toEqual(['a', 'b'])
  })
})

describe('PushConsumer in a group', () => {
  it('shares queues with members that come and go', async () => {
    const cluster = await clusterWith(0, 4)
    const broker = cluster.broker('broker-a')
    const consumer = consumerOf(cluster)
    await cluster.world.settle(consumer.start(() => {}))
    const mine = (): number[] =>
      consumer.assignedQueues.filter(({ topic }) => topic === 'T').map(({ queueId }) => queueId)
    expect(mine()).toEqual([0, 1, 2, 3])
    broker.addMember('g', 'zzz@other')
    await cluster.world.advance(1000)
    expect(mine()).toEqual([0, 1])
    broker.removeMember('g', 'zzz@other')
    await cluster.world.advance(1000)
    expect(mine().toSorted((a, b) => a - b)).toEqual([0, 1, 2, 3])
  })

  it('stores the offset of a queue it gives away, and no longer commits what finishes later', async () => {
    const cluster = await clusterWith(4, 2)
    const broker = cluster.broker('broker-a')
    const gate = deferred()
    let aborted = false
    const consumer = consumerOf(cluster)
    await cluster.world.settle(
      consumer.start(async (message, { signal }) => {
        if (text(message) !== 'm3') return
        signal.addEventListener('abort', () => (aborted = true))
        await gate.promise
      }),
    )
    await cluster.world.advance(100)
    broker.addMember('g', 'zzz@other')
    await cluster.world.advance(1000)
    expect(broker.offsets.get('T@g@1')).toBe(1)
    expect(aborted).toBe(true)
    gate.resolve()
    await cluster.world.advance(10_000)
    expect(broker.offsets.get('T@g@1')).toBe(1)
  })

  it('hands out nothing more of a queue it gave away', async () => {
    const cluster = await clusterWith(6, 2)
    const broker = cluster.broker('broker-a')
    const gate = deferred()
    const got: string[] = []
    const consumer = consumerOf(cluster, { concurrency: 1 })
    await cluster.world.settle(
      consumer.start(async (message) => {
        got.push(text(message))
        await gate.promise
      }),
    )
    await cluster.world.advance(100)
    broker.addMember('g', 'zzz@other')
    await cluster.world.advance(1000)
    gate.resolve()
    await cluster.world.advance(1000)
    // Queue 1 went to the other member while its messages waited here for the one handler.
    expect(new Set(got)).toEqual(new Set([got[0]!, 'm0', 'm2', 'm4']))
    expect(got.filter((one) => ['m1', 'm3', 'm5'].includes(one)).length).toBeLessThanOrEqual(1)
  })

  it('splits the queues between two processes and hands over when one closes', async () => {
    const cluster = await clusterWith(0, 4)
    const other = cluster.world.machine('10.0.0.2')
    const first = consumerOf(cluster)
    const second = consumerOf(cluster, { runtime: other })
    await cluster.world.settle(first.start(() => {}))
    await cluster.world.settle(second.start(() => {}))
    await cluster.world.advance(1000)
    const count = (consumer: PushConsumer): number =>
      consumer.assignedQueues.filter(({ topic }) => topic === 'T').length
    expect([count(first), count(second)]).toEqual([2, 2])
    await cluster.world.settle(first.close())
    await cluster.world.advance(21_000)
    expect([count(first), count(second)]).toEqual([0, 4])
  })
})

describe('PushConsumer as an async loop', () => {
  it('acknowledges a message when the next is asked for', async () => {
    const cluster = await clusterWith(3)
    const broker = cluster.broker('broker-a')
    const consumer = consumerOf(cluster)
    const loop = consumer[Symbol.asyncIterator]()
    expect(text((await cluster.world.settle(loop.next())).value!)).toBe('m0')
    await cluster.world.advance(6000)
    expect(broker.offsets.get('T@g@0')).toBeUndefined()
    expect(text((await cluster.world.settle(loop.next())).value!)).toBe('m1')
    await cluster.world.advance(6000)
    expect(broker.offsets.get('T@g@0')).toBe(1)
    await cluster.world.settle(consumer.close())
    expect(await loop.next().catch((error: RocketMQError) => error.code)).toBe('RMQ_CLOSED')
  })

  it('gives the message of a loop that was left to the next loop', async () => {
    const cluster = await clusterWith(2)
    const consumer = consumerOf(cluster)
    const first = consumer[Symbol.asyncIterator]()
    const second = consumer[Symbol.asyncIterator]()
    expect(text((await cluster.world.settle(first.next())).value!)).toBe('m0')
    await first.return!()
    const seen = [
      text((await cluster.world.settle(second.next())).value!),
      text((await cluster.world.settle(second.next())).value!),
    ]
    expect(seen.sort()).toEqual(['m0', 'm1'])
  })

  it('gives one message after another to a caller that does not wait', async () => {
    const cluster = await clusterWith(3)
    const consumer = consumerOf(cluster)
    const loop = consumer[Symbol.asyncIterator]()
    const all = await cluster.world.settle(Promise.all([loop.next(), loop.next(), loop.next()]))
    expect(all.map(({ value }) => text(value!))).toEqual(['m0', 'm1', 'm2'])
    await cluster.world.advance(6000)
    expect(cluster.broker('broker-a').offsets.get('T@g@0')).toBe(2)
  })

  it('ends when the consumer is closed', async () => {
    const cluster = await clusterWith(0)
    const consumer = consumerOf(cluster)
    const next = consumer[Symbol.asyncIterator]().next()
    await cluster.world.advance(1000)
    await cluster.world.settle(consumer.close())
    expect(await next).toEqual({ done: true, value: undefined })
  })
})

describe('closing', () => {
  it('waits for handlers at work, stores their offsets and signs off', async () => {
    const cluster = await clusterWith(1)
    const broker = cluster.broker('broker-a')
    const consumer = consumerOf(cluster)
    let finished = false
    await cluster.world.settle(
      consumer.start(async () => {
        await new Promise<void>((resolve) => void cluster.world.timers.after(2000, resolve))
        finished = true
      }),
    )
    await cluster.world.advance(100)
    await cluster.world.settle(consumer.close())
    expect(finished).toBe(true)
    expect(broker.offsets.get('T@g@0')).toBe(1)
    expect(broker.signedOff).toEqual(['g'])
    expect(broker.members('g')).toEqual([])
  })

  it('does not wait longer than allowed, and tells the handlers', async () => {
    const cluster = await clusterWith(1)
    const consumer = consumerOf(cluster, { drainTimeoutMs: 500 })
    let told = false
    await cluster.world.settle(
      consumer.start(async (_, { signal }) => {
        signal.addEventListener('abort', () => (told = true))
        await new Promise(() => undefined)
      }),
    )
    await cluster.world.advance(100)
    const before = cluster.world.clock.monotonicMs()
    await cluster.world.settle(consumer.close())
    expect(cluster.world.clock.monotonicMs() - before).toBeLessThan(700)
    expect(told).toBe(true)
    expect(cluster.broker('broker-a').offsets.get('T@g@0')).toBeUndefined()
  })

  it('leaves nothing behind that would go on', async () => {
    const cluster = await clusterWith(1)
    const consumer = consumerOf(cluster)
    await cluster.world.settle(consumer.start(() => {}))
    await cluster.world.settle(consumer.close())
    const broker = cluster.broker('broker-a')
    const counts = [broker.heartbeats.length, broker.pulls.length, cluster.routeRequests.length]
    await cluster.world.advance(300_000)
    expect([broker.heartbeats.length, broker.pulls.length, cluster.routeRequests.length]).toEqual(
      counts,
    )
  })
})

describe('one client instance', () => {
  it('is shared by a producer and a consumer, and outlives the first that leaves', async () => {
    const cluster = await clusterWith(0)
    const broker = cluster.broker('broker-a')
    const consumer = consumerOf(cluster)
    const producer = new Producer({ ...cluster.clientOptions, group: 'p' })
    await cluster.world.settle(consumer.start(() => {}))
    await cluster.world.settle(producer.send({ topic: 'T', body: 'x' }))
    expect(producer.clientId).toBe(consumer.clientId)
    expect(producer.clientId).toMatch(/^10\.0\.0\.1@1000#\d+$/)
    await cluster.world.advance(30_000)
    const last = broker.heartbeats.at(-1)
    expect([last?.producerDataSet.length, last?.consumerDataSet.length]).toEqual([1, 1])
    await cluster.world.settle(consumer.close())
    const { status } = await cluster.world.settle(producer.send({ topic: 'T', body: 'y' }))
    expect(status).toBe('SEND_OK')
  })

  it('tells brokers of a producer that joins later at once', async () => {
    const cluster = await clusterWith(0)
    await cluster.world.settle(consumerOf(cluster).start(() => {}))
    const producer = new Producer({ ...cluster.clientOptions, group: 'p' })
    await producer.start()
    await cluster.world.advance(100)
    const last = cluster.broker('broker-a').heartbeats.at(-1)
    expect(last?.producerDataSet).toEqual([{ groupName: 'p' }])
  })

  it('is another one for a second consumer of the same group', async () => {
    const cluster = await clusterWith(0, 4)
    const first = consumerOf(cluster)
    const second = consumerOf(cluster)
    await cluster.world.settle(first.start(() => {}))
    await cluster.world.settle(second.start(() => {}))
    expect(second.clientId).not.toBe(first.clientId)
    await cluster.world.advance(1000)
    expect(second.assignedQueues.filter(({ topic }) => topic === 'T')).toHaveLength(2)
  })

  it('refuses a second consumer of the same group under a name that was given', async () => {
    const cluster = await clusterWith(0)
    const named = { instanceName: 'one' }
    await cluster.world.settle(consumerOf(cluster, named).start(() => {}))
    const error = await consumerOf(cluster, named)
      .start(() => {})
      .catch((failed: RocketMQError) => failed)
    expect(error).toMatchObject({ code: 'RMQ_INVALID_ARGUMENT' })
  })
})
