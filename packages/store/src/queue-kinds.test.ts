// SPDX-License-Identifier: Apache-2.0
// Light queues, queues of batches and units beside entries: what Java's recordings do not show.
import { decodeProperties } from '@rocketmq-ts/remoting/message'
import { type SimulatedRuntime, simulatedRuntime } from '@rocketmq-ts/runtime/simulated'
import { describe, expect, it } from 'vitest'
import { decoded, get, message, readQueue, ROOT, smallConfig } from '../test/support/store.ts'
import { ConsumeQueue, RingBudget } from './consume-queue.ts'
import {
  MessageStore,
  type OpenProgress,
  type QueueExtUnit,
  type StoreConfig,
  type StoreOptions,
} from './index.ts'
import { extPositionAt, putExtPosition } from './queue-ext.ts'
import type { SegmentFiles } from './segment-files.ts'

function open(
  runtime: SimulatedRuntime,
  config: Partial<StoreConfig>,
  options: Partial<StoreOptions> = {},
): Promise<MessageStore> {
  const wide = { commitLogSegmentBytes: 65_536, tailBytes: 131_072, ...config }
  return runtime.settle(MessageStore.open({ runtime, config: smallConfig(wide), ...options }))
}

const props = (text: string): Uint8Array =>
  Buffer.from(text.replaceAll('=', '\u0001').replaceAll(';', '\u0002'))

describe('light queues', () => {
  const light = { lmqEnabled: true }
  const sent = (names: string) =>
    message({ topic: 'Parent', properties: props(`INNER_MULTI_DISPATCH=${names};`) })

  it('give a message in each queue that it names, and tell of each', async () => {
    const runtime = simulatedRuntime({ seed: 1 })
    const store = await open(runtime, light)
    const arrived: string[] = []
    store.onArrival((topic, queueId, queueOffset) => {
      arrived.push(`${topic} ${queueId} ${queueOffset}`)
    })
    store.append(sent('%LMQ%a,%LMQ%b'))
    store.append(sent('%LMQ%b'))
    await runtime.advance(100)
    expect(arrived).toEqual(['Parent 0 0', '%LMQ%a 0 0', '%LMQ%b 0 0', 'Parent 0 1', '%LMQ%b 0 1'])
    const [first, second] = await readQueue(runtime, store, '%LMQ%b', 0)
    expect([first?.topic, second?.topic]).toEqual(['Parent', 'Parent'])
    expect(second?.properties['INNER_MULTI_QUEUE_OFFSET']).toBe('1')
    await runtime.settle(store.close())
  })

  it('are built again from the log, once', async () => {
    const runtime = simulatedRuntime({ seed: 1 })
    let store = await open(runtime, light)
    for (let i = 0; i < 40; i++) store.append(sent(i % 2 === 0 ? '%LMQ%a' : '%LMQ%a,%LMQ%a'))
    await runtime.settle(store.close())
    runtime.files.writeFile(`${ROOT}/abort`, Buffer.from('1'))
    runtime.files.remove(`${ROOT}/checkpoint`)
    store = await open(runtime, light)
    expect(store.maxOffset('%LMQ%a', 0)).toBe(40)
    expect((await readQueue(runtime, store, '%LMQ%a', 0)).length).toBe(40)
    await runtime.settle(store.close())
  })

  it.each([
    ['Other,%LMQ%a', 'MESSAGE_ILLEGAL'],
    [`%LMQ%${'x'.repeat(300)}`, 'MESSAGE_ILLEGAL'],
    ['%LMQ%a,Other', 'PUT_OK'],
    ['%LMQ%../../../x', 'PUT_OK'],
  ])('%s: %s, and no queue', async (names, expected) => {
    const runtime = simulatedRuntime({ seed: 1 })
    const store = await open(runtime, light)
    expect(store.append(sent(names)).status).toBe(expected)
    await runtime.advance(2000)
    const withEntries = [...store.queues()].filter(({ maxOffset }) => maxOffset > 0)
    expect(withEntries.map(({ topic }) => topic)).toEqual(expected === 'PUT_OK' ? ['Parent'] : [])
    expect(runtime.files.stat('/x')).toBeUndefined()
    await runtime.settle(store.close())
  })

  it('are refused beyond their number, those that exist are not', async () => {
    const runtime = simulatedRuntime({ seed: 1 })
    const store = await open(runtime, { ...light, maxLmqQueues: 2 })
    const statuses = ['%LMQ%a,%LMQ%b', '%LMQ%c', '%LMQ%b', 'plain'].map(
      (names) => store.append(names === 'plain' ? message() : sent(names)).status,
    )
    expect(statuses).toEqual(['PUT_OK', 'LMQ_CONSUME_QUEUE_NUM_EXCEEDED', 'PUT_OK', 'PUT_OK'])
    store.deleteTopic('%LMQ%a')
    expect(store.append(sent('%LMQ%c')).status).toBe('PUT_OK')
    await runtime.settle(store.close())
  })

  it('are no queues when the setting is off', async () => {
    const runtime = simulatedRuntime({ seed: 1 })
    const store = await open(runtime, {})
    store.append(sent('%LMQ%a'))
    expect([...store.queues()].map(({ topic }) => topic)).toEqual(['Parent'])
    await runtime.settle(store.close())
  })
})

describe('queues of batches', () => {
  const queueTypeOf = () => 'BatchCQ' as const
  const config = { batchConsumeQueueSegmentBytes: 46 * 4 }
  const batch = (count: number) =>
    message({ sysFlag: 0x80, body: Buffer.alloc(30), properties: props(`INNER_NUM=${count};`) })

  it.each(['memory', 'files'])(
    'give the whole batch for any offset in it, from %s',
    async (from) => {
      const runtime = simulatedRuntime({ seed: 1 })
      let store = await open(runtime, config, { queueTypeOf })
      for (let i = 0; i < 30; i++) store.append(batch((i % 5) + 1))
      await runtime.advance(100)
      if (from === 'files') {
        await runtime.settle(store.close())
        store = await open(runtime, config, { queueTypeOf })
      }
      expect([store.minOffset('TopicTest', 0), store.maxOffset('TopicTest', 0)]).toEqual([0, 90])
      for (let offset = 0, i = 0, base = 0; offset < 90; offset++) {
        if (offset === base + (i % 5) + 1) base += (i++ % 5) + 1
        const result = await get(runtime, store, { queueOffset: offset, maxCount: 1 })
        const [record] = decoded(result)
        expect(result.status).toBe('FOUND')
        expect(record?.properties['INNER_BASE']).toBe(String(base))
        expect([result.messageCount, result.nextBeginOffset]).toEqual([
          (i % 5) + 1,
          base + (i % 5) + 1,
        ])
        result.release()
      }
      await runtime.settle(store.close())
    },
  )

  it('take inner batches only, and say what is not one', async () => {
    const runtime = simulatedRuntime({ seed: 1 })
    const store = await open(runtime, config, {
      queueTypeOf: (topic) => (topic === 'Batched' ? 'BatchCQ' : 'SimpleCQ'),
    })
    const put = (topic: string, text: string): string =>
      store.append(message({ topic, sysFlag: 0x80, properties: props(text) })).status
    expect(put('Plain', 'INNER_NUM=2;')).toBe('MESSAGE_ILLEGAL')
    expect(put('Batched', 'INNER_NUM=0;')).toBe('MESSAGE_ILLEGAL')
    expect(put('Batched', 'INNER_NUM=40000;')).toBe('MESSAGE_ILLEGAL')
    expect(put('Batched', 'INNER_NUM=2;')).toBe('PUT_OK')
    expect(store.queueOffset('Batched', 0)).toBe(2)
    await runtime.settle(store.close())
  })

  it('are not opened as queues of another kind', async () => {
    const runtime = simulatedRuntime({ seed: 1 })
    const store = await open(runtime, config, { queueTypeOf })
    store.append(batch(2))
    await runtime.settle(store.close())
    await expect(open(runtime, config)).rejects.toMatchObject({ code: 'RMQ_STORE_LAYOUT' })
  })
})

describe('units beside entries', () => {
  const config = { consumeQueueExtEnabled: true, consumeQueueExtSegmentBytes: 200 }
  const bitMapOf: NonNullable<StoreOptions['bitMapOf']> = (_topic, properties) => {
    const bits = decodeProperties(Buffer.from(properties).toString())['BITS']
    return bits === undefined ? undefined : Buffer.from(bits)
  }

  async function filled(runtime: SimulatedRuntime): Promise<MessageStore> {
    const store = await open(runtime, config, { bitMapOf })
    for (let i = 0; i < 40; i++) {
      store.append(
        message({ tagsCode: i - 20, properties: props(`BITS=${'b'.repeat(i % 7)}${i};`) }),
      )
    }
    await runtime.advance(100)
    return store
  }

  async function seen(runtime: SimulatedRuntime, store: MessageStore): Promise<string[]> {
    const units: string[] = []
    const matchTags = (tagsCode: number, unit: QueueExtUnit | undefined): boolean => {
      units.push(`${tagsCode} ${Buffer.from(unit?.bitMap ?? []).toString()}`)
      return false
    }
    for (let queueOffset = 0; queueOffset < 40;) {
      const result = await get(runtime, store, { queueOffset, maxCount: 100, matchTags })
      queueOffset = Math.max(queueOffset + 1, result.nextBeginOffset)
      result.release()
    }
    return [...new Set(units)]
  }

  it('reach the filter from memory and from files, and the listener gets the tag', async () => {
    const runtime = simulatedRuntime({ seed: 1 })
    let store = await filled(runtime)
    const expected = Array.from({ length: 40 }, (_, i) => `${i - 20} ${'b'.repeat(i % 7)}${i}`)
    expect(await seen(runtime, store)).toEqual(expected)
    const tags: number[] = []
    store.onArrival((_topic, _queueId, _offset, tagsCode) => tags.push(tagsCode))
    store.append(message({ tagsCode: -7 }))
    await runtime.settle(store.close())
    expect(tags).toEqual([-7])
    store = await open(runtime, config, { bitMapOf })
    expect((await seen(runtime, store)).slice(0, 40)).toEqual(expected)
    await runtime.settle(store.close())
  })

  it('match every filter where they are lost', async () => {
    const runtime = simulatedRuntime({ seed: 1 })
    await runtime.settle((await filled(runtime)).close())
    runtime.files.remove(`${ROOT}/consumequeue_ext`)
    const store = await open(runtime, config, { bitMapOf })
    const result = await get(runtime, store, { matchTags: () => false, maxCount: 3 })
    expect([result.status, result.messageCount]).toEqual(['FOUND', 3])
    result.release()
    await runtime.settle(store.close())
  })

  it('do not outlive the queue that a crash has taken', async () => {
    const runtime = simulatedRuntime({ seed: 1 })
    await runtime.settle((await filled(runtime)).close())
    const { files } = runtime
    const rows = `${ROOT}/consumequeue_ext`
    const [topic = ''] = files.list(rows)
    const unitFiles = files.list(`${rows}/${topic}/0`)
    // Of another row: what is built again would not overwrite it.
    files.writeFile(`${rows}/${topic}/0/00000000000000009000`, new Uint8Array(200))
    files.remove(`${ROOT}/consumequeue/${topic}`)
    files.writeFile(`${ROOT}/abort`, Buffer.from('1'))
    let store = await open(runtime, config, { bitMapOf })
    await runtime.settle(store.close())
    expect(files.list(`${rows}/${topic}/0`)).toEqual(unitFiles)
    store = await open(runtime, config, { bitMapOf })
    // Built again from the log, whose messages have no tag.
    expect((await seen(runtime, store)).at(-1)).toBe('0 bbbb39')
    await runtime.settle(store.close())
  })

  it('keep positions of any size apart from tags', () => {
    const bytes = new Uint8Array(8)
    for (const position of [0, 1, 399, 2 ** 31, 2 ** 32 + 5, 2 ** 45]) {
      putExtPosition(bytes, 0, position)
      expect(extPositionAt(bytes, 0)).toBe(position)
    }
    const view = new DataView(bytes.buffer)
    for (const tag of [0n, 1n, -1n, -(2n ** 31n), 2n ** 31n - 1n, 1_700_000_000_000n]) {
      view.setBigInt64(0, tag)
      expect(extPositionAt(bytes, 0)).toBe(-1)
    }
    view.setBigInt64(0, -(2n ** 31n) - 1n)
    expect(extPositionAt(bytes, 0)).toBeGreaterThan(0)
  })
})

describe('many queues', () => {
  it('give back the memory of those at rest, some at a time', () => {
    const budget = new RingBudget(1000)
    const segments = { count: 0 } as SegmentFiles
    const queues = Array.from({ length: 40_000 }, (_, queueId) => {
      const queue = new ConsumeQueue({ topic: 'T', queueId, segments, budget })
      queue.put(1, 1, 0)
      queue.readable = 1
      if (queueId > 0) queue.persisted = 1
      return queue
    })
    const held = (): number => queues.filter(({ ringBytes }) => ringBytes > 0).length
    budget.sweep()
    expect(held()).toBe(40_000)
    const left: number[] = []
    for (let round = 0; round < 5; round++) {
      budget.sweep()
      left.push(held())
    }
    // Each look goes over 16,384 of them; the one whose entry is in no file keeps it.
    expect(
      left.every((count, round) => round === 0 || (left[round - 1] ?? 0) - count <= 16_384),
    ).toBe(true)
    for (let round = 0; round < 5; round++) budget.sweep()
    expect(held()).toBeLessThanOrEqual(1000 / 40)
    expect(queues[0]?.ringBytes).toBeGreaterThan(0)
  })

  it('open with word of how far it is', async () => {
    const runtime = simulatedRuntime({ seed: 1 })
    let store = await open(runtime, {})
    for (let i = 0; i < 200; i++) store.append(message({ topic: `Topic${i}` }))
    await runtime.settle(store.close())
    const told: string[] = []
    const progress = ({ step, done, of }: OpenProgress): unknown =>
      step !== 'log' && told.push(`${step} ${done} of ${of}`)
    store = await open(runtime, {}, { progress })
    expect(told).toEqual(['queues 200 of 200'])
    expect(store.status().queueCount).toBe(200)
    await runtime.settle(store.close())
    // Without the table the files are looked through.
    runtime.files.remove(`${ROOT}/consumequeue.table`)
    told.length = 0
    store = await open(runtime, {}, { progress })
    expect(told).toEqual(['queues 200 of 0', 'entries 200 of 200'])
    expect(store.status().queueCount).toBe(200)
    await runtime.settle(store.close())
  })
})
