// SPDX-License-Identifier: Apache-2.0
// Sends against scripted brokers: routes, retries, budgets, order, back pressure and the end.
import { refuse, ResponseCode, RocketMQError } from '@rocketmq-ts/remoting'
import { decodeProperties } from '@rocketmq-ts/remoting/message'
import { describe, expect, it } from 'vitest'
import { FakeCluster } from '../test/fake-cluster.ts'
import { Producer } from './producer.ts'
import type { ProducerOptions } from './producer-config.ts'

const body = 'hello'

function producerOf(cluster: FakeCluster, options: Partial<ProducerOptions> = {}): Producer {
  return new Producer({ ...cluster.clientOptions, group: 'g', ...options })
}

async function failure(promise: Promise<unknown>): Promise<RocketMQError> {
  try {
    await promise
  } catch (error) {
    if (RocketMQError.is(error)) return error
    throw error
  }
  throw new Error('nothing failed')
}

/** Answers nothing. */
const silence = (): Promise<undefined> => new Promise(() => undefined)

describe('Producer', () => {
  it('sends what Java sends and tells what the broker answered', async () => {
    const cluster = await FakeCluster.start()
    cluster.createTopic('T', 1)
    const producer = producerOf(cluster)
    const result = await cluster.world.settle(
      producer.send({ topic: 'T', body, tags: 'a', flag: 7 }),
    )

    expect(result).toMatchObject({
      status: 'SEND_OK',
      queue: { topic: 'T', brokerName: 'broker-a', queueId: 0 },
      queueOffset: 0,
      regionId: 'DefaultRegion',
      traceOn: true,
    })
    const [header] = cluster.broker('broker-a').sends
    expect(header).toMatchObject({
      producerGroup: 'g',
      topic: 'T',
      defaultTopic: 'TBW102',
      defaultTopicQueueNums: 4,
      queueId: 0,
      sysFlag: 0,
      flag: 7,
      reconsumeTimes: 0,
      unitMode: false,
      batch: false,
      brokerName: 'broker-a',
    })
    expect(decodeProperties(header!.properties!)).toEqual({
      UNIQ_KEY: result.msgId,
      WAIT: 'true',
      TAGS: 'a',
    })
  })

  it('signs its requests when it has credentials', async () => {
    const cluster = await FakeCluster.start()
    cluster.createTopic('T', 1)
    let accessKey: string | undefined
    let signature: string | undefined
    cluster.broker('broker-a').onSend = (call) => {
      accessKey = call.ext('AccessKey')
      signature = call.ext('Signature')
      return undefined
    }
    const producer = producerOf(cluster, { credentials: { accessKey: 'me', secretKey: 'secret' } })
    await cluster.world.settle(producer.send({ topic: 'T', body }))
    expect(accessKey).toBe('me')
    expect(signature).toMatch(/^[A-Za-z0-9+/]{27}=$/)
  })

  it('spreads messages over all queues in turn', async () => {
    const cluster = await FakeCluster.start(2)
    cluster.createTopic('T', 2)
    const producer = producerOf(cluster)
    const sends = Array.from({ length: 8 }, () => producer.send({ topic: 'T', body }))
    const results = await cluster.world.settle(Promise.all(sends))
    const used = results.map(({ queue }) => `${queue.brokerName}/${queue.queueId}`)
    expect(new Set(used.slice(0, 4)).size).toBe(4)
    expect(used.slice(4)).toEqual(used.slice(0, 4))
  })

  it('asks for a route once however many sends wait for it', async () => {
    const cluster = await FakeCluster.start()
    cluster.createTopic('T')
    const producer = producerOf(cluster)
    const sends = Array.from({ length: 50 }, () => producer.send({ topic: 'T', body }))
    await cluster.world.settle(Promise.all(sends))
    expect(cluster.routeRequests).toEqual(['T'])
  })

  it('sends to an unknown topic by the default topic’s route', async () => {
    const cluster = await FakeCluster.start()
    cluster.createTopic('TBW102', 8)
    const producer = producerOf(cluster)
    const { queue } = await cluster.world.settle(producer.send({ topic: 'New', body }))
    expect(cluster.routeRequests).toEqual(['New', 'TBW102'])
    expect(queue.queueId).toBeLessThan(4)
  })

  it('says that a topic is unknown when brokers do not create topics', async () => {
    const cluster = await FakeCluster.start()
    const error = await failure(
      cluster.world.settle(producerOf(cluster).send({ topic: 'New', body })),
    )
    expect(error).toMatchObject({ code: 'RMQ_NO_ROUTE' })
    expect(error.message).toContain('create it first')
  })

  it('keeps sending by the last route while no name server answers', async () => {
    const cluster = await FakeCluster.start()
    cluster.createTopic('T')
    const producer = producerOf(cluster)
    await cluster.world.settle(producer.send({ topic: 'T', body }))
    cluster.nameServerAnswers = false
    await cluster.world.advance(120_000)
    const { status } = await cluster.world.settle(producer.send({ topic: 'T', body }))
    expect(status).toBe('SEND_OK')
  })

  it('keeps the last route of a topic the name server has forgotten', async () => {
    const cluster = await FakeCluster.start()
    cluster.createTopic('T')
    const producer = producerOf(cluster)
    await cluster.world.settle(producer.send({ topic: 'T', body }))
    cluster.topics.delete('T')
    await cluster.world.advance(31_000)
    const { status } = await cluster.world.settle(producer.send({ topic: 'T', body }))
    expect(status).toBe('SEND_OK')
  })

  it('goes to the next name server when one is gone, and stays there', async () => {
    const cluster = await FakeCluster.start()
    cluster.createTopic('T')
    cluster.createTopic('U')
    const dead = ['10.0.0.97:9876', '10.0.0.98:9876']
    const producer = producerOf(cluster, { namesrvAddr: [...dead, cluster.namesrvAddr] })
    await cluster.world.settle(producer.send({ topic: 'T', body }))
    const before = cluster.world.clock.monotonicMs()
    await cluster.world.settle(producer.send({ topic: 'U', body }))
    expect(cluster.world.clock.monotonicMs() - before).toBeLessThan(100)
  })

  it.each([17, 14, 1, 2, 16, 204, 205, 1500])(
    'tries another broker after the answer %i',
    async (code) => {
      const cluster = await FakeCluster.start(2)
      cluster.createTopic('T', 4)
      cluster.broker('broker-a').onSend = () => refuse(code, 'no')
      const producer = producerOf(cluster)
      const sends = Array.from({ length: 8 }, () => producer.send({ topic: 'T', body }))
      const results = await cluster.world.settle(Promise.all(sends))
      expect(results.map(({ queue }) => queue.brokerName)).toEqual(Array(8).fill('broker-b'))
    },
  )

  it('gives up at once after an answer no other broker would better', async () => {
    const cluster = await FakeCluster.start(2)
    cluster.createTopic('T')
    for (const broker of cluster.brokers) {
      broker.onSend = () => refuse(ResponseCode.MESSAGE_ILLEGAL, 'too large')
    }
    const error = await failure(
      cluster.world.settle(producerOf(cluster).send({ topic: 'T', body })),
    )
    expect(error).toMatchObject({ code: 'RMQ_REFUSED', responseCode: 13, remark: 'too large' })
    expect(cluster.brokers.flatMap(({ sends }) => sends)).toHaveLength(1)
  })

  it('gives up after three tries and says on which brokers', async () => {
    const cluster = await FakeCluster.start(2)
    cluster.createTopic('T')
    for (const broker of cluster.brokers)
      broker.onSend = () => refuse(ResponseCode.SYSTEM_BUSY, 'busy')
    const error = await failure(
      cluster.world.settle(producerOf(cluster).send({ topic: 'T', body })),
    )
    expect(error).toMatchObject({ code: 'RMQ_REFUSED', responseCode: 2, retryable: true })
    expect(error.message).toMatch(/after 3 tries on broker-\w, broker-\w, broker-\w/)
    expect(cluster.brokers.flatMap(({ sends }) => sends)).toHaveLength(3)
  })

  it('tries another broker when the connection breaks', async () => {
    const cluster = await FakeCluster.start(2)
    cluster.createTopic('T')
    cluster.broker('broker-a').onSend = (call) => {
      call.connection.close()
      return undefined
    }
    const producer = producerOf(cluster)
    const sends = Array.from({ length: 4 }, () => producer.send({ topic: 'T', body }))
    const results = await cluster.world.settle(Promise.all(sends))
    expect(results.map(({ queue }) => queue.brokerName)).toEqual(Array(4).fill('broker-b'))
  })

  it('spends one budget on all tries', async () => {
    const cluster = await FakeCluster.start(2)
    cluster.createTopic('T')
    for (const broker of cluster.brokers) broker.onSend = silence
    const producer = producerOf(cluster, { sendTimeoutMs: 1000, sendTimeoutPerTryMs: 400 })
    const before = cluster.world.clock.monotonicMs()
    const error = await failure(cluster.world.settle(producer.send({ topic: 'T', body })))
    expect(error.code).toBe('RMQ_TIMEOUT')
    const tookMs = cluster.world.clock.monotonicMs() - before
    expect(tookMs).toBeGreaterThanOrEqual(800)
    expect(tookMs).toBeLessThan(1400)
    expect(cluster.brokers.flatMap(({ sends }) => sends).length).toBeGreaterThan(1)
  })

  it('leaves time for another broker when one hangs', async () => {
    const cluster = await FakeCluster.start(2)
    cluster.createTopic('T')
    cluster.broker('broker-a').onSend = silence
    const producer = producerOf(cluster, { sendTimeoutPerTryMs: 500 })
    const sends = Array.from({ length: 4 }, () => producer.send({ topic: 'T', body }))
    const results = await cluster.world.settle(Promise.all(sends))
    expect(results.map(({ queue }) => queue.brokerName)).toEqual(Array(4).fill('broker-b'))
  })

  it.each([
    [10, 'FLUSH_DISK_TIMEOUT'],
    [12, 'FLUSH_SLAVE_TIMEOUT'],
    [11, 'SLAVE_NOT_AVAILABLE'],
  ])('reads the code %i as the status %s', async (code, status) => {
    const cluster = await FakeCluster.start(2)
    cluster.createTopic('T')
    for (const broker of cluster.brokers) broker.sendCode = code
    const result = await cluster.world.settle(producerOf(cluster).send({ topic: 'T', body }))
    expect(result.status).toBe(status)
    expect(cluster.brokers.flatMap(({ sends }) => sends)).toHaveLength(1)
  })

  it('sends to another broker after a lesser status when asked to', async () => {
    const cluster = await FakeCluster.start(2)
    cluster.createTopic('T')
    cluster.broker('broker-a').sendCode = ResponseCode.FLUSH_DISK_TIMEOUT
    const producer = producerOf(cluster, { retryAnotherBrokerWhenNotStoreOk: true })
    const sends = Array.from({ length: 4 }, () => producer.send({ topic: 'T', body }))
    const results = await cluster.world.settle(Promise.all(sends))
    expect(results.map(({ status }) => status)).toEqual(Array(4).fill('SEND_OK'))
  })

  it('sends to the queue that was given, and to no other', async () => {
    const cluster = await FakeCluster.start()
    cluster.createTopic('T', 8)
    const producer = producerOf(cluster)
    const queue = { topic: 'T', brokerName: 'broker-a', queueId: 5 }
    const given = await cluster.world.settle(producer.send({ topic: 'T', body }, { queue }))
    expect(given.queue.queueId).toBe(5)
    cluster.broker('broker-a').onSend = () => refuse(ResponseCode.SYSTEM_BUSY, 'busy')
    await failure(cluster.world.settle(producer.send({ topic: 'T', body }, { queue })))
    expect(cluster.broker('broker-a').sends.map(({ queueId }) => queueId)).toEqual([5, 5])
  })

  it('keeps one sharding key on one queue, and lets a selector choose', async () => {
    const cluster = await FakeCluster.start()
    cluster.createTopic('T', 8)
    const producer = producerOf(cluster)
    const sends = [
      producer.send({ topic: 'T', body, shardingKey: 'order-1' }),
      producer.send({ topic: 'T', body }, { shardingKey: 'order-1' }),
      producer.send({ topic: 'T', body }, { selector: (queues) => queues[3] }),
    ]
    const results = await cluster.world.settle(Promise.all(sends))
    expect(results.map(({ queue }) => queue.queueId)).toEqual([6, 6, 3])
    const nowhere = producer.send({ topic: 'T', body }, { selector: () => undefined })
    expect(await failure(cluster.world.settle(nowhere))).toMatchObject({
      code: 'RMQ_INVALID_ARGUMENT',
    })
  })

  it('sends a batch in one request and in order', async () => {
    const cluster = await FakeCluster.start()
    cluster.createTopic('T', 1)
    const producer = producerOf(cluster)
    const batch = ['one', 'two', 'three'].map((text) => ({ topic: 'T', body: text }))
    const result = await cluster.world.settle(producer.sendBatch(batch))
    const broker = cluster.broker('broker-a')
    expect(broker.sends).toHaveLength(1)
    expect(broker.stored('T', 0).map((message) => message.body.toString())).toEqual([
      'one',
      'two',
      'three',
    ])
    expect(result.msgId.split(',')).toHaveLength(3)
    expect(result.offsetMsgId.split(',')).toHaveLength(3)
  })

  it('sends oneway without waiting for an answer', async () => {
    const cluster = await FakeCluster.start()
    cluster.createTopic('T', 1)
    const broker = cluster.broker('broker-a')
    broker.onSend = silence
    await cluster.world.settle(producerOf(cluster).sendOneway({ topic: 'T', body }))
    await cluster.world.advance(100)
    expect(broker.sends).toHaveLength(1)
  })

  it('keeps no more on the way than allowed, and keeps the order of one queue', async () => {
    const cluster = await FakeCluster.start()
    cluster.createTopic('T', 1)
    const broker = cluster.broker('broker-a')
    let inFlight = 0
    let most = 0
    broker.onSend = async () => {
      most = Math.max(most, ++inFlight)
      await new Promise<void>((resolve) => void cluster.world.timers.after(5, resolve))
      inFlight--
      return undefined
    }
    const producer = producerOf(cluster, { maxInFlight: 10 })
    const sends = Array.from({ length: 100 }, (_, index) =>
      producer.send({ topic: 'T', body: `${index}` }),
    )
    await cluster.world.settle(Promise.all(sends))
    expect(most).toBe(10)
    expect(broker.stored('T', 0).map((message) => Number(message.body))).toEqual(
      Array.from({ length: 100 }, (_, index) => index),
    )
  })

  it('stops waiting when the signal fires, before and after the request has left', async () => {
    const cluster = await FakeCluster.start()
    cluster.createTopic('T', 1)
    cluster.broker('broker-a').onSend = silence
    const producer = producerOf(cluster, { sendTimeoutMs: 60_000 })
    const abort = new AbortController()
    const send = failure(producer.send({ topic: 'T', body }, { signal: abort.signal }))
    await cluster.world.advance(100)
    abort.abort(new Error('enough'))
    expect(await send).toMatchObject({ code: 'RMQ_ABORTED', retryable: false })
    const late = failure(producer.send({ topic: 'T', body }, { signal: abort.signal }))
    await cluster.world.advance(100)
    expect(await late).toMatchObject({ code: 'RMQ_ABORTED' })
  })

  it('shows each try to hooks', async () => {
    const cluster = await FakeCluster.start(2)
    cluster.createTopic('T', 1)
    cluster.broker('broker-a').onSend = () => refuse(ResponseCode.SYSTEM_BUSY, 'busy')
    const seen: string[] = []
    const producer = producerOf(cluster, {
      hooks: [
        {
          before: ({ queue, attempt }) => seen.push(`before ${attempt} ${queue.brokerName}`),
          after: ({ attempt }, result) =>
            seen.push(`after ${attempt} ${result?.status ?? 'failed'}`),
        },
      ],
    })
    const queue = { topic: 'T', brokerName: 'broker-a', queueId: 0 }
    await failure(cluster.world.settle(producer.send({ topic: 'T', body }, { queue })))
    expect(seen).toEqual(['before 1 broker-a', 'after 1 failed'])
    seen.length = 0
    while (!seen.includes('after 2 SEND_OK')) {
      seen.length = 0
      await cluster.world.settle(producer.send({ topic: 'T', body }))
    }
    expect(seen).toEqual([
      'before 1 broker-a',
      'after 1 failed',
      'before 2 broker-b',
      'after 2 SEND_OK',
    ])
  })

  it('leaves a broker alone for a while that failed, when asked to', async () => {
    const cluster = await FakeCluster.start(2)
    cluster.createTopic('T', 1)
    const broken = cluster.broker('broker-a')
    broken.onSend = () => refuse(ResponseCode.SYSTEM_BUSY, 'busy')
    const producer = producerOf(cluster, { sendLatencyEnable: true })
    for (let index = 0; index < 20; index++) {
      await cluster.world.settle(producer.send({ topic: 'T', body }))
    }
    expect(broken.sends.length).toBe(1)
    await cluster.world.advance(11_000)
    broken.onSend = () => undefined
    for (let index = 0; index < 20; index++) {
      await cluster.world.settle(producer.send({ topic: 'T', body }))
    }
    expect(broken.sends.length).toBeGreaterThan(5)
  })

  it('tells masters about its group at once and every 30 seconds, and signs off', async () => {
    const cluster = await FakeCluster.start()
    cluster.createTopic('T', 1)
    const broker = cluster.broker('broker-a')
    const producer = producerOf(cluster)
    await cluster.world.settle(producer.send({ topic: 'T', body }))
    await cluster.world.advance(100)
    expect(broker.heartbeats.map((one) => one.producerDataSet)).toEqual([[{ groupName: 'g' }]])
    await cluster.world.advance(60_000)
    expect(broker.heartbeats).toHaveLength(3)
    await cluster.world.settle(producer.close())
    expect(broker.signedOff).toEqual(['g'])
    await cluster.world.advance(60_000)
    expect(broker.heartbeats).toHaveLength(3)
  })

  it('signs a group off only when its last producer leaves', async () => {
    const cluster = await FakeCluster.start()
    cluster.createTopic('T', 1)
    const [first, second] = [producerOf(cluster), producerOf(cluster)]
    await cluster.world.settle(first.send({ topic: 'T', body }))
    await cluster.world.settle(second.send({ topic: 'T', body }))
    await cluster.world.settle(first.close())
    expect(cluster.broker('broker-a').signedOff).toEqual([])
    await cluster.world.settle(second.close())
    expect(cluster.broker('broker-a').signedOff).toEqual(['g'])
  })

  it('finishes sends under way before it closes, then refuses', async () => {
    const cluster = await FakeCluster.start()
    cluster.createTopic('T', 1)
    cluster.broker('broker-a').onSend = async () => {
      await new Promise<void>((resolve) => void cluster.world.timers.after(500, resolve))
      return undefined
    }
    const producer = producerOf(cluster, { maxInFlight: 2 })
    const sends = Array.from({ length: 6 }, () => producer.send({ topic: 'T', body }))
    const closed = producer.close()
    const results = await cluster.world.settle(Promise.all(sends))
    expect(results.map(({ status }) => status)).toEqual(Array(6).fill('SEND_OK'))
    await cluster.world.settle(closed)
    expect(await failure(producer.send({ topic: 'T', body }))).toMatchObject({ code: 'RMQ_CLOSED' })
  })

  it('takes up new brokers from the route every 30 seconds', async () => {
    const cluster = await FakeCluster.start(2)
    cluster.createTopic('T', 1, 6, ['broker-a'])
    const producer = producerOf(cluster)
    await cluster.world.settle(producer.send({ topic: 'T', body }))
    cluster.createTopic('T', 1)
    await cluster.world.advance(30_100)
    const sends = Array.from({ length: 4 }, () => producer.send({ topic: 'T', body }))
    await cluster.world.settle(Promise.all(sends))
    expect(cluster.broker('broker-b').sends).toHaveLength(2)
    expect(cluster.broker('broker-b').heartbeats).toHaveLength(1)
  })
})
