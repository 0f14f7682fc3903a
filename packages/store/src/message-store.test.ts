// SPDX-License-Identifier: Apache-2.0
// Putting, waiting and looking up: statuses, batches, flush modes, full disks, arrivals.
import { decodeMessage, encodeBatch, tagHash } from '@rocketmq-ts/remoting/message'
import { type SimulatedRuntime, simulatedRuntime } from '@rocketmq-ts/runtime/simulated'
import { describe, expect, it } from 'vitest'
import { decoded, get, message, openStore, put, readQueue, ROOT } from '../test/support/store.ts'
import type { SafetyStatus } from './index.ts'

const SYNC = { flushDiskType: 'SYNC_FLUSH' } as const
const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString()

/** Fails the operations of a kind on files whose path holds a text. */
function fail(runtime: SimulatedRuntime, kind: string, part: string, error: string): void {
  runtime.disk.fault = (operation) =>
    operation.kind === kind && operation.path.includes(part) ? { error } : undefined
}

describe('append', () => {
  it('assigns log and queue offsets at once, per queue', async () => {
    const store = await openStore(simulatedRuntime({ seed: 1 }))
    const put1 = { ...store.append(message({ queueId: 0 })) }
    const put2 = { ...store.append(message({ queueId: 1 })) }
    const put3 = { ...store.append(message({ queueId: 0 })) }
    const put4 = { ...store.append(message({ topic: 'Other' })) }
    expect([put1, put2, put3, put4].map(({ queueOffset }) => queueOffset)).toEqual([0, 0, 1, 0])
    expect([put2.offset, put3.offset]).toEqual([
      put1.recordBytes,
      put1.recordBytes + put2.recordBytes,
    ])
  })

  const illegal: readonly (readonly [string, Parameters<typeof message>[0], string])[] = [
    ['a body above the limit', { body: new Uint8Array(3001) }, 'MESSAGE_ILLEGAL'],
    [
      'properties above 32767 bytes',
      { properties: Buffer.alloc(32_768, 'p') },
      'PROPERTIES_SIZE_EXCEEDED',
    ],
    [
      'more than a segment can hold',
      { body: new Uint8Array(3000), properties: Buffer.alloc(2000, 'p') },
      'MESSAGE_ILLEGAL',
    ],
    ['an empty topic', { topic: '' }, 'MESSAGE_ILLEGAL'],
    ['a topic above 32767 bytes', { topic: 't'.repeat(32_768) }, 'MESSAGE_ILLEGAL'],
    ['a negative queue', { queueId: -1 }, 'MESSAGE_ILLEGAL'],
    [
      'properties that end like torn ones',
      { properties: Buffer.from('a\u0001b\0') },
      'MESSAGE_ILLEGAL',
    ],
  ]
  it.each(illegal)('refuses %s and leaves no trace', async (_name, overrides, status) => {
    const runtime = simulatedRuntime({ seed: 2 })
    const store = await openStore(runtime)
    expect(store.append(message(overrides)).status).toBe(status)
    expect(store.status().commitLogMaxOffset).toBe(0)
    expect(await runtime.settle(put(store, message()))).toBe('PUT_OK')
    expect((await readQueue(runtime, store, 'TopicTest', 0)).length).toBe(1)
  })

  it('takes topics above 127 bytes only when told to', async () => {
    const topic = 't'.repeat(128)
    const runtime = simulatedRuntime({ seed: 3 })
    const store = await openStore(runtime)
    expect(await runtime.settle(put(store, message({ topic })))).toBe('PUT_OK')
    expect((await readQueue(runtime, store, topic, 0)).map((m) => m.topic)).toEqual([topic])
    const strict = await openStore(simulatedRuntime({ seed: 3 }), { longTopics: false })
    expect(strict.append(message({ topic })).status).toBe('MESSAGE_ILLEGAL')
    expect(strict.append(message({ topic: 't'.repeat(127) })).status).toBe('PUT_OK')
  })

  it('sets the address bits by the length of the hosts', async () => {
    const runtime = simulatedRuntime({ seed: 4 })
    const store = await openStore(runtime)
    const v6 = Buffer.alloc(20, 7)
    await runtime.settle(put(store, message({ bornHost: v6, sysFlag: 0x20 })))
    await runtime.settle(put(store, message({ storeHost: v6, sysFlag: 0x11 })))
    const [born, stored] = await Promise.all(
      [0, 1].map(async (queueOffset) =>
        decodeMessage((await get(runtime, store, { queueOffset, maxCount: 1 })).spans[0]!, 0, {
          decompress: false,
        }),
      ),
    )
    expect([born!.sysFlag, stored!.sysFlag]).toEqual([0x10, 0x21])
    expect(born!.bornHost.host).toContain(':')
  })

  it('keeps half and rolled back messages out of the queues', async () => {
    const runtime = simulatedRuntime({ seed: 5 })
    const store = await openStore(runtime)
    const offsets: number[] = []
    for (const sysFlag of [0x4, 0xc, 0x8, 0x0]) {
      const appended = store.append(message({ sysFlag }))
      offsets.push(appended.queueOffset)
    }
    await runtime.advance(10)
    expect(offsets).toEqual([0, 0, 0, 1])
    expect(store.maxOffset('TopicTest', 0)).toBe(2)
    const next = runtime.crash('process')
    expect((await openStore(next)).maxOffset('TopicTest', 0)).toBe(2)
  })

  it('gives scheduled messages their deliver time as tags code, also when it is recovered', async () => {
    const runtime = simulatedRuntime({ seed: 6 })
    const store = await openStore(runtime)
    const scheduled = message({
      topic: 'SCHEDULE_TOPIC_XXXX',
      queueId: 2,
      tagsCode: 5,
      properties: Buffer.from('DELAY\u00013\u0002TAGS\u0001A\u0002'),
    })
    const { storeTimestampMs } = store.append(scheduled)
    await runtime.advance(10)
    const codesOf = async (of: typeof store, on: SimulatedRuntime): Promise<number[]> => {
      const codes = new Set<number>()
      const result = await get(on, of, {
        topic: 'SCHEDULE_TOPIC_XXXX',
        queueId: 2,
        matchTags: (code) => codes.add(code).size > 0,
      })
      result.release()
      return [...codes]
    }
    expect(await codesOf(store, runtime)).toEqual([storeTimestampMs + 10_000])
    const next = runtime.crash('process')
    next.files.remove(`${ROOT}/consumequeue`)
    expect(await codesOf(await openStore(next), next)).toEqual([storeTimestampMs + 10_000])
  })

  it('refuses when the disk does not keep up with the tail, and goes on when it does', async () => {
    const runtime = simulatedRuntime({ seed: 7 })
    const store = await openStore(runtime)
    runtime.disk.fault = ({ kind }) => (kind === 'write' ? { delayMs: 500 } : undefined)
    const statuses = new Set<string>()
    for (let i = 0; i < 100; i++)
      statuses.add(store.append(message({ body: Buffer.alloc(500) })).status)
    expect([...statuses]).toEqual(['PUT_OK', 'OS_PAGE_CACHE_BUSY'])
    expect(store.status().pageCacheBusy).toBe(true)
    runtime.disk.fault = undefined
    await runtime.advance(3000)
    expect(await runtime.settle(put(store, message({ body: Buffer.from('after') })))).toBe('PUT_OK')
    const { commitLogMaxOffset, writtenOffset } = store.status()
    expect(writtenOffset).toBe(commitLogMaxOffset)
    expect(store.status().pageCacheBusy).toBe(false)
    const bodies = (await readQueue(runtime, store, 'TopicTest', 0)).map(({ body }) => body.length)
    expect(bodies.at(-1)).toBe(5)
    expect(new Set(bodies.slice(0, -1))).toEqual(new Set([500]))
  })
})

describe('appendBatch', () => {
  it('stores each message on its own with consecutive offsets and its own tags', async () => {
    const runtime = simulatedRuntime({ seed: 8 })
    const store = await openStore(runtime)
    await runtime.settle(put(store, message()))
    const body = encodeBatch([
      { body: Buffer.from('one'), flag: 7, properties: { TAGS: 'A' } },
      { body: Buffer.from('two'), properties: { TAGS: 'B', KEYS: 'k' } },
      { body: Buffer.from('three'), properties: {} },
    ])
    const batch = store.appendBatch(
      message({ body, properties: Buffer.from('CLUSTER\u0001c\u0002') }),
    )
    const { status, count, queueOffset, offset, recordBytes } = batch
    const offsets = [...batch.offsets.subarray(0, count)]
    expect([status, count, queueOffset]).toEqual(['PUT_OK', 3, 1])
    await runtime.advance(10)
    const codes: number[] = []
    const result = await get(runtime, store, {
      queueOffset: 1,
      matchTags: (code) => codes.push(code) > 0,
    })
    const messages = decoded(result)
    expect(codes).toEqual([tagHash('A'), tagHash('B'), 0])
    expect(messages.map((m) => [text(m.body), m.flag, m.queueOffset, m.commitLogOffset])).toEqual([
      ['one', 7, 1, offsets[0]],
      ['two', 0, 2, offsets[1]],
      ['three', 0, 3, offsets[2]],
    ])
    expect(messages.map((m) => ({ ...m.properties }))).toEqual([
      { TAGS: 'A' },
      { TAGS: 'B', KEYS: 'k' },
      {},
    ])
    expect(result.bodyBytes).toBe(recordBytes)
    expect(offset).toBe(offsets[0])
  })

  it('stores the properties of a message as they came, also without a separator at their end', async () => {
    const runtime = simulatedRuntime({ seed: 9 })
    const store = await openStore(runtime)
    const properties = Buffer.from('TAGS\u0001A')
    const body = Buffer.alloc(22 + 1 + properties.length)
    body.writeInt32BE(1, 16)
    body.writeInt16BE(properties.length, 21)
    properties.copy(body, 23)
    store.appendBatch(message({ body, properties: Buffer.from('CLUSTER\u0001c\u0002') }))
    await runtime.advance(10)
    const [only] = await readQueue(runtime, store, 'TopicTest', 0)
    expect({ ...only!.properties }).toEqual({ TAGS: 'A' })
  })

  it('stores all or none, and all in one segment', async () => {
    const runtime = simulatedRuntime({ seed: 10 })
    const store = await openStore(runtime)
    const many = encodeBatch(Array.from({ length: 20 }, () => ({ body: Buffer.alloc(60) })))
    store.append(message({ body: Buffer.alloc(900) }))
    const batch = store.appendBatch(message({ body: many }))
    expect([batch.status, batch.offset, batch.recordBytes < 4096]).toEqual(['PUT_OK', 4096, true])
    const whole = encodeBatch([{ body: Buffer.alloc(10) }, { body: Buffer.alloc(10) }])
    const bad: readonly (readonly [string, Uint8Array])[] = [
      ['cut short', whole.subarray(0, whole.length - 1)],
      ['empty', new Uint8Array(0)],
      [
        'larger than a segment',
        encodeBatch(Array.from({ length: 60 }, () => ({ body: Buffer.alloc(10) }))),
      ],
    ]
    const before = store.status().commitLogMaxOffset
    for (const [name, body] of bad) {
      expect([name, store.appendBatch(message({ body })).status]).toEqual([name, 'MESSAGE_ILLEGAL'])
    }
    expect(store.status().commitLogMaxOffset).toBe(before)
    await runtime.advance(10)
    expect((await readQueue(runtime, store, 'TopicTest', 0)).length).toBe(21)
  })
})

describe('whenSafe', () => {
  it('under ASYNC_FLUSH waits for the kernel, under SYNC_FLUSH for the disk unless told not to', async () => {
    for (const [config, waitFlush, flushes] of [
      [{}, true, false],
      [SYNC, true, true],
      [SYNC, false, false],
    ] as const) {
      const runtime = simulatedRuntime({ seed: 11 })
      const store = await openStore(runtime, { ...config, flushIntervalMs: 10_000 })
      expect(await runtime.settle(put(store, message(), waitFlush))).toBe('PUT_OK')
      const { writtenOffset, flushedOffset, commitLogMaxOffset } = store.status()
      expect(writtenOffset).toBe(commitLogMaxOffset)
      expect(flushedOffset === commitLogMaxOffset).toBe(flushes)
    }
  })

  it('shares one flush among all who wait', async () => {
    const runtime = simulatedRuntime({ seed: 12 })
    const store = await openStore(runtime, SYNC)
    let flushes = 0
    runtime.disk.fault = ({ kind, path }) => {
      if (kind === 'flush' && path.includes('/commitlog/')) flushes++
      return undefined
    }
    const waiting = Array.from({ length: 15 }, () =>
      put(store, message({ body: Buffer.alloc(100) })),
    )
    expect(new Set(await runtime.settle(Promise.all(waiting)))).toEqual(new Set(['PUT_OK']))
    expect(flushes).toBe(1)
  })

  it('flushes the segment it leaves as well as the one it enters', async () => {
    const runtime = simulatedRuntime({ seed: 13 })
    const store = await openStore(runtime, SYNC)
    const waiting = Array.from({ length: 12 }, () =>
      put(store, message({ body: Buffer.alloc(800) })),
    )
    await runtime.settle(Promise.all(waiting))
    const next = runtime.crash('power')
    const again = await openStore(next)
    expect((await readQueue(next, again, 'TopicTest', 0)).length).toBe(12)
  })

  it('tells FLUSH_DISK_TIMEOUT after five seconds, and the message is there all the same', async () => {
    const runtime = simulatedRuntime({ seed: 14 })
    const store = await openStore(runtime, SYNC)
    runtime.disk.fault = ({ kind }) => (kind === 'flush' ? { delayMs: 20_000 } : undefined)
    const started = runtime.clock.monotonicMs()
    expect(await runtime.settle(put(store, message()))).toBe('FLUSH_DISK_TIMEOUT')
    expect(runtime.clock.monotonicMs() - started).toBeGreaterThanOrEqual(5000)
    expect(runtime.clock.monotonicMs() - started).toBeLessThan(5300)
    expect(store.maxOffset('TopicTest', 0)).toBe(1)
  })

  it('tells at once what is safe already', async () => {
    const runtime = simulatedRuntime({ seed: 15 })
    const store = await openStore(runtime)
    await runtime.settle(put(store, message()))
    let told: SafetyStatus | undefined
    const waiter = { acknowledged: (status: SafetyStatus) => void (told = status) }
    store.whenSafe(store.status().commitLogMaxOffset, waiter, true)
    expect(told).toBe('PUT_OK')
  })
})

describe('a disk that fails', () => {
  it('full: refuses, loses nothing, and goes on when there is room', async () => {
    const runtime = simulatedRuntime({ seed: 16 })
    const store = await openStore(runtime)
    expect(await runtime.settle(put(store, message({ body: Buffer.from('before') })))).toBe(
      'PUT_OK',
    )
    fail(runtime, 'write', '/commitlog/', 'ENOSPC')
    const during = await runtime.settle(put(store, message({ body: Buffer.from('during') })))
    expect(during).toBe('SERVICE_NOT_AVAILABLE')
    expect(store.append(message()).status).toBe('SERVICE_NOT_AVAILABLE')
    expect(store.status().writable).toBe(false)
    expect((await readQueue(runtime, store, 'TopicTest', 0)).map((m) => text(m.body))).toEqual([
      'before',
    ])
    runtime.disk.fault = undefined
    await runtime.advance(2500)
    expect(await runtime.settle(put(store, message({ body: Buffer.from('after') })))).toBe('PUT_OK')
    // What was refused may be there: its bytes were never given up, so the log has no gap.
    const bodies = ['before', 'during', 'after']
    expect((await readQueue(runtime, store, 'TopicTest', 0)).map((m) => text(m.body))).toEqual(
      bodies,
    )
    const next = runtime.crash('process')
    const again = await openStore(next)
    expect((await readQueue(next, again, 'TopicTest', 0)).map((m) => text(m.body))).toEqual(bodies)
  })

  it('full in the middle of a write: the torn record is not served after a crash', async () => {
    let runtime = simulatedRuntime({ seed: 17 })
    const store = await openStore(runtime)
    await runtime.settle(put(store, message({ body: Buffer.from('whole') })))
    runtime.disk.fault = ({ kind, path }) =>
      kind === 'write' && path.includes('/commitlog/')
        ? { error: 'ENOSPC', afterBytes: 120 }
        : undefined
    const properties = Buffer.from('TAGS\u0001A\u0002'.repeat(10))
    expect(await runtime.settle(put(store, message({ properties })))).toBe('SERVICE_NOT_AVAILABLE')
    runtime = runtime.crash('process')
    runtime.disk.fault = undefined
    const again = await openStore(runtime)
    expect((await readQueue(runtime, again, 'TopicTest', 0)).map((m) => text(m.body))).toEqual([
      'whole',
    ])
  })

  it('no room for the next segment: refuses until there is', async () => {
    const runtime = simulatedRuntime({ seed: 18 })
    const store = await openStore(runtime)
    fail(runtime, 'create', '/commitlog/00000000000000004096', 'ENOSPC')
    const statuses: SafetyStatus[] = []
    for (let i = 0; i < 5; i++) {
      const { status } = store.append(message({ body: Buffer.alloc(900) }))
      if (status !== 'PUT_OK') break
      store.whenSafe(
        store.status().commitLogMaxOffset,
        { acknowledged: (s) => statuses.push(s) },
        true,
      )
      await runtime.advance(20)
    }
    expect(statuses).toEqual(['PUT_OK', 'PUT_OK', 'PUT_OK', 'PUT_OK', 'SERVICE_NOT_AVAILABLE'])
    runtime.disk.fault = undefined
    await runtime.advance(2500)
    expect(await runtime.settle(put(store, message()))).toBe('PUT_OK')
    expect((await readQueue(runtime, store, 'TopicTest', 0)).length).toBe(6)
  })

  it('queue files that cannot be written stay in memory and are read from there', async () => {
    const runtime = simulatedRuntime({ seed: 20 })
    const store = await openStore(runtime)
    fail(runtime, 'write', '/consumequeue/', 'EIO')
    for (let i = 0; i < 200; i++)
      await runtime.settle(put(store, message({ body: Buffer.from(`${i}`) })))
    await runtime.advance(2000)
    expect((await readQueue(runtime, store, 'TopicTest', 0)).length).toBe(200)
    expect(store.status().queuesDurableOffset).toBe(0)
    runtime.disk.fault = undefined
    await runtime.advance(3000)
    expect(store.status().queuesDurableOffset).toBe(store.status().commitLogMaxOffset)
  })

  it('a read that fails is answered, and the next one may succeed', async () => {
    const runtime = simulatedRuntime({ seed: 21 })
    const first = await openStore(runtime)
    await runtime.settle(put(first, message()))
    await runtime.settle(first.close())
    const store = await openStore(runtime)
    fail(runtime, 'read', '/commitlog/', 'EIO')
    const result = await get(runtime, store, {})
    expect([result.status, result.nextBeginOffset]).toEqual(['OFFSET_FOUND_NULL', 0])
    runtime.disk.fault = undefined
    expect((await get(runtime, store, {})).status).toBe('FOUND')
  })
})

describe('arrivals', () => {
  it('are told in log order, when they can be read, with tags, time and properties', async () => {
    const runtime = simulatedRuntime({ seed: 22 })
    const store = await openStore(runtime)
    const seen: unknown[] = []
    store.onArrival((topic, queueId, queueOffset, tagsCode, storeTimestampMs, properties) => {
      expect(store.maxOffset(topic, queueId)).toBe(queueOffset + 1)
      seen.push([topic, queueId, queueOffset, tagsCode, text(properties()!)])
      expect(storeTimestampMs).toBe(runtime.clock.nowMs())
    })
    runtime.disk.writesAtOnce = true
    for (const queueId of [1, 0, 1]) {
      store.append(
        message({ queueId, tagsCode: queueId + 5, properties: Buffer.from(`q${queueId}`) }),
      )
    }
    expect(seen).toEqual([])
    await runtime.advance(1)
    expect(seen).toEqual([
      ['TopicTest', 1, 0, 6, 'q1'],
      ['TopicTest', 0, 0, 5, 'q0'],
      ['TopicTest', 1, 1, 6, 'q1'],
    ])
  })

  it('may append more', async () => {
    const runtime = simulatedRuntime({ seed: 23 })
    const store = await openStore(runtime)
    let left = 1500
    store.onArrival(() => {
      if (left-- > 0) store.append(message())
    })
    for (let i = 0; i < 50; i++) store.append(message())
    await runtime.advance(2000)
    expect(store.maxOffset('TopicTest', 0)).toBe(1550)
  })
})

describe('lookups', () => {
  it('by log offset give whole records only', async () => {
    const runtime = simulatedRuntime({ seed: 24 })
    const first = await openStore(runtime)
    for (let i = 0; i < 40; i++) first.append(message({ body: Buffer.from(`body ${i}`) }))
    await runtime.advance(10)
    const readAt = (from: typeof first, offset: number): Promise<Uint8Array | undefined> =>
      runtime.settle(new Promise((resolve) => from.readAt(offset, resolve)))
    const expectAll = async (from: typeof first): Promise<void> => {
      for (const m of await readQueue(runtime, from, 'TopicTest', 0)) {
        const record = await readAt(from, m.commitLogOffset)
        expect(text(decodeMessage(record!).body)).toBe(text(m.body))
        expect(await readAt(from, m.commitLogOffset + 1)).toBeUndefined()
      }
      const end = from.status().commitLogMaxOffset
      for (const offset of [-1, end, end + 5000]) expect(await readAt(from, offset)).toBeUndefined()
    }
    await expectAll(first)
    await runtime.settle(first.close())
    await expectAll(await openStore(runtime))
  })

  it('by time, by queue offset, of the earliest', async () => {
    const runtime = simulatedRuntime({ seed: 25 })
    const store = await openStore(runtime)
    expect(store.earliestStoreTimestampMs()).toBe(-1)
    const times: number[] = []
    for (let i = 0; i < 30; i++) {
      times.push(store.append(message()).storeTimestampMs)
      if (i % 3 === 2) await runtime.advance(100)
    }
    await runtime.advance(10)
    const at = times[6]!
    const search = (ms: number, boundary: 'LOWER' | 'UPPER'): Promise<number> =>
      runtime.settle(store.searchOffset('TopicTest', 0, ms, boundary))
    expect([await search(at, 'LOWER'), await search(at, 'UPPER')]).toEqual([6, 8])
    expect([await search(at + 1, 'LOWER'), await search(at + 1, 'UPPER')]).toEqual([9, 8])
    expect([await search(0, 'LOWER'), await search(0, 'UPPER')]).toEqual([0, 0])
    const later = times.at(-1)! + 1
    expect([await search(later, 'LOWER'), await search(later, 'UPPER')]).toEqual([30, 29])
    const timeAt = (queueOffset: number): Promise<number | undefined> =>
      runtime.settle(store.storeTimestampAt('TopicTest', 0, queueOffset))
    expect([await timeAt(6), await timeAt(30), await timeAt(-1)]).toEqual([
      at,
      undefined,
      undefined,
    ])
    expect(await runtime.settle(store.searchOffset('Nobody', 0, at))).toBe(0)
    expect(store.earliestStoreTimestampMs()).toBe(times[0])
  })
})

describe('deleteTopic', () => {
  it('removes queues and files; the topic starts at 0 again', async () => {
    const runtime = simulatedRuntime({ seed: 26 })
    const store = await openStore(runtime)
    for (let i = 0; i < 50; i++) store.append(message({ queueId: i % 2 }))
    await runtime.advance(2000)
    store.append(message())
    store.deleteTopic('TopicTest')
    await runtime.advance(2000)
    expect(runtime.files.list(`${ROOT}/consumequeue`)).toEqual([])
    expect((await get(runtime, store, {})).status).toBe('NO_MESSAGE_IN_QUEUE')
    expect(store.append(message()).queueOffset).toBe(0)
    await runtime.advance(2000)
    expect([...store.queues()]).toEqual([
      { topic: 'TopicTest', queueId: 0, minOffset: 0, maxOffset: 1 },
    ])
    await runtime.settle(store.close())
    expect((await openStore(runtime)).maxOffset('TopicTest', 0)).toBe(1)
  })
})

describe('close', () => {
  it('writes what was appended, refuses what comes, and tells those who wait', async () => {
    const runtime = simulatedRuntime({ seed: 27 })
    const store = await openStore(runtime, SYNC)
    const waiting = put(store, message({ body: Buffer.from('last') }))
    const closing = store.close()
    expect(store.append(message()).status).toBe('SERVICE_NOT_AVAILABLE')
    expect(await runtime.settle(waiting)).toBe('PUT_OK')
    await runtime.settle(closing)
    await runtime.settle(store.close())
    const again = await openStore(runtime)
    expect((await readQueue(runtime, again, 'TopicTest', 0)).map((m) => text(m.body))).toEqual([
      'last',
    ])
  })
})
