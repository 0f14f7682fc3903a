// SPDX-License-Identifier: Apache-2.0
// When the log is flushed, on which thread, and what acknowledging from memory promises.
import { type SimulatedRuntime, simulatedRuntime } from '@rocketmq-ts/runtime/simulated'
import { describe, expect, it } from 'vitest'
import { message, openStore, put, readQueue } from '../test/support/store.ts'
import type { MessageStore, SafetyStatus, StoreConfig } from './index.ts'

/** Only the log's own policy flushes. */
const ALONE = {
  consumeQueueFlushIntervalMs: 3_600_000,
  commitLogSegmentBytes: 1024 * 1024,
  tailBytes: 256 * 1024,
  tailChunkBytes: 16 * 1024,
}
const PAGE = 4096

async function opened(
  overrides: Partial<StoreConfig>,
): Promise<{ runtime: SimulatedRuntime; store: MessageStore; behind: () => number }> {
  const runtime = simulatedRuntime({ seed: 1 })
  const store = await openStore(runtime, { ...ALONE, ...overrides })
  return { runtime, store, behind: () => store.status().flushBehindBytes }
}

async function write(runtime: SimulatedRuntime, store: MessageStore, bytes: number): Promise<void> {
  const until = store.status().writtenOffset + bytes
  while (store.status().writtenOffset < until) {
    store.append(message({ body: Buffer.alloc(1000) }))
    await runtime.advance(1)
  }
}

describe('ASYNC_FLUSH', () => {
  it('waits for the interval, and for pages unless it is time to be thorough', async () => {
    const { runtime, store, behind } = await opened({
      flushIntervalMs: 500,
      flushLeastPages: 4,
      flushThoroughIntervalMs: 10_000,
    })
    await write(runtime, store, 2 * PAGE)
    await runtime.advance(600)
    expect(behind()).toBeGreaterThan(2 * PAGE)
    await write(runtime, store, 2 * PAGE)
    expect(behind()).toBeGreaterThan(4 * PAGE)
    await runtime.advance(600)
    expect(behind()).toBe(0)
    await write(runtime, store, 1)
    await runtime.advance(8000)
    expect(behind()).toBeGreaterThan(0)
    await runtime.advance(2500)
    expect(behind()).toBe(0)
  })

  it('does not wait for the interval when told so', async () => {
    const { runtime, store, behind } = await opened({
      flushIntervalMs: 60_000,
      flushLeastPages: 2,
      flushOnWrite: true,
    })
    await write(runtime, store, PAGE)
    await runtime.advance(5)
    expect(behind()).toBeGreaterThan(0)
    await write(runtime, store, 2 * PAGE)
    await runtime.advance(5)
    expect(behind()).toBeLessThan(2 * PAGE)
  })

  it('never lets more wait than half of what is in memory, so that nothing depends on the file', async () => {
    const { runtime, store, behind } = await opened({ flushIntervalMs: 3_600_000 })
    let most = 0
    for (let i = 0; i < 300; i++) {
      store.append(message({ body: Buffer.alloc(2500) }))
      await runtime.advance(1)
      most = Math.max(most, behind())
    }
    expect(most).toBeGreaterThan(120 * 1024)
    expect(most).toBeLessThan(140 * 1024)
  })
})

describe('SYNC_FLUSH', () => {
  /**
   * Virtual time from each append to its acknowledgement, for messages that come alone, in whole microseconds: the simulation's
   * clock has drawn fractions in it, so half a millisecond on it may be a rounding error less.
   */
  async function waits(
    loopFlushMaxMs: number,
    slowFrom: number,
    writesAtOnce: boolean = true,
  ): Promise<number[]> {
    const runtime = simulatedRuntime({ seed: 2 })
    const store = await openStore(runtime, { flushDiskType: 'SYNC_FLUSH', loopFlushMaxMs })
    runtime.disk.writesAtOnce = writesAtOnce
    let flushes = 0
    runtime.disk.latencyMs = [0.5, 0.5]
    runtime.disk.fault = ({ kind, path }) => {
      if (kind !== 'flush' || !path.includes('/commitlog/')) return undefined
      return flushes++ >= slowFrom ? { delayMs: 5 } : undefined
    }
    const took: number[] = []
    for (let i = 0; i < 20; i++) {
      const before = runtime.clock.monotonicMs()
      expect(await runtime.settle(put(store, message()))).toBe('PUT_OK')
      took.push(Math.round((runtime.clock.monotonicMs() - before) * 1000) / 1000)
    }
    return took
  }

  it('flushes for a lone waiter on the loop, once eight flushes in a row were quick', async () => {
    const took = await waits(1, Number.POSITIVE_INFINITY)
    // In the simulation a flush takes time only when it does not hold the loop.
    expect(took.slice(0, 8).every((ms) => ms >= 0.5)).toBe(true)
    expect(took.slice(8).every((ms) => ms === 0)).toBe(true)
  })

  it('never does so when told not to, when flushes are slow, or when writes do not either', async () => {
    expect((await waits(1, Number.POSITIVE_INFINITY, false)).every((ms) => ms >= 0.5)).toBe(true)
    expect((await waits(0, Number.POSITIVE_INFINITY)).every((ms) => ms >= 0.5)).toBe(true)
    expect((await waits(1, 5)).slice(5).every((ms) => ms >= 5)).toBe(true)
  })

  it('shares one flush among many, in the pool', async () => {
    const runtime = simulatedRuntime({ seed: 3 })
    const store = await openStore(runtime, { ...ALONE, flushDiskType: 'SYNC_FLUSH' })
    for (let i = 0; i < 10; i++) await runtime.settle(put(store, message()))
    let flushes = 0
    runtime.disk.fault = ({ kind, path }) => {
      if (kind === 'flush' && path.includes('/commitlog/')) flushes++
      return undefined
    }
    const all = Array.from({ length: 128 }, () => put(store, message()))
    expect(new Set(await runtime.settle(Promise.all(all)))).toEqual(new Set(['PUT_OK']))
    expect(flushes).toBe(1)
  })
})

describe('acknowledging from memory', () => {
  const MEMORY = { acknowledgeFromMemory: true, commitIntervalMs: 200, commitLeastPages: 4 }

  it('does not wait for the kernel; readers do; little waits longer than much', async () => {
    const { runtime, store } = await opened(MEMORY)
    let told: SafetyStatus | undefined
    const { offset, recordBytes } = store.append(message())
    const waiter = { acknowledged: (status: SafetyStatus) => void (told = status) }
    store.whenSafe(offset + recordBytes, waiter, true)
    expect(told).toBe('PUT_OK')
    await runtime.advance(150)
    expect(store.status().writtenOffset).toBe(0)
    expect(store.maxOffset('TopicTest', 0)).toBe(0)
    await runtime.advance(60)
    expect(store.maxOffset('TopicTest', 0)).toBe(1)
    for (let i = 0; i < 8; i++) store.append(message({ body: Buffer.alloc(2500) }))
    await runtime.advance(5)
    expect(store.maxOffset('TopicTest', 0)).toBe(9)
  })

  it('loses to the death of the process what it would not lose otherwise', async () => {
    for (const [overrides, kept] of [
      [MEMORY, 1],
      [{}, 2],
      [{ ...MEMORY, flushDiskType: 'SYNC_FLUSH' }, 2],
    ] as const) {
      const { runtime, store } = await opened(overrides)
      store.append(message())
      await runtime.advance(1000)
      expect(await runtime.settle(put(store, message()))).toBe('PUT_OK')
      const next = runtime.crash('process')
      const again = await openStore(next, { ...ALONE, ...overrides })
      expect((await readQueue(next, again, 'TopicTest', 0)).length).toBe(kept)
    }
  })

  it('loses nothing to an orderly stop', async () => {
    const { runtime, store } = await opened(MEMORY)
    store.append(message())
    await runtime.settle(store.close())
    const again = await openStore(runtime, { ...ALONE, ...MEMORY })
    expect(again.maxOffset('TopicTest', 0)).toBe(1)
  })
})

describe('the names of files', () => {
  it('are on disk before anything in the files counts, also when that needs several tries', async () => {
    const runtime = simulatedRuntime({ seed: 4 })
    const store = await openStore(runtime, { flushDiskType: 'SYNC_FLUSH' })
    runtime.disk.fault = ({ kind, path }) =>
      kind === 'flush-directory' && path.endsWith('/commitlog') ? { error: 'EIO' } : undefined
    expect(await runtime.settle(put(store, message()))).toBe('SERVICE_NOT_AVAILABLE')
    await runtime.advance(3000)
    expect(store.status()).toMatchObject({ writable: false, flushedOffset: 0 })
    runtime.disk.fault = undefined
    await runtime.advance(2500)
    expect(await runtime.settle(put(store, message()))).toBe('PUT_OK')
    const next = runtime.crash('power')
    const again = await openStore(next)
    expect((await readQueue(next, again, 'TopicTest', 0)).length).toBe(2)
  })
})
