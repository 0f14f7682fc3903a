// SPDX-License-Identifier: Apache-2.0
// A log that is taken over from another store, cut, and held back from readers, as replication does.
import { encodeBatch } from '@rocketmq-ts/remoting/message'
import { type SimulatedRuntime, simulatedRuntime } from '@rocketmq-ts/runtime/simulated'
import { describe, expect, it } from 'vitest'
import {
  get,
  message,
  openStore,
  put,
  readQueue,
  readRecords,
  ROOT,
} from '../test/support/store.ts'
import type { MessageStore, SafetyStatus } from './index.ts'

const SEEDS = [1, 2, 3, 4, 5, 6, 7, 8]
const QUEUES = 3

/** Fills a store with records of all kinds over several segments. */
async function fill(runtime: SimulatedRuntime, store: MessageStore, count: number): Promise<void> {
  for (let i = 0; i < count; i++) {
    const queueId = i % QUEUES
    const body = Buffer.alloc(40 + runtime.random.below(600), `${i} `)
    const sysFlag = i % 11 === 7 ? 0x4 : 0
    if (i % 13 === 5) {
      const item = { flag: 0, body, properties: { TAGS: 'B' } }
      store.appendBatch(message({ queueId, body: encodeBatch([item, item]) }))
    } else {
      store.append(
        message({ queueId, body, sysFlag, properties: Buffer.from('TAGS\u0001A\u0002') }),
      )
    }
    if (i % 5 === 4) await runtime.advance(20)
  }
  await runtime.advance(3000)
}

/** The log as it lies in the files. */
function logOf(runtime: SimulatedRuntime, store: MessageStore): Buffer {
  const names = runtime.files.list(`${ROOT}/commitlog`)
  const files = names.map((name) => runtime.files.readFile(`${ROOT}/commitlog/${name}`) ?? '')
  return Buffer.concat(files.map((file) => Buffer.from(file))).subarray(
    0,
    store.status().commitLogMaxOffset,
  )
}

async function queuesOf(runtime: SimulatedRuntime, store: MessageStore): Promise<string[]> {
  const all: string[] = []
  for (const { topic, queueId, minOffset, maxOffset } of store.queues()) {
    const records = await readRecords(runtime, store, topic, queueId)
    const bytes = Buffer.concat(records).toString('base64')
    all.push(`${topic}/${queueId} ${minOffset}-${maxOffset} ${bytes}`)
  }
  return all.sort()
}

async function filled(
  seed: number,
  count: number = 60,
): Promise<{ runtime: SimulatedRuntime; store: MessageStore }> {
  const runtime = simulatedRuntime({ seed })
  const store = await openStore(runtime)
  await fill(runtime, store, count)
  return { runtime, store }
}

describe('appendRaw', () => {
  it.each(SEEDS)(
    'makes the same log and the same queues, however it is cut (seed %i)',
    async (seed) => {
      const master = await filled(seed)
      const log = logOf(master.runtime, master.store)
      const runtime = simulatedRuntime({ seed: seed + 100 })
      const replica = await openStore(runtime, { tailBytes: 1024 * 1024 })
      let at = 0
      while (at < log.length) {
        const most = 1 + runtime.random.below(2000)
        const { status, takenBytes } = replica.appendRaw(at, log.subarray(at, at + most))
        expect(['PUT_OK', 'OS_PAGE_CACHE_BUSY']).toContain(status)
        at += takenBytes
        // What was not taken comes again with more behind it.
        if (takenBytes === 0) {
          const next = replica.appendRaw(at, log.subarray(at, at + 8192))
          at += next.takenBytes
        }
        await runtime.advance(runtime.random.below(20))
      }
      await runtime.advance(3000)
      expect(replica.status().commitLogMaxOffset).toBe(log.length)
      // What follows a blank's header is not defined.
      expect(withoutFiller(logOf(runtime, replica)).equals(withoutFiller(log))).toBe(true)
      const queues = await queuesOf(master.runtime, master.store)
      expect(queues.length).toBe(QUEUES)
      expect(await queuesOf(runtime, replica)).toEqual(queues)
      const next = runtime.crash('process')
      expect(await queuesOf(next, await openStore(next))).toEqual(queues)
    },
  )

  it('takes nothing that is altered, incomplete or not the next', async () => {
    const { runtime: from, store } = await filled(20, 6)
    const log = logOf(from, store)
    const replica = await openStore(simulatedRuntime({ seed: 21 }))
    const first = log.readInt32BE(0)
    expect(replica.appendRaw(0, log.subarray(0, first - 1))).toEqual({
      status: 'PUT_OK',
      takenBytes: 0,
    })
    const damaged = Buffer.from(log)
    damaged[first + 90] = (damaged[first + 90] ?? 0) ^ 1
    expect(replica.appendRaw(0, damaged)).toEqual({ status: 'MESSAGE_ILLEGAL', takenBytes: first })
    expect(replica.appendRaw(0, log)).toEqual({ status: 'MESSAGE_ILLEGAL', takenBytes: 0 })
    expect(replica.appendRaw(first + 1, log.subarray(first + 1)).takenBytes).toBe(0)
    expect(replica.appendRaw(first, log.subarray(first))).toEqual({
      status: 'PUT_OK',
      takenBytes: log.length - first,
    })
  })

  it('fills a hole in a queue with entries that point nowhere', async () => {
    const { runtime: from, store } = await filled(22, 30)
    const log = logOf(from, store)
    const runtime = simulatedRuntime({ seed: 23 })
    const replica = await openStore(runtime, { tailBytes: 1024 * 1024 })
    expect(replica.appendRaw(0, log).status).toBe('PUT_OK')
    await runtime.advance(3000)
    // The next record of queue 0 says it is four further on than it should be.
    const { end, record } = recordAfterHole(log, store.maxOffset('TopicTest', 0) + 4)
    expect(replica.appendRaw(end, record)).toEqual({ status: 'PUT_OK', takenBytes: record.length })
    await runtime.advance(3000)
    const last = store.maxOffset('TopicTest', 0) + 4
    expect(replica.maxOffset('TopicTest', 0)).toBe(last + 1)
    const result = await get(runtime, replica, { queueOffset: last })
    expect(result.status).toBe('FOUND')
    result.release()
  })
})

/** A record like the log's first, at the log's end, with another queue offset. */
function recordAfterHole(log: Buffer, queueOffset: number): { end: number; record: Buffer } {
  const record = Buffer.from(log.subarray(0, log.readInt32BE(0)))
  record.writeBigInt64BE(BigInt(queueOffset), 20)
  record.writeBigInt64BE(BigInt(log.length), 28)
  return { end: log.length, record }
}

/** The log without what follows the header of a blank. */
function withoutFiller(log: Buffer): Buffer {
  const kept: Buffer[] = []
  for (let at = 0; at < log.length;) {
    const size = log.readInt32BE(at)
    const isBlank = log.readUInt32BE(at + 4) === 0xcbd43194
    kept.push(log.subarray(at, at + (isBlank ? 8 : size)))
    at += size
  }
  return Buffer.concat(kept)
}

describe('truncateTo', () => {
  it.each(SEEDS)('leaves what a store has that never went further (seed %i)', async (seed) => {
    const { runtime, store } = await filled(seed)
    const log = logOf(runtime, store)
    const starts = recordStarts(log)
    const at = starts[5 + runtime.random.below(starts.length - 5)] ?? 0
    await runtime.settle(store.truncateTo(at))
    expect(store.status()).toMatchObject({
      commitLogMaxOffset: at,
      writtenOffset: at,
      confirmedOffset: at,
      writable: true,
    })
    const replica = await expected(log.subarray(0, at))
    expect(await queuesOf(runtime, store)).toEqual(replica)
    // It goes on from there, and what was cut never comes back.
    for (const kind of ['process', 'power'] as const) {
      const { runtime: again, store: second } = await filled(seed)
      await again.settle(second.truncateTo(at))
      await again.settle(put(second, message({ body: Buffer.from('more') })))
      if (kind === 'power') await again.advance(3000)
      const all = await queuesOf(again, second)
      expect(all.filter((queue) => replica.includes(queue)).length).toBe(QUEUES - 1)
      const next = again.crash(kind)
      expect(await queuesOf(next, await openStore(next))).toEqual(all)
    }
  })

  it('refuses what is no record’s start, and goes on', async () => {
    const { runtime, store } = await filled(30, 10)
    for (const offset of [1, -4096, store.status().commitLogMaxOffset + 1]) {
      await expect(runtime.settle(store.truncateTo(offset))).rejects.toMatchObject({
        code: 'RMQ_STORE_LAYOUT',
      })
    }
    expect(await runtime.settle(put(store, message()))).toBe('PUT_OK')
  })

  it('takes keys out of the index', async () => {
    const runtime = simulatedRuntime({ seed: 31 })
    const store = await openStore(runtime, { indexSlots: 10, indexEntries: 100 })
    const keyed = (key: string): Parameters<typeof message>[0] => ({
      properties: Buffer.from(`KEYS\u0001${key}\u0002`),
    })
    await runtime.settle(put(store, message(keyed('kept'))))
    const at = store.status().commitLogMaxOffset
    await runtime.settle(put(store, message(keyed('cut'))))
    await runtime.advance(1000)
    await runtime.settle(store.truncateTo(at))
    await runtime.settle(put(store, message(keyed('after'))))
    await runtime.advance(1000)
    const found = async (key: string): Promise<number> => {
      const query = { topic: 'TopicTest', key, maxCount: 10, beginMs: 0, endMs: 9e15 }
      return (await runtime.settle(store.queryByKey(query))).records.length
    }
    expect([await found('kept'), await found('cut'), await found('after')]).toEqual([1, 0, 1])
  })
})

function recordStarts(log: Buffer): number[] {
  const starts: number[] = []
  for (let at = 0; at < log.length; at += log.readInt32BE(at)) {
    if (log.readUInt32BE(at + 4) !== 0xcbd43194) starts.push(at)
  }
  return starts
}

/** The queues of a store that was given these bytes only. */
async function expected(log: Buffer): Promise<string[]> {
  const runtime = simulatedRuntime({ seed: 99 })
  const store = await openStore(runtime, { tailBytes: 1024 * 1024 })
  expect(store.appendRaw(0, log).takenBytes).toBe(log.length)
  await runtime.advance(3000)
  return queuesOf(runtime, store)
}

describe('watermarks', () => {
  it('readers go no further than what is confirmed', async () => {
    const runtime = simulatedRuntime({ seed: 40 })
    const store = await openStore(runtime)
    await runtime.settle(put(store, message()))
    const first = store.status().commitLogMaxOffset
    store.confirmTo(first)
    // The kernel has it, so it is as safe as ASYNC_FLUSH asks; but nobody may see it.
    expect(await runtime.settle(put(store, message({ body: Buffer.from('unseen') })))).toBe(
      'PUT_OK',
    )
    expect(store.maxOffset('TopicTest', 0)).toBe(1)
    expect((await readQueue(runtime, store, 'TopicTest', 0)).length).toBe(1)
    let record: Uint8Array | undefined = new Uint8Array(0)
    store.readAt(first, (found) => (record = found))
    await runtime.advance(10)
    expect(record).toBeUndefined()
    const { confirmedOffset, writtenOffset, commitLogMaxOffset } = store.status()
    expect([confirmedOffset, writtenOffset]).toEqual([first, commitLogMaxOffset])
    store.confirmTo(commitLogMaxOffset)
    expect((await readQueue(runtime, store, 'TopicTest', 0)).length).toBe(2)
    store.confirmTo(undefined)
    await runtime.settle(put(store, message()))
    expect(store.maxOffset('TopicTest', 0)).toBe(3)
  })

  it('those who wait for replicas are told in order, and when the disk refuses', async () => {
    const runtime = simulatedRuntime({ seed: 41 })
    const store = await openStore(runtime)
    const told: string[] = []
    const wait = (name: string): void => {
      const { offset, recordBytes } = store.append(message())
      const acknowledged = (status: SafetyStatus): void => void told.push(`${name} ${status}`)
      store.whenReplicated(offset + recordBytes, { acknowledged })
    }
    wait('a')
    const first = store.status().commitLogMaxOffset
    wait('b')
    store.replicatedTo(first)
    // Replicas cannot have what is not even written here.
    expect([store.status().replicatedOffset, told]).toEqual([0, []])
    await runtime.advance(10)
    store.replicatedTo(first)
    expect(told).toEqual(['a PUT_OK'])
    runtime.disk.fault = ({ kind }) => (kind === 'write' ? { error: 'EIO' } : undefined)
    wait('c')
    await runtime.advance(10)
    expect(told).toEqual(['a PUT_OK', 'b SERVICE_NOT_AVAILABLE', 'c SERVICE_NOT_AVAILABLE'])
  })
})
