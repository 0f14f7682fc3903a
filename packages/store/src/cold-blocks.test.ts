// SPDX-License-Identifier: Apache-2.0
// How much is read from the log's files for messages that lie scattered, and for those that lie close together.
import { type SimulatedRuntime, simulatedRuntime } from '@rocketmq-ts/runtime/simulated'
import { describe, expect, it } from 'vitest'
import { get, message, openStore, recordsOf } from '../test/support/store.ts'
import type { MessageStore, MessageToStore, StoreConfig } from './index.ts'

const KIB = 1024
const QUEUES = 60
const PER_QUEUE = 60
const CONFIG: Partial<StoreConfig> = {
  commitLogSegmentBytes: 1024 * KIB,
  tailBytes: 512 * KIB,
  tailChunkBytes: 32 * KIB,
  coldReadBlockBytes: 256 * KIB,
  coldReadBytes: 1024 * KIB,
  consumeQueueCacheBytes: 0,
  maxMessageBytes: 512 * KIB,
}

interface Cold {
  readonly runtime: SimulatedRuntime
  readonly store: MessageStore
  /** Bytes and calls of reads of the log since the store was opened. */
  readonly read: { bytes: number; calls: number }
}

/** A store opened anew, with some 4 MiB of messages that `fill` has appended. */
async function reopened(fill: (store: MessageStore) => AsyncIterable<void>): Promise<Cold> {
  const runtime = simulatedRuntime({ seed: 5 })
  const filled = await openStore(runtime, CONFIG)
  for await (const _ of fill(filled)) await runtime.advance(10)
  await runtime.settle(filled.close())
  const store = await openStore(runtime, CONFIG)
  const read = { bytes: 0, calls: 0 }
  runtime.disk.fault = ({ kind, path, byteLength }) => {
    if (kind === 'read' && path.includes('/commitlog/')) {
      read.bytes += byteLength
      read.calls++
    }
    return undefined
  }
  return { runtime, store, read }
}

function put(store: MessageStore, toStore: MessageToStore): void {
  expect(store.append(toStore).status).toBe('PUT_OK')
}

function bodyOf(queueId: number, index: number): Buffer {
  return Buffer.alloc(1000 + ((queueId * 37 + index * 61) % 200), `${queueId}/${index} `)
}

async function* interleaved(store: MessageStore): AsyncIterable<void> {
  for (let index = 0; index < PER_QUEUE; index++) {
    for (let queueId = 0; queueId < QUEUES; queueId++) {
      put(store, message({ queueId, body: bodyOf(queueId, index) }))
      if (queueId % 20 === 0) yield
    }
  }
}

async function* oneQueue(store: MessageStore): AsyncIterable<void> {
  for (let index = 0; index < QUEUES * PER_QUEUE; index++) {
    put(store, message({ body: bodyOf(0, index) }))
    if (index % 20 === 0) yield
  }
}

/** Reads a queue to its end and compares every body; returns the number of messages. */
async function readAll({ runtime, store }: Cold, queueId: number): Promise<number> {
  let queueOffset = 0
  while (queueOffset < store.maxOffset('TopicTest', queueId)) {
    const result = await get(runtime, store, { queueId, queueOffset })
    expect(result.status).toBe('FOUND')
    for (const record of recordsOf(result)) {
      expect(record.includes(bodyOf(queueId, queueOffset++))).toBe(true)
    }
    result.release()
  }
  return queueOffset
}

describe('reads of the log’s files', () => {
  it('are small for one queue among many', async () => {
    const cold = await reopened(interleaved)
    expect(await readAll(cold, 7)).toBe(PER_QUEUE)
    expect(cold.read.bytes).toBeLessThan(PER_QUEUE * 2 * 16 * KIB)
    // The most scattered reader takes no block of 256 KiB, and no message is read twice.
    expect(cold.read.calls).toBeLessThan(PER_QUEUE * 1.3)
  })

  it('happen at the same time for the messages of one answer', async () => {
    const cold = await reopened(interleaved)
    cold.runtime.disk.latencyMs = [10, 10]
    const before = cold.runtime.clock.monotonicMs()
    const result = await get(cold.runtime, cold.store, { queueId: 7, maxCount: 16 })
    const tookMs = cold.runtime.clock.monotonicMs() - before
    expect(recordsOf(result).length).toBe(16)
    // The entries, the records, and their checksums.
    expect(tookMs).toBeLessThan(45)
    result.release()
  })

  it('are large, and ahead, for a queue that lies close together', async () => {
    const cold = await reopened(oneQueue)
    expect(await readAll(cold, 0)).toBe(QUEUES * PER_QUEUE)
    const logBytes = cold.store.status().commitLogMaxOffset
    expect(cold.read.calls).toBeLessThan(logBytes / (256 * KIB) + 12)
    expect(cold.read.bytes).toBeLessThan(logBytes * 1.3)
  })

  it('are large where many queues are read together', async () => {
    const cold = await reopened(interleaved)
    const all = Array.from({ length: QUEUES }, (_, queueId) => readAll(cold, queueId))
    expect(new Set(await Promise.all(all))).toEqual(new Set([PER_QUEUE]))
    expect(cold.read.bytes).toBeLessThan(cold.store.status().commitLogMaxOffset * 4)
  })

  it('find what reaches over the ends of blocks, large or small', async () => {
    const sizes = [10, 300 * KIB, 20, 40 * KIB, 17 * KIB, 100, 260 * KIB, 33 * KIB]
    const { runtime, store } = await reopened(async function* (filled) {
      for (let i = 0; i < 40; i++) {
        const body = Buffer.alloc(sizes[i % sizes.length] ?? 1, `${i} `)
        put(filled, message({ queueId: i % 3, body }))
        yield
      }
    })
    for (let i = 0; i < 40; i++) {
      const at = { queueId: i % 3, queueOffset: Math.floor(i / 3), maxCount: 1 }
      const result = await get(runtime, store, at)
      const body = Buffer.alloc(sizes[i % sizes.length] ?? 1, `${i} `)
      expect(recordsOf(result)[0]?.includes(body)).toBe(true)
      result.release()
    }
  })
})

it('withholds what touches 4 KiB that have changed at rest, whatever was read around them', async () => {
  for (const fill of [interleaved, oneQueue]) {
    const cold = await reopened(fill)
    const { runtime, store } = cold
    const damagedAt = 500 * KIB + 77
    runtime.flipBit('/store/commitlog/00000000000000000000', damagedAt * 8)
    const queues = fill === oneQueue ? [0] : [3, 4, 5, 6, 7, 8, 9]
    for (const queueId of queues) {
      const max = store.maxOffset('TopicTest', queueId)
      for (let queueOffset = 0; queueOffset < max;) {
        const result = await get(runtime, store, { queueId, queueOffset })
        for (const record of recordsOf(result)) {
          const from = Number(record.readBigInt64BE(28))
          const first = damagedAt - (damagedAt % 4096)
          expect(from >= first + 4096 || from + record.length <= first).toBe(true)
        }
        result.release()
        queueOffset = result.nextBeginOffset
      }
    }
  }
})
