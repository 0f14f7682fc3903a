// SPDX-License-Identifier: Apache-2.0
// Flushes that fail: nothing counts as flushed until it has been written again, and then the store goes on by itself.
import { type SimulatedRuntime, simulatedRuntime } from '@rocketmq-ts/runtime/simulated'
import { describe, expect, it } from 'vitest'
import { message, openStore, put, readQueue, ROOT } from '../test/support/store.ts'
import type { MessageStore, SafetyStatus } from './index.ts'

const SYNC = { flushDiskType: 'SYNC_FLUSH' } as const
/** Nothing is flushed before the test says so. */
const LATE = {
  flushIntervalMs: 3_600_000,
  consumeQueueFlushIntervalMs: 3_600_000,
  flushThoroughIntervalMs: 3_600_000,
}
const SEEDS = Array.from({ length: 20 }, (_, index) => 100 + index)
const bodyOf = (text: string): { body: Buffer } => ({ body: Buffer.from(text) })

function failFlushes(runtime: SimulatedRuntime): { count: number } {
  const failed = { count: 0 }
  runtime.disk.fault = ({ kind, path }) => {
    if (kind !== 'flush' || !path.includes('/commitlog/')) return undefined
    failed.count++
    return { error: 'EIO' }
  }
  return failed
}

function putText(
  runtime: SimulatedRuntime,
  store: MessageStore,
  text: string,
): Promise<SafetyStatus> {
  return runtime.settle(put(store, message(bodyOf(text))))
}

async function texts(runtime: SimulatedRuntime, store: MessageStore): Promise<string[]> {
  const messages = await readQueue(runtime, store, 'TopicTest', 0)
  return messages.map(({ body }) => Buffer.from(body).toString())
}

describe('a flush that fails', () => {
  it.each(SEEDS)(
    'is never taken for one: what it lost is written again before anything counts (seed %i)',
    async (seed) => {
      const runtime = simulatedRuntime({ seed })
      runtime.disk.evictsAfterFailedFlush = seed % 2 === 0
      const store = await openStore(runtime, SYNC)
      expect(await putText(runtime, store, 'before')).toBe('PUT_OK')
      failFlushes(runtime)
      expect(await putText(runtime, store, 'during')).toBe('SERVICE_NOT_AVAILABLE')
      expect(store.append(message()).status).toBe('SERVICE_NOT_AVAILABLE')
      expect(store.status().writable).toBe(false)
      runtime.disk.fault = undefined
      await runtime.advance(2500)
      expect(store.status().writable).toBe(true)
      expect(store.status().flushedOffset).toBe(store.status().commitLogMaxOffset)
      expect(await putText(runtime, store, 'after')).toBe('PUT_OK')
      // Only what was really written again is still there when power fails.
      const next = runtime.crash('power')
      const again = await openStore(next, SYNC)
      expect(await texts(next, again)).toEqual(['before', 'during', 'after'])
    },
  )

  it('again and again: nothing is accepted, nothing counts, reads go on', async () => {
    const runtime = simulatedRuntime({ seed: 1 })
    const store = await openStore(runtime, SYNC)
    expect(await putText(runtime, store, 'before')).toBe('PUT_OK')
    const { flushedOffset } = store.status()
    const failed = failFlushes(runtime)
    expect(await putText(runtime, store, 'during')).toBe('SERVICE_NOT_AVAILABLE')
    await runtime.advance(10_000)
    expect(failed.count).toBeGreaterThan(5)
    expect(store.append(message()).status).toBe('SERVICE_NOT_AVAILABLE')
    expect(store.status().flushedOffset).toBe(flushedOffset)
    expect(await texts(runtime, store)).toEqual(['before', 'during'])
    await runtime.settle(store.close())
    expect(runtime.files.stat(`${ROOT}/abort`)).toBeDefined()
    const next = runtime.crash('power')
    next.disk.fault = undefined
    const again = await openStore(next)
    expect((await texts(next, again))[0]).toBe('before')
  })

  it('tells everyone who waits, and those who come meanwhile, and nobody twice', async () => {
    const runtime = simulatedRuntime({ seed: 2 })
    const store = await openStore(runtime, SYNC)
    failFlushes(runtime)
    const told: SafetyStatus[] = []
    for (let i = 0; i < 5; i++) {
      const { offset, recordBytes } = store.append(message())
      const waiter = { acknowledged: (status: SafetyStatus) => void told.push(status) }
      store.whenSafe(offset + recordBytes, waiter, true)
    }
    await runtime.advance(100)
    expect(told).toEqual(Array(5).fill('SERVICE_NOT_AVAILABLE'))
    runtime.disk.fault = undefined
    await runtime.advance(5000)
    expect(told.length).toBe(5)
  })

  it.each(SEEDS)(
    'after its bytes have left memory they come from the file, record by record (seed %i)',
    async (seed) => {
      const runtime = simulatedRuntime({ seed })
      const store = await openStore(runtime, { ...LATE, tailBytes: 64 * 1024 })
      const texts1 = await fillWhileFlushHangs(runtime, store)
      runtime.disk.fault = undefined
      await runtime.advance(5000)
      expect(store.status().writable).toBe(true)
      const { flushedOffset } = store.status()
      const next = runtime.crash('power')
      const again = await openStore(next)
      expect(again.status().commitLogMaxOffset).toBeGreaterThanOrEqual(flushedOffset)
      expect(await texts(next, again)).toEqual(texts1.slice(0, again.maxOffset('TopicTest', 0)))
    },
  )

  it('what is whole neither in memory nor in the file never counts', async () => {
    const runtime = simulatedRuntime({ seed: 3 })
    const store = await openStore(runtime, { ...LATE, tailBytes: 64 * 1024 })
    await fillWhileFlushHangs(runtime, store)
    runtime.flipBit(`${ROOT}/commitlog/${'0'.repeat(20)}`, 8 * 400)
    runtime.disk.fault = undefined
    await runtime.advance(20_000)
    expect(store.status().writable).toBe(false)
    expect(store.status().flushedOffset).toBe(0)
  })

  it('on the event loop, where a lone waiter’s flush runs once flushes are quick', async () => {
    const runtime = simulatedRuntime({ seed: 4 })
    runtime.disk.writesAtOnce = true
    const store = await openStore(runtime, SYNC)
    for (let i = 0; i < 20; i++) expect(await putText(runtime, store, `${i}`)).toBe('PUT_OK')
    failFlushes(runtime)
    let told: SafetyStatus | undefined
    const { offset, recordBytes } = store.append(message())
    const waiter = { acknowledged: (status: SafetyStatus) => void (told = status) }
    store.whenSafe(offset + recordBytes, waiter, true)
    // No time passes between the write and the failure: there was no thread in between.
    await runtime.advance(0)
    expect(told).toBe('SERVICE_NOT_AVAILABLE')
    runtime.disk.fault = undefined
    await runtime.advance(2500)
    expect(await putText(runtime, store, 'after')).toBe('PUT_OK')
    expect((await texts(runtime, store)).length).toBe(22)
  })
})

/** Appends more than the tail holds while the first flush is under way; then that flush fails. */
async function fillWhileFlushHangs(
  runtime: SimulatedRuntime,
  store: MessageStore,
): Promise<string[]> {
  runtime.disk.fault = ({ kind, path }) =>
    kind === 'flush' && path.includes('/commitlog/') ? { error: 'EIO', delayMs: 2000 } : undefined
  const sent: string[] = []
  for (let i = 0; i < 60; i++) {
    const text = `${i}`.padEnd(2000, 'x')
    expect(await putText(runtime, store, text)).toBe('PUT_OK')
    sent.push(text)
  }
  expect(store.status().flushedOffset).toBe(0)
  await runtime.advance(2000)
  expect(store.status().writable).toBe(false)
  return sent
}

describe('closing right after a failed flush', () => {
  it.each([true, false])(
    'tries once more before it gives up (the disk is back: %s)',
    async (isBack) => {
      for (const seed of SEEDS) {
        const runtime = simulatedRuntime({ seed })
        runtime.disk.evictsAfterFailedFlush = true
        const store = await openStore(runtime, SYNC)
        expect(await putText(runtime, store, 'before')).toBe('PUT_OK')
        failFlushes(runtime)
        expect(await putText(runtime, store, 'during')).toBe('SERVICE_NOT_AVAILABLE')
        if (isBack) runtime.disk.fault = undefined
        await runtime.settle(store.close())
        expect(runtime.files.stat(`${ROOT}/abort`) === undefined).toBe(isBack)
        runtime.disk.fault = undefined
        const next = runtime.crash('power')
        const again = await openStore(next, SYNC)
        expect((await texts(next, again)).slice(0, isBack ? 2 : 1)).toEqual(
          isBack ? ['before', 'during'] : ['before'],
        )
        await next.settle(again.close())
      }
    },
  )
})
