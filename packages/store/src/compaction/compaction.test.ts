// SPDX-License-Identifier: Apache-2.0
// Compacted topics: what stays, what is read, what outlives the log, and what a crash on any operation leaves.
import { encodeProperties, type MessageExt } from '@rocketmq-ts/remoting/message'
import {
  type CrashKind,
  type FileOperation,
  type SimulatedRuntime,
  simulatedRuntime,
} from '@rocketmq-ts/runtime/simulated'
import { describe, expect, it } from 'vitest'
import { decoded, get, message, put, ROOT, smallConfig } from '../../test/support/store.ts'
import type { StoreConfig } from '../config.ts'
import { MessageStore } from '../message-store.ts'

const TOPIC = 'Compacted'
const LOG = `${ROOT}/compaction/compactionLog/${TOPIC}/0`
const UNITS = `${ROOT}/compaction/compactionCq/${TOPIC}/0`
const LONG = { timeout: 120_000 }

function open(
  runtime: SimulatedRuntime,
  overrides: Partial<StoreConfig> = {},
): Promise<MessageStore> {
  const config = smallConfig({
    maxMessageBytes: 600,
    compactionLogSegmentBytes: 2000,
    compactionQueueSegmentBytes: 46 * 8,
    maxOpenFiles: 64,
    ...overrides,
  })
  const isCompacted = (topic: string): boolean => topic === TOPIC
  return runtime.settle(MessageStore.open({ runtime, config, isCompacted }))
}

function keyed(key: string | undefined, body: string): ReturnType<typeof message> {
  const properties = Buffer.from(encodeProperties({ KEYS: key, TAGS: 'T' }))
  return message({ topic: TOPIC, body: Buffer.from(body), properties })
}

async function putAll(
  runtime: SimulatedRuntime,
  store: MessageStore,
  ...messages: (readonly [key: string | undefined, body: string])[]
): Promise<void> {
  for (const [key, body] of messages) await runtime.settle(put(store, keyed(key, body)))
}

/** Reads the queue as a consumer does. */
async function readAll(runtime: SimulatedRuntime, store: MessageStore): Promise<MessageExt[]> {
  const all: MessageExt[] = []
  for (let queueOffset = 0; ;) {
    const result = await get(runtime, store, { topic: TOPIC, queueOffset })
    all.push(...decoded(result))
    result.release()
    if (result.nextBeginOffset <= queueOffset) return all
    queueOffset = result.nextBeginOffset
  }
}

const told = (messages: readonly MessageExt[]): string[] =>
  messages.map(
    ({ queueOffset, properties, body }) =>
      `${queueOffset} ${properties['KEYS']}=${Buffer.from(body).toString()}`,
  )

const rounds = (count: number): (readonly [string, string])[] =>
  Array.from({ length: count }, (_, i) => [`k${i % 3}`, `v${i}`])

describe('a compacted topic', () => {
  it('keeps the newest message of each key; the newest file is left as it is', async () => {
    const runtime = simulatedRuntime({ seed: 1 })
    const store = await open(runtime)
    await putAll(runtime, store, ...rounds(16))
    await runtime.settle(store.compact())
    // Seven units fill a file: the messages 14 and 15 are in the third.
    expect(told(await readAll(runtime, store))).toEqual([
      ...['11 k2=v11', '12 k0=v12', '13 k1=v13', '14 k2=v14', '15 k0=v15'],
    ])
    expect(runtime.files.list(LOG)).toEqual(runtime.files.list(UNITS))
    await runtime.settle(store.close())
  })

  it('forgets a key whose newest message has no body', async () => {
    const runtime = simulatedRuntime({ seed: 1 })
    const store = await open(runtime)
    await putAll(runtime, store, ['a', '1'], ['b', '1'], ['a', ''], ...rounds(9))
    await runtime.settle(store.compact())
    expect(told(await readAll(runtime, store)).join()).not.toMatch(/a=/)
    expect(told(await readAll(runtime, store))[0]).toBe('1 b=1')
    await runtime.settle(store.close())
  })

  it('passes over messages without a key, also at the end', async () => {
    const runtime = simulatedRuntime({ seed: 1 })
    const store = await open(runtime)
    await putAll(runtime, store, ['a', '1'], [undefined, '2'], [' \t', '3'])
    await runtime.advance(100)
    expect(told(await readAll(runtime, store))).toEqual(['0 a=1'])
    const beyond = await get(runtime, store, { topic: TOPIC, queueOffset: 1 })
    expect([beyond.status, beyond.nextBeginOffset]).toEqual(['NO_MATCHED_MESSAGE', 3])
    const end = await get(runtime, store, { topic: TOPIC, queueOffset: 3 })
    expect([end.status, end.nextBeginOffset]).toEqual(['OFFSET_OVERFLOW_ONE', 3])
    await runtime.settle(store.close())
  })

  it('gives a reader at the end a message as soon as it is readable', async () => {
    const runtime = simulatedRuntime({ seed: 1 })
    const store = await open(runtime)
    let read: Promise<MessageExt[]> | undefined
    store.onArrival((topic, queueId, queueOffset) => {
      read = new Promise((resolve) => {
        const query = { topic, queueId, queueOffset, maxCount: 1, maxBytes: 1000 }
        store.get(query, (result) => resolve(decoded(result)))
      })
    })
    await putAll(runtime, store, ['a', '1'])
    expect(told(await runtime.settle(read!))).toEqual(['0 a=1'])
    await runtime.settle(store.close())
  })

  it('compacts in portions when memory holds only some of the keys', async () => {
    const runtime = simulatedRuntime({ seed: 1 })
    const store = await open(runtime, { compactionMapBytes: 0 })
    const many = Array.from({ length: 400 }, (_, i) => [`k${i % 200}`, `v${i}`] as const)
    await putAll(runtime, store, ...many)
    for (let pass = 0; pass < 6; pass++) await runtime.settle(store.compact())
    const kept = await readAll(runtime, store)
    expect(new Map(kept.map(({ properties, body }) => [properties['KEYS'], String(body)]))).toEqual(
      new Map(many.map(([key, body]) => [key, body])),
    )
    expect(kept.length).toBeLessThan(210)
    await runtime.settle(store.close())
  })

  it('outlives the log, and its queue goes on behind it', async () => {
    const runtime = simulatedRuntime({ seed: 1 })
    const settings = {
      ...{ fileReservedMs: 1, deleteWhen: '', diskMaxUsedPercent: 100 },
      ...{ cleanIntervalMs: 1000, deleteLogFileIntervalMs: 0 },
    }
    const store = await open(runtime, settings)
    await putAll(runtime, store, ...rounds(80))
    await runtime.advance(3000)
    store.deleteExpiredFiles()
    await runtime.advance(120_000)
    const { commitLogMinOffset } = store.status()
    expect(commitLogMinOffset).toBeGreaterThan(0)
    expect(await readAll(runtime, store)).toHaveLength(80)
    expect(await runtime.settle(store.cleanExpiredQueues(() => false))).toBe(0)
    await runtime.settle(store.close())

    // Somebody removes what is left of the log.
    for (const name of ['commitlog', 'consumequeue', 'consumequeue.table']) {
      runtime.files.remove(`${ROOT}/${name}`)
    }
    const later = await open(runtime, settings)
    await putAll(runtime, later, ['new', '1'])
    expect(told(await readAll(runtime, later)).at(-1)).toBe('80 new=1')
    await runtime.settle(later.close())
  })

  it('goes with its topic, and begins anew when that is made again', async () => {
    const runtime = simulatedRuntime({ seed: 1 })
    const store = await open(runtime)
    await putAll(runtime, store, ...rounds(20))
    await runtime.settle(store.compact())
    store.deleteTopic(TOPIC)
    await putAll(runtime, store, ['a', 'again'])
    expect(told(await readAll(runtime, store))).toEqual(['0 a=again'])
    expect(runtime.files.list(LOG)).toHaveLength(1)
    await runtime.settle(store.close())
  })

  it('that is gone leaves its files alone, and is not counted among the topics', async () => {
    const runtime = simulatedRuntime({ seed: 1 })
    const left = `${ROOT}/compaction/compactionLog/Gone/0`
    runtime.files.makeDirectory(left)
    runtime.files.writeFile(`${left}/00000000000000000000`, new Uint8Array(7))
    const store = await open(runtime)
    expect(store.topicNames()).toEqual([])
    await runtime.settle(store.close())
    expect(runtime.files.list(left)).toHaveLength(1)
  })

  it('is cut with the log, and takes what comes instead', async () => {
    const runtime = simulatedRuntime({ seed: 1 })
    const store = await open(runtime)
    await putAll(runtime, store, ...rounds(20))
    const cutAt = store.status().commitLogMaxOffset
    await putAll(runtime, store, ...rounds(20))
    await runtime.advance(100)
    await runtime.settle(store.truncateTo(cutAt))
    await putAll(runtime, store, ['other', 'x'])
    const read = told(await readAll(runtime, store))
    expect(read).toHaveLength(21)
    expect(read.at(-1)).toBe('20 other=x')
    await runtime.settle(store.close())
  })

  it('never gives a message whose bytes have changed, and does not compact around it', async () => {
    const runtime = simulatedRuntime({ seed: 1 })
    const store = await open(runtime)
    await putAll(runtime, store, ...rounds(16))
    await runtime.advance(1000)
    const path = `${LOG}/${'0'.repeat(20)}`
    const bytes = Buffer.from(runtime.files.readFile(path)!)
    const at = bytes.indexOf('v5')
    const file = runtime.files.open(path, 'write')
    file.writeSync([Buffer.from('w')], at)
    file.close()
    expect(told(await readAll(runtime, store)).map((text) => text.split(' ')[0])).toEqual(
      Array.from({ length: 16 }, (_, i) => String(i)).filter((offset) => offset !== '5'),
    )
    await runtime.settle(store.compact())
    expect(await readAll(runtime, store)).toHaveLength(15)
    await runtime.settle(store.close())
  })
})

describe.each<CrashKind>(['process', 'power'])('a %s crash', (kind) => {
  /** Writes, compacts, writes and compacts again; tells what has been acknowledged before the disk operation that is its last. */
  async function live(runtime: SimulatedRuntime, acknowledged: string[]): Promise<void> {
    const store = await open(runtime, { flushDiskType: 'SYNC_FLUSH' })
    for (const half of ['x', 'y']) {
      for (let i = 0; i < 24; i++) {
        const body = half + String(i)
        const appended = put(store, keyed(`k${i % 4}`, body))
        if ((await runtime.settle(appended)) === 'PUT_OK') acknowledged.push(`k${i % 4}=${body}`)
      }
      await runtime.settle(store.compact())
    }
    await runtime.settle(store.close())
  }

  /** The recovery dies as well, on one of its operations, if it has so many. */
  async function dieAgain(runtime: SimulatedRuntime, at: number): Promise<SimulatedRuntime> {
    let count = 0
    let next: SimulatedRuntime | undefined
    runtime.disk.fault = (operation) => {
      if (isCompactionChange(operation) && ++count === at) next = runtime.crash(kind)
      return undefined
    }
    await open(runtime, { flushDiskType: 'SYNC_FLUSH' }).catch(() => undefined)
    runtime.disk.fault = undefined
    return next ?? runtime.crash(kind)
  }

  it('on any operation loses no key and no newest message', LONG, async () => {
    let total = 0
    const counted = simulatedRuntime({ seed: 7 })
    counted.disk.fault = (operation) => {
      if (isCompactionChange(operation)) total++
      return undefined
    }
    await live(counted, [])
    expect(total).toBeGreaterThan(60)
    for (let at = 1; at <= total; at++) {
      let runtime = simulatedRuntime({ seed: 7 })
      let count = 0
      const acknowledged: string[] = []
      const next: SimulatedRuntime[] = []
      runtime.disk.fault = (operation) => {
        if (isCompactionChange(operation) && ++count === at) next.push(runtime.crash(kind))
        return undefined
      }
      // Whatever the dead process stumbles over.
      await live(runtime, acknowledged).catch(() => undefined)
      expect(next, `operation ${at} of ${total}`).toHaveLength(1)
      runtime = await dieAgain(next[0]!, 1 + (at % 9))
      const newest = new Map(acknowledged.map((text) => text.split('=') as [string, string]))

      const store = await open(runtime, { flushDiskType: 'SYNC_FLUSH' })
      await expectNewest(runtime, store, newest, at)
      await runtime.settle(store.compact())
      await putAll(runtime, store, ['last', 'z'])
      newest.set('last', 'z')
      await expectNewest(runtime, store, newest, at)
      await runtime.settle(store.close())
      const clean = await open(runtime)
      await expectNewest(runtime, clean, newest, at)
      expect(runtime.files.list(LOG)).toEqual(runtime.files.list(UNITS))
      await runtime.settle(clean.close())
    }
  })
})

describe('when power fails before the log is flushed', () => {
  // Full files of compaction logs are flushed at once, the log and the rest after many seconds.
  const slow = { consumeQueueFlushIntervalMs: 20_000 }
  const seeds = Array.from({ length: 10 }, (_, i) => i + 1)

  it('what it loses goes from the compaction log too, and its offsets are given away again', async () => {
    let lostCount = 0
    for (const seed of seeds) {
      let runtime = simulatedRuntime({ seed })
      const store = await open(runtime, slow)
      await putAll(runtime, store, ...rounds(3))
      await runtime.advance(40_000)
      await putAll(runtime, store, ...rounds(16))
      await runtime.advance(100)
      runtime = runtime.crash('power')
      const recovered = await open(runtime, slow)
      const next = recovered.maxOffset(TOPIC, 0)
      lostCount += 19 - next
      await putAll(runtime, recovered, ['other', 'x'])
      const read = told(await readAll(runtime, recovered))
      expect(read).toHaveLength(next + 1)
      expect(read.at(-1)).toBe(`${next} other=x`)
      await runtime.settle(recovered.close())
    }
    expect(lostCount).toBeGreaterThan(0)
  })

  it('nothing it loses has displaced a message that it keeps', async () => {
    let lostCount = 0
    for (const seed of seeds) {
      let runtime = simulatedRuntime({ seed })
      const store = await open(runtime, slow)
      await putAll(runtime, store, ...rounds(16))
      await runtime.advance(40_000)
      await putAll(runtime, store, ...rounds(16))
      void store.compact()
      await runtime.advance(300)
      runtime = runtime.crash('power')
      const recovered = await open(runtime, slow)
      lostCount += 32 - recovered.maxOffset(TOPIC, 0)
      const read = await readAll(runtime, recovered)
      const keys = read.map(({ properties }) => properties['KEYS'])
      expect(new Set(keys)).toEqual(new Set(['k0', 'k1', 'k2']))
      await runtime.settle(recovered.close())
    }
    expect(lostCount).toBeGreaterThan(0)
  })
})

it('while compaction logs cannot be written the log keeps what they need', async () => {
  const runtime = simulatedRuntime({ seed: 4 })
  const settings = { fileReservedMs: 1, deleteWhen: '', cleanIntervalMs: 1000 }
  const store = await open(runtime, settings)
  runtime.disk.fault = (operation) => (isCompactionChange(operation) ? { error: 'EIO' } : undefined)
  await putAll(runtime, store, ...rounds(60))
  await runtime.advance(20_000)
  store.deleteExpiredFiles()
  await runtime.advance(120_000)
  expect(store.status().commitLogMinOffset).toBe(0)
  const end = await get(runtime, store, { topic: TOPIC, queueOffset: 30 })
  expect([end.status, end.nextBeginOffset]).toEqual(['OFFSET_FOUND_NULL', 30])
  runtime.disk.fault = undefined
  await runtime.advance(5000)
  store.deleteExpiredFiles()
  await runtime.advance(120_000)
  expect(store.status().commitLogMinOffset).toBeGreaterThan(0)
  expect(await readAll(runtime, store)).toHaveLength(60)
  await runtime.settle(store.close())
})

function isCompactionChange({ kind, path }: FileOperation): boolean {
  return kind !== 'read' && path.includes('/compaction')
}

/** Each key's newest message is there, or one that came after it and was not acknowledged; offsets ascend. */
async function expectNewest(
  runtime: SimulatedRuntime,
  store: MessageStore,
  newest: ReadonlyMap<string, string>,
  at: number,
): Promise<void> {
  const read = await readAll(runtime, store)
  const found = new Map(read.map(({ properties, body }) => [properties['KEYS'], String(body)]))
  for (const [key, body] of newest) {
    const isLater = (text: string): boolean => rank(text) >= rank(body)
    expect(isLater(found.get(key) ?? ''), `${at}: ${key}=${body}, read ${found.get(key)}`).toBe(
      true,
    )
  }
  const offsets = read.map(({ queueOffset }) => queueOffset)
  expect(offsets).toEqual([...new Set(offsets)].sort((a, b) => a - b))
}

const rank = (body: string): number =>
  body === '' ? -1 : body.charCodeAt(0) * 1000 + Number(body.slice(1))
