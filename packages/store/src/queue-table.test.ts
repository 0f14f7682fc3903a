// SPDX-License-Identifier: Apache-2.0
// The table of an orderly stop: it spares the queues' files, and is never believed when something else has changed.
import { describe, expect, it } from 'vitest'
import {
  type CrashKind,
  type SimulatedRuntime,
  simulatedRuntime,
} from '@rocketmq-ts/runtime/simulated'
import { StoreLife } from '../test/crash/store-life.ts'
import { message, openStore, readQueue, ROOT, smallConfig } from '../test/support/store.ts'
import { MessageStore, type QueueBounds, type StoreConfig } from './index.ts'

const TABLE = `${ROOT}/consumequeue.table`

/** Opens the store; tells which queue files were read. */
async function opened(
  runtime: SimulatedRuntime,
  overrides: Partial<StoreConfig> = {},
): Promise<{ store: MessageStore; read: ReadonlySet<string> }> {
  const read = new Set<string>()
  runtime.disk.fault = ({ kind, path }) => {
    if (kind === 'read' && path.includes('/consumequeue/')) read.add(path)
    return undefined
  }
  const store = await openStore(runtime, overrides)
  runtime.disk.fault = undefined
  return { store, read }
}

function boundsOf(store: MessageStore): QueueBounds[] {
  return [...store.queues()].toSorted(
    (a, b) => (a.topic < b.topic ? -1 : 1) || a.queueId - b.queueId,
  )
}

/** A store with a few queues of several files, one that begins late, and light ones; stopped in order. */
async function stopped(runtime: SimulatedRuntime, topics: number = 12): Promise<QueueBounds[]> {
  const store = await openStore(runtime, { lmqEnabled: true })
  for (let round = 0; round < 20; round++) {
    for (let topic = 0; topic < topics; topic++) {
      const properties = Buffer.from(`INNER_MULTI_DISPATCH\u0001%LMQ%a,%LMQ%${topic}\u0002`)
      store.append(message({ topic: `Topic${topic}`, queueId: topic % 3, properties }))
    }
    await runtime.advance(50)
  }
  const bounds = boundsOf(store)
  await runtime.settle(store.close())
  return bounds
}

function flip(runtime: SimulatedRuntime, path: string, byte: number): void {
  runtime.flipBit(path, byte * 8)
}

describe('the table of queues', () => {
  it('gives every queue its bounds without a look into its files', async () => {
    const runtime = simulatedRuntime({ seed: 1 })
    const bounds = await stopped(runtime)
    expect(bounds.length).toBe(12 + 13)
    const { store, read } = await opened(runtime, { lmqEnabled: true })
    expect(boundsOf(store)).toEqual(bounds)
    // The records that are looked at to find the log's end need none either.
    expect([...read]).toEqual([])
    expect(await readQueue(runtime, store, 'Topic5', 2)).toHaveLength(20)
    expect(store.append(message({ topic: 'Topic5', queueId: 2 })).queueOffset).toBe(20)
    await runtime.settle(store.close())
  })

  it('says what the files say', async () => {
    const runtime = simulatedRuntime({ seed: 2 })
    const bounds = await stopped(runtime)
    runtime.files.remove(TABLE)
    const { store, read } = await opened(runtime, { lmqEnabled: true })
    expect(boundsOf(store)).toEqual(bounds)
    expect(read.size).toBeGreaterThan(24)
    await runtime.settle(store.close())
  })

  it('is gone while the store is open, and there again after the next stop', async () => {
    const runtime = simulatedRuntime({ seed: 3 })
    await stopped(runtime, 2)
    const store = await openStore(runtime)
    expect(runtime.files.stat(TABLE)).toBeUndefined()
    await runtime.settle(store.close())
    expect(runtime.files.stat(TABLE)).toBeDefined()
    expect(runtime.files.list(ROOT).filter((name) => name.endsWith('.tmp'))).toEqual([])
  })

  it.each<[string, (runtime: SimulatedRuntime) => void | Promise<void>]>([
    ['was killed', ({ files }) => files.writeFile(`${ROOT}/abort`, Buffer.from('1'))],
    [
      'has written the checkpoint anew',
      async (runtime) => {
        await runtime.advance(10)
        const file = runtime.files.open(`${ROOT}/checkpoint`, 'write')
        file.writeSync([runtime.files.readFile(`${ROOT}/checkpoint`) ?? Buffer.alloc(0)], 0)
      },
    ],
    ['has made a topic', ({ files }) => files.makeDirectory(`${ROOT}/consumequeue/New`)],
    [
      'has removed a log file',
      ({ files }) => files.remove(`${ROOT}/commitlog/00000000000000000000`),
    ],
    ['has torn the table', ({ files }) => files.open(TABLE, 'write').truncate(200)],
    ['has emptied the table', ({ files }) => files.writeFile(TABLE, Buffer.alloc(0))],
  ])('is not believed when somebody %s', async (_what, change) => {
    const runtime = simulatedRuntime({ seed: 4 })
    const bounds = await stopped(runtime)
    await change(runtime)
    const { store, read } = await opened(runtime, { lmqEnabled: true })
    expect(read.size).toBeGreaterThan(24)
    for (const { topic, queueId, maxOffset } of bounds) {
      expect(store.maxOffset(topic, queueId)).toBe(maxOffset)
    }
    await runtime.settle(store.close())
  })

  it('is not believed when any of its bytes has changed', async () => {
    const runtime = simulatedRuntime({ seed: 5 })
    const bounds = await stopped(runtime, 2)
    const table = runtime.files.readFile(TABLE) ?? Buffer.alloc(0)
    expect(table.length).toBeGreaterThan(128)
    for (let byte = 0; byte < table.length; byte += 3) {
      flip(runtime, TABLE, byte)
      const { store, read } = await opened(runtime, { lmqEnabled: true })
      expect([byte, read.size > 0]).toEqual([byte, true])
      expect(boundsOf(store)).toEqual(bounds)
      await runtime.settle(store.close())
    }
  })

  it('does not hide that the log lost its end', async () => {
    const runtime = simulatedRuntime({ seed: 6 })
    const bounds = await stopped(runtime, 2)
    const store = await openStore(runtime, { lmqEnabled: true })
    const { commitLogMaxOffset } = store.status()
    await runtime.settle(store.close())
    // A byte of the last record's magic code.
    const last = commitLogMaxOffset - 130
    const segment = last - (last % 4096)
    const path = `${ROOT}/commitlog/${String(segment).padStart(20, '0')}`
    runtime.files.open(path, 'write').writeSync([new Uint8Array(130)], last - segment)
    const { store: again } = await opened(runtime, { lmqEnabled: true })
    expect(again.status().commitLogMaxOffset).toBeLessThan(commitLogMaxOffset)
    const lost = bounds.find(({ topic }) => topic === 'Topic1')
    expect(again.maxOffset('Topic1', 1)).toBe((lost?.maxOffset ?? 0) - 1)
    expect(await readQueue(runtime, again, 'Topic1', 1)).toHaveLength(19)
    await runtime.settle(again.close())
  })

  it('leaves minimums right when the log has lost its beginning before the stop', async () => {
    const runtime = simulatedRuntime({ seed: 7 })
    const store = await openStore(runtime, { cleanIntervalMs: 1_000_000 })
    for (let i = 0; i < 120; i++) {
      store.append(message({ topic: 'A', body: Buffer.alloc(500) }))
      if (i === 0) store.append(message({ topic: 'Old' }))
      await runtime.advance(5)
    }
    await runtime.settle(store.close())
    runtime.files.remove(`${ROOT}/commitlog/00000000000000000000`)
    let again = await openStore(runtime)
    const bounds = boundsOf(again)
    expect(bounds.map(({ topic, minOffset }) => [topic, minOffset > 0])).toEqual([
      ['A', true],
      ['Old', true],
    ])
    await runtime.settle(again.close())
    const behind = await opened(runtime)
    again = behind.store
    expect(behind.read.size).toBe(0)
    expect(boundsOf(again)).toEqual(bounds)
    await runtime.settle(again.close())
  })

  it('tells when the files have another size than is configured', async () => {
    const runtime = simulatedRuntime({ seed: 8 })
    await stopped(runtime, 2)
    const config = smallConfig({ consumeQueueSegmentBytes: 20 * 8 })
    await expect(runtime.settle(MessageStore.open({ runtime, config }))).rejects.toMatchObject({
      code: 'RMQ_STORE_LAYOUT',
    })
  })
})

it.each<CrashKind>(['process', 'power'])(
  'a %s crash on every operation of a start behind an orderly stop',
  { timeout: 60_000 },
  async (kind) => {
    let isDead = true
    let believed = 0
    for (let at = 1; isDead; at++) {
      const life = new StoreLife(simulatedRuntime({ seed: 100 + at }), {})
      await life.work(10)
      await life.close()
      const hasTable = life.runtime.files.stat(TABLE) !== undefined
      isDead = await life.untilCrash(
        kind,
        (_operation, count) => count === at,
        () => life.running(),
      )
      await life.check()
      await life.work(4)
      await life.close()
      await life.check()
      await life.close()
      if (hasTable) believed++
    }
    expect(believed).toBeGreaterThan(2)
  },
)
