// SPDX-License-Identifier: Apache-2.0
// Old files go when they may, nothing that is needed goes, and nothing points into nowhere.
import { encodeProperties } from '@rocketmq-ts/remoting/message'
import {
  type CrashKind,
  simulatedRuntime,
  type SimulatedRuntime,
} from '@rocketmq-ts/runtime/simulated'
import { silentLogger } from '@rocketmq-ts/runtime'
import { describe, expect, it, test } from 'vitest'
import {
  decoded,
  get,
  message,
  openStore,
  readQueue,
  ROOT,
  smallConfig,
} from '../../test/support/store.ts'
import type { StoreConfig } from '../config.ts'
import { MessageStore } from '../message-store.ts'
import type { GetResult } from '../messages.ts'
import { judgeDisks, usedPercent } from './disk-usage.ts'
import { isTimeToDelete } from './time-to-delete.ts'

const MINUTE_MS = 60_000
const HOUR_MS = 60 * MINUTE_MS
/** The simulated world begins at midnight UTC, which is also its local time unless told otherwise. */
const NEVER = { deleteWhen: '' }

/** Fills about `files` log files of 4 KiB in two queues; the body tells the number. */
async function fill(
  runtime: SimulatedRuntime,
  store: MessageStore,
  files: number,
  from: number = 0,
): Promise<number> {
  let i = from
  const end = store.status().commitLogMaxOffset + files * 4096
  for (; store.status().commitLogMaxOffset < end; i++) {
    const properties = Buffer.from(encodeProperties({ KEYS: `k${i}` }))
    const body = Buffer.alloc(300, `${i} `)
    const { status } = store.append(message({ queueId: i % 2, body, properties }))
    if (status !== 'PUT_OK') throw new Error(status)
    await runtime.advance(2)
  }
  await runtime.advance(3000)
  return i
}

function logFiles(runtime: SimulatedRuntime): number[] {
  return runtime.files.list(`${ROOT}/commitlog`).map(Number)
}

/** Reads both queues from their minimum: numbers of the messages. Fails when one is missing in between. */
async function numbers(runtime: SimulatedRuntime, store: MessageStore): Promise<number[]> {
  const found: number[] = []
  for (const queueId of [0, 1]) {
    const messages = await readQueue(runtime, store, 'TopicTest', queueId)
    const ofQueue = messages.map(({ body }) => Number(Buffer.from(body).toString().split(' ')[0]))
    ofQueue.forEach((number, at) => expect(number).toBe((ofQueue[0] ?? 0) + 2 * at))
    const { minOffset, maxOffset } = {
      minOffset: store.minOffset('TopicTest', queueId),
      maxOffset: store.maxOffset('TopicTest', queueId),
    }
    expect(messages).toHaveLength(maxOffset - minOffset)
    found.push(...ofQueue)
  }
  return found.sort((a, b) => a - b)
}

async function expectConsistent(
  runtime: SimulatedRuntime,
  store: MessageStore,
  count: number,
): Promise<void> {
  const found = await numbers(runtime, store)
  // Every message whose record is in the log, and no other.
  const start = store.status().commitLogMinOffset
  expect(found.at(-1)).toBe(count - 1)
  expect(found).toEqual(Array.from({ length: found.length }, (_, at) => count - found.length + at))
  const keys = { topic: 'TopicTest', maxCount: 64, beginMs: 0, endMs: 2 ** 52 }
  const first = await runtime.settle(store.queryByKey({ ...keys, key: `k${found[0]}` }))
  expect(first.records).toHaveLength(1)
  const gone = await runtime.settle(store.queryByKey({ ...keys, key: `k${found[0]! - 1}` }))
  expect(gone.records).toHaveLength(0)
  expect(start).toBe(logFiles(runtime)[0])
}

describe('by age', () => {
  it('files go at the hour chosen in local time, once they are old enough, but not the last', async () => {
    const runtime = simulatedRuntime({ seed: 1 })
    const host = { ...runtime.host, utcOffsetMinutes: () => 60 }
    const settings = { deleteWhen: '22;05', fileReservedMs: 3 * HOUR_MS }
    const store = await openStore({ ...runtime, host }, settings)
    const count = await fill(runtime, store, 5)
    const before = logFiles(runtime)
    await runtime.advance(3 * HOUR_MS + 50 * MINUTE_MS)
    expect(logFiles(runtime)).toEqual(before)
    // 04:01 in UTC is 05:01 here.
    await runtime.advance(11 * MINUTE_MS)
    const { commitLogMaxOffset } = store.status()
    expect(logFiles(runtime)[0]).toBe(commitLogMaxOffset - (commitLogMaxOffset % 4096))
    await expectConsistent(runtime, store, count)
    await fill(runtime, store, 2, count)
    await runtime.settle(store.close())
  })

  it('younger files stay, and those behind them', async () => {
    const runtime = simulatedRuntime({ seed: 2 })
    const store = await openStore(runtime, { deleteWhen: '4', fileReservedMs: 3 * HOUR_MS })
    let count = await fill(runtime, store, 3)
    await runtime.advance(2 * HOUR_MS)
    const middle = store.status().commitLogMaxOffset
    count = await fill(runtime, store, 3, count)
    await runtime.advance(2 * HOUR_MS + 5 * MINUTE_MS)
    expect(logFiles(runtime)[0]).toBe(middle - (middle % 4096))
    await expectConsistent(runtime, store, count)
    await runtime.settle(store.close())
  })

  it('on demand they go at any hour, so many in a round, with pauses in between', async () => {
    const runtime = simulatedRuntime({ seed: 3 })
    const settings = {
      ...NEVER,
      fileReservedMs: 0,
      deleteFileBatchMax: 2,
      deleteLogFileIntervalMs: 1000,
    }
    const store = await openStore(runtime, settings)
    const count = await fill(runtime, store, 7)
    await runtime.advance(MINUTE_MS)
    expect(logFiles(runtime)[0]).toBe(0)
    store.deleteExpiredFiles()
    // Rounds are ten seconds apart: the next begins in at most ten seconds.
    let rounds = 0
    while (logFiles(runtime)[0] === 0) await runtime.advance(100)
    expect(logFiles(runtime)[0]).toBe(4096)
    await runtime.advance(1100)
    expect(logFiles(runtime)[0]).toBe(8192)
    while (logFiles(runtime)[0] === 8192 && rounds++ < 200) await runtime.advance(100)
    expect(rounds).toBeGreaterThan(50)
    await runtime.advance(MINUTE_MS)
    await expectConsistent(runtime, store, count)
    await runtime.settle(store.close())
  })
})

describe('by space', () => {
  async function tight(
    percent: number,
    config: Partial<StoreConfig> = {},
  ): Promise<{
    runtime: SimulatedRuntime
    store: MessageStore
    count: number
    setUsed: (percent: number) => void
  }> {
    const runtime = simulatedRuntime({ seed: 4 })
    let used = percent
    const space = (): { totalBytes: number; freeBytes: number } => ({
      totalBytes: 1000,
      freeBytes: 1000 - used * 10,
    })
    const files = new Proxy(runtime.files, {
      get: (target, name) => {
        if (name === 'space') return space
        const value: unknown = Reflect.get(target, name, target)
        return typeof value === 'function' ? value.bind(target) : value
      },
    })
    const store = await openStore({ ...runtime, files }, { ...NEVER, ...config })
    const count = await fill(runtime, store, 5)
    const setUsed = (next: number): void => {
      used = next
    }
    return { runtime, store, count, setUsed }
  }

  it.each([
    [75, HOUR_MS, false],
    [76, HOUR_MS, false],
    [76, 0, true],
    [85, HOUR_MS, false],
    [86, HOUR_MS, true],
  ])('%d %% with %d ms to be kept: files go = %s', async (percent, fileReservedMs, go) => {
    const { runtime, store, count } = await tight(percent, { fileReservedMs })
    await runtime.advance(2 * MINUTE_MS)
    expect((logFiles(runtime)[0] ?? 0) > 0).toBe(go)
    expect(store.status().writable).toBe(true)
    if (go) await expectConsistent(runtime, store, count)
    await runtime.settle(store.close())
  })

  it('above 90 % messages are refused until there is room again below 86 %', async () => {
    const { runtime, store, count, setUsed } = await tight(91, {
      cleanFilesForcibly: false,
      fileReservedMs: HOUR_MS,
    })
    await runtime.advance(MINUTE_MS)
    expect(store.status().writable).toBe(false)
    expect(store.append(message()).status).toBe('SERVICE_NOT_AVAILABLE')
    // What is there can be read.
    expect(await numbers(runtime, store)).toHaveLength(count)
    setUsed(88)
    await runtime.advance(MINUTE_MS)
    expect(store.status().writable).toBe(false)
    setUsed(80)
    await runtime.advance(MINUTE_MS)
    expect(store.append(message()).status).toBe('PUT_OK')
    expect(logFiles(runtime)[0]).toBe(0)
    setUsed(95)
    await runtime.advance(MINUTE_MS)
    expect(store.status().writable).toBe(false)
    await runtime.settle(store.close())
    expect(runtime.files.stat(`${ROOT}/abort`)).toBeUndefined()
  })
})

test('queue and index files go when all they know has left the log, and a reader is told where to go on', async () => {
  const runtime = simulatedRuntime({ seed: 5 })
  const store = await openStore(runtime, { ...NEVER, fileReservedMs: 0 })
  const count = await fill(runtime, store, 20)
  const list = (path: string): readonly string[] => runtime.files.list(`${ROOT}/${path}`)
  const before = { queue: list('consumequeue/TopicTest/0').length, index: list('index').length }
  expect(before.queue).toBeGreaterThan(4)
  expect(before.index).toBeGreaterThan(2)
  store.deleteExpiredFiles()
  await runtime.advance(5 * MINUTE_MS)
  expect(list('consumequeue/TopicTest/0').length).toBeLessThanOrEqual(2)
  expect(list('index')).toHaveLength(1)
  await expectConsistent(runtime, store, count)
  const { status, nextBeginOffset } = await get(runtime, store, { queueOffset: 3 })
  expect([status, nextBeginOffset]).toEqual(['OFFSET_TOO_SMALL', store.minOffset('TopicTest', 0)])
  await runtime.settle(store.close())
})

test('a read that is under way while its files go gets right messages or is told that they went', async () => {
  const outcomes = new Set<string>()
  for (let seed = 20; seed < 60; seed++) {
    const errors: unknown[] = []
    const runtime = simulatedRuntime({ seed })
    const logger = {
      ...silentLogger,
      error: (fields: object, text?: string): void => void errors.push([text, fields]),
    }
    const config = smallConfig({ ...NEVER, fileReservedMs: 0, deleteLogFileIntervalMs: 0 })
    const store = await runtime.settle(MessageStore.open({ runtime, config, logger }))
    await fill(runtime, store, 9)
    await runtime.advance(2 * MINUTE_MS + 250 * (seed - 20))
    store.deleteExpiredFiles()
    // A disk this slow has reads under way when the next round begins.
    runtime.disk.latencyMs = [10, 900]
    const reads: Promise<GetResult>[] = []
    const offsets = Array.from({ length: 60 }, (_, at) => at % 30)
    for (const queueOffset of offsets) {
      const query = { topic: 'TopicTest', queueId: 0, queueOffset, maxCount: 8, maxBytes: 8192 }
      reads.push(new Promise((resolve) => store.get(query, resolve)))
      await runtime.advance(200)
    }
    runtime.disk.latencyMs = [0.02, 0.6]
    for (const [at, result] of (await runtime.settle(Promise.all(reads))).entries()) {
      const queueOffset = offsets[at] ?? 0
      outcomes.add(result.status)
      const numbers = decoded(result).map(({ body }) => Number(String(body).split(' ')[0]))
      expect(numbers).toEqual(numbers.map((_, at) => (numbers[0] ?? 0) + 2 * at))
      if (numbers.length > 0) expect(numbers[0]).toBeGreaterThanOrEqual(2 * queueOffset)
      result.release()
    }
    await runtime.settle(store.close())
    expect(errors).toEqual([])
  }
  expect([...outcomes].sort()).toEqual(['FOUND', 'OFFSET_TOO_SMALL'])
})

test('a topic whose messages have all left can be forgotten, one with messages never', async () => {
  const runtime = simulatedRuntime({ seed: 6 })
  const store = await openStore(runtime, { ...NEVER, fileReservedMs: 0 })
  for (const topic of ['Old', 'Kept']) store.append(message({ topic }))
  await fill(runtime, store, 4)
  for (const queueId of [0, 1]) store.append(message({ queueId }))
  store.append(message({ topic: 'New' }))
  await runtime.advance(1000)
  expect(await runtime.settle(store.cleanExpiredQueues(() => false))).toBe(0)
  store.deleteExpiredFiles()
  await runtime.advance(3 * MINUTE_MS)
  expect(store.maxOffset('Old', 0)).toBe(1)
  expect(await runtime.settle(store.cleanExpiredQueues((topic) => topic === 'Kept'))).toBe(1)
  expect(store.topicNames()).toEqual(['Kept', 'TopicTest', 'New'])
  expect(runtime.files.list(`${ROOT}/consumequeue`)).toEqual(['Kept', 'New', 'TopicTest'])
  // It begins anew.
  expect(store.append(message({ topic: 'Old' })).queueOffset).toBe(0)
  expect(store.append(message({ topic: 'Kept' })).queueOffset).toBe(1)
  await runtime.settle(store.close())
})

describe.each(['process', 'power'] as const)('a %s crash', (kind: CrashKind) => {
  it('at any operation of a cleaning leaves a store that opens with the right messages', async () => {
    let hasEnded = false
    for (let dieAt = 1; !hasEnded; dieAt += 3) {
      const runtime = simulatedRuntime({ seed: 1000 + dieAt })
      const settings = { ...NEVER, fileReservedMs: 0 }
      const store = await openStore(runtime, settings)
      const count = await fill(runtime, store, 12)
      // Until everything is on disk.
      await runtime.advance(30_000)
      let operations = 0
      runtime.disk.fault = ({ kind: operation }) => {
        if (operation !== 'read') operations++
        return operations >= dieAt ? { error: 'EIO' } : undefined
      }
      store.deleteExpiredFiles()
      await runtime.advance(MINUTE_MS)
      hasEnded = operations < dieAt
      runtime.disk.fault = undefined
      const next = runtime.crash(kind)
      const again = await openStore(next, settings)
      await expectConsistent(next, again, count).catch((error: unknown) => {
        throw new Error(`died at operation ${dieAt}`, { cause: error })
      })
      again.deleteExpiredFiles()
      await next.advance(3 * MINUTE_MS)
      await expectConsistent(next, again, count)
      await next.settle(again.close())
    }
  })
})

test.each([
  ['04', '2026-01-01T04:00:00Z', 0, true],
  ['4', '2026-01-01T04:59:59.999Z', 0, true],
  ['04', '2026-01-01T05:00:00Z', 0, false],
  ['04', '2025-12-31T20:30:00Z', 480, true],
  ['00;12', '2026-01-01T05:30:00Z', -330, true],
  ['', '2026-01-01T00:00:00Z', 0, false],
  ['x;', '2026-01-01T00:00:00Z', 0, false],
])('deleteWhen %s at %s, %d minutes east: %s', (deleteWhen, at, minutes, expected) => {
  expect(isTimeToDelete(deleteWhen, Date.parse(at), minutes)).toBe(expected)
})

test('used space is rounded up to whole percents, and an unknown size is none', () => {
  expect(usedPercent({ totalBytes: 1000, freeBytes: 249 })).toBe(76)
  expect(usedPercent({ totalBytes: 1000, freeBytes: 250 })).toBe(75)
  expect(usedPercent({ totalBytes: Number.POSITIVE_INFINITY, freeBytes: 1 })).toBe(0)
})

test('bounds are kept where Java keeps them, and the least full of several disks decides', () => {
  const used: Readonly<Record<string, number>> = { '/a': 99, '/b': 88, '/q': 10 }
  const files = {
    space: (path: string) => ({ totalBytes: 100, freeBytes: 100 - (used[path] ?? 0) }),
  }
  const bounds = { diskMaxUsedPercent: 75, diskCleanForciblyPercent: 100, diskWarningPercent: 100 }
  const judge = (...logs: string[]): (string | boolean | undefined)[] => {
    const { isFull, cleansForcibly, path } = judgeDisks(files, logs, '/q', bounds)
    return [isFull, cleansForcibly, path]
  }
  expect(judge('/a', '/b')).toEqual([undefined, true, '/b'])
  expect(judge('/a')).toEqual([true, true, '/a'])
  expect(judge('/q')).toEqual([false, false, '/q'])
})
