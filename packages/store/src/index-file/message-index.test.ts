// SPDX-License-Identifier: Apache-2.0
// The index against Java's own files, and its life across stops, crashes and damage.
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { encodeProperties, SysFlag, transactionTypeOf } from '@rocketmq-ts/remoting/message'
import { simulatedRuntime, type SimulatedRuntime } from '@rocketmq-ts/runtime/simulated'
import { describe, expect, it, test } from 'vitest'
import { message, openStore, ROOT } from '../../test/support/store.ts'
import type { MessageStore } from '../message-store.ts'
import type { KeyQuery, MessageToStore } from '../messages.ts'

const GOLDEN = fileURLToPath(new URL('../../test/golden/java-store', import.meta.url))
const JAVA = {
  commitLogSegmentBytes: 65_536,
  consumeQueueSegmentBytes: 800,
  maxMessageBytes: 32_768,
  tailChunkBytes: 65_536,
  tailBytes: 524_288,
  indexSlots: 32,
  indexEntries: 128,
}
const INDEX = `${ROOT}/index`

/** Puts a folder that Java wrote on the simulated disk; `without` names what is left out. */
function install(
  runtime: SimulatedRuntime,
  from: string,
  to: string,
  without: readonly string[],
): void {
  runtime.files.makeDirectory(to)
  for (const name of readdirSync(from).filter((name) => !without.includes(name))) {
    const source = `${from}/${name}`
    if (statSync(source).isDirectory()) install(runtime, source, `${to}/${name}`, without)
    else runtime.files.writeFile(`${to}/${name}`, readFileSync(source), { durable: true })
  }
  runtime.files.flushDirectory(to)
}

function installJava(
  runtime: SimulatedRuntime,
  variant: string,
  without: readonly string[] = [],
): void {
  install(runtime, `${GOLDEN}/${variant}/store`, ROOT, without)
  runtime.files.flushDirectory('')
}

function javaFiles(variant: string): string[] {
  const folder = `${GOLDEN}/${variant}/store/index`
  return readdirSync(folder)
    .sort()
    .map((name) => readFileSync(`${folder}/${name}`, 'hex'))
}

/** The bytes of all index files, oldest first. */
function indexFiles({ files }: SimulatedRuntime): string[] {
  return files
    .list(INDEX)
    .map((name) => Buffer.from(files.readFile(`${INDEX}/${name}`) ?? []).toString('hex'))
}

function keyed(
  properties: Record<string, string>,
  rest: Partial<MessageToStore> = {},
): MessageToStore {
  return message({ properties: Buffer.from(encodeProperties(properties)), ...rest })
}

async function query(
  runtime: SimulatedRuntime,
  store: MessageStore,
  key: string,
  rest: Partial<KeyQuery> = {},
): Promise<number[]> {
  const all = { beginMs: 0, endMs: Number.MAX_SAFE_INTEGER, maxCount: 64, topic: 'TopicTest' }
  const { records } = await runtime.settle(store.queryByKey({ ...all, key, ...rest }))
  return records.map(offsetOf)
}

const offsetOf = (record: Uint8Array): number => Number(Buffer.from(record).readBigInt64BE(28))

/** Messages with a unique key, one of ten keys and one of three tags each; the offsets of all. */
async function fill(
  runtime: SimulatedRuntime,
  store: MessageStore,
  count: number,
  from: number = 0,
): Promise<number[]> {
  const offsets: number[] = []
  for (let i = from; i < from + count; i++) {
    const properties = { UNIQ_KEY: `U${i}`, KEYS: `K${i % 10}`, TAGS: `T${i % 3}` }
    const { offset } = store.append(keyed(properties, { body: Buffer.alloc(10 + (i % 50)) }))
    offsets.push(offset)
    await runtime.advance(5)
  }
  return offsets
}

describe.each(['clean', 'killed'])('the log that Java left %s', (variant) => {
  it('is indexed into the files that Java made of it, to the byte', async () => {
    const runtime = simulatedRuntime({ seed: 1 })
    installJava(runtime, variant, ['index'])
    const store = await openStore(runtime, JAVA)
    await runtime.settle(store.close())
    expect(indexFiles(runtime)).toEqual(javaFiles(variant))
    expect(javaFiles(variant).length).toBeGreaterThan(5)
  })

  it('keeps Java’s index files when it is opened and closed', async () => {
    const runtime = simulatedRuntime({ seed: 2 })
    installJava(runtime, variant)
    const first = await openStore(runtime, JAVA)
    await runtime.settle(first.close())
    expect(indexFiles(runtime)).toEqual(javaFiles(variant))
    // And every message is found by its unique key.
    const store = await openStore(runtime, JAVA)
    const manifest = JSON.parse(readFileSync(`${GOLDEN}/${variant}/manifest.json`, 'utf8')) as {
      messages: {
        topic: string
        offset: number
        sysFlag: number
        properties: Record<string, string>
      }[]
    }
    const missing: number[] = []
    let asked = 0
    for (const { topic, offset, sysFlag, properties } of manifest.messages) {
      const key = properties['UNIQ_KEY']
      if (key === undefined || transactionTypeOf(sysFlag) === SysFlag.TRANSACTION_ROLLBACK) continue
      asked++
      if (!(await query(runtime, store, key, { topic })).includes(offset)) missing.push(offset)
    }
    expect(missing).toEqual([])
    expect(asked).toBeGreaterThan(100)
    await runtime.settle(store.close())
  })
})

test('what Java left in order is not built again after our first crash', async () => {
  const runtime = simulatedRuntime({ seed: 11 })
  installJava(runtime, 'clean')
  await openStore(runtime, JAVA)
  const next = runtime.crash('power')
  const removed: string[] = []
  next.disk.fault = ({ kind, path }) => {
    if (kind === 'remove' && path.startsWith(INDEX)) removed.push(path)
    return undefined
  }
  const again = await openStore(next, JAVA)
  next.disk.fault = undefined
  expect(removed).toEqual([])
  await next.settle(again.close())
  expect(indexFiles(next)).toEqual(javaFiles('clean'))
})

describe('queries', () => {
  it('find messages by unique key, by each of several keys, and by tags of their own kind', async () => {
    const runtime = simulatedRuntime({ seed: 3 })
    const store = await openStore(runtime)
    const one = store.append(keyed({ UNIQ_KEY: 'ID1', KEYS: 'red  green', TAGS: 'blue' })).offset
    const two = store.append(keyed({ KEYS: 'green', TAGS: 'red' })).offset
    store.append(keyed({ KEYS: 'green' }, { topic: 'Other' }))
    store.append(keyed({ KEYS: 'green' }, { sysFlag: SysFlag.TRANSACTION_ROLLBACK }))
    const prepared = { sysFlag: SysFlag.TRANSACTION_PREPARED }
    const half = store.append(keyed({ KEYS: '订单' }, prepared)).offset
    await runtime.advance(5)
    expect(await query(runtime, store, 'ID1')).toEqual([one])
    expect(await query(runtime, store, 'red')).toEqual([one])
    expect(await query(runtime, store, 'green')).toEqual([one, two])
    expect(await query(runtime, store, 'red', { indexType: 'T' })).toEqual([two])
    expect(await query(runtime, store, 'blue')).toEqual([])
    expect(await query(runtime, store, '订单')).toEqual([half])
    expect(await query(runtime, store, 'green', { maxCount: 1 })).toEqual([two])
    await runtime.settle(store.close())
  })

  it('go by store time in seconds over all files, newest first, and say how far the index is', async () => {
    const runtime = simulatedRuntime({ seed: 4 })
    const store = await openStore(runtime)
    const times: number[] = []
    const offsets: number[] = []
    for (let i = 0; i < 200; i++) {
      const appended = store.append(keyed({ KEYS: 'k' }))
      times.push(appended.storeTimestampMs)
      offsets.push(appended.offset)
      await runtime.advance(1000)
    }
    expect(runtime.files.list(INDEX).length).toBe(4)
    const range = { beginMs: times[70]!, endMs: times[80]! }
    const found = await query(runtime, store, 'k', range)
    expect(found.length).toBeGreaterThanOrEqual(9)
    expect(offsets.slice(69, 82)).toEqual(expect.arrayContaining(found))
    expect(await query(runtime, store, 'k')).toEqual(offsets.slice(-64))
    const all = { topic: 'TopicTest', key: 'k', beginMs: 0, endMs: 2 ** 52, maxCount: 3 }
    const answer = await runtime.settle(store.queryByKey(all))
    const { indexLastUpdateOffset, indexLastUpdateTimestampMs } = answer
    expect([indexLastUpdateOffset, indexLastUpdateTimestampMs]).toEqual([offsets[199], times[199]])
    const nothing = await runtime.settle(store.queryByKey({ ...all, key: 'none' }))
    expect(nothing).toEqual({
      records: [],
      indexLastUpdateOffset: 0,
      indexLastUpdateTimestampMs: 0,
    })
    await runtime.settle(store.close())
  })

  it('read one slot and the blocks of their entries, never the file', async () => {
    const runtime = simulatedRuntime({ seed: 5 })
    const shape = { indexSlots: 5_000_000, indexEntries: 20_000_000 }
    const store = await openStore(runtime, shape)
    await fill(runtime, store, 300)
    await runtime.settle(store.close())
    const again = await openStore(runtime, shape)
    let reads = 0
    let byteLength = 0
    runtime.disk.fault = (operation) => {
      if (operation.kind === 'read' && operation.path.startsWith(INDEX)) {
        reads++
        byteLength += operation.byteLength
      }
      return undefined
    }
    expect(await query(runtime, again, 'U7')).toHaveLength(1)
    expect(reads).toBe(2)
    expect(byteLength).toBeLessThanOrEqual(4 + 4096)
    runtime.disk.fault = undefined
    await runtime.settle(again.close())
  })
})

test('queries go on while index files are removed, and miss what cannot be read', async () => {
  const runtime = simulatedRuntime({ seed: 12 })
  const config = {
    deleteWhen: '',
    fileReservedMs: 0,
    deleteLogFileIntervalMs: 0,
    deleteFileBatchMax: 6,
  }
  const store = await openStore(runtime, config)
  const openedMs = runtime.clock.monotonicMs()
  const offsets = await fill(runtime, store, 300)
  store.deleteExpiredFiles()
  const before = runtime.files.list(INDEX).length
  // Shortly before the first round; the next one comes ten seconds later.
  await runtime.advance(59_700 - (runtime.clock.monotonicMs() - openedMs))
  runtime.disk.latencyMs = [50, 400]
  // Along all files.
  const asked = Array.from({ length: 100 }, async () => {
    const wanted = { topic: 'TopicTest', key: 'K3', maxCount: 64, beginMs: 0, endMs: 2 ** 52 }
    return (await store.queryByKey(wanted)).records.map(offsetOf)
  })
  const logStart = async (): Promise<number> => {
    for (const answer of asked) await runtime.settle(answer)
    return store.status().commitLogMinOffset
  }
  await runtime.advance(700)
  const start = await logStart()
  expect(runtime.files.list(INDEX).length).toBeLessThan(before)
  const kept = offsets.filter((offset, i) => i % 10 === 3 && offset >= start)
  expect(kept.length).toBeGreaterThan(0)
  for (const answer of await Promise.all(asked)) {
    expect(answer).toEqual(expect.arrayContaining(kept))
  }
  runtime.disk.fault = ({ path }) => (path.startsWith(INDEX) ? { error: 'EIO' } : undefined)
  const again = await runtime.settle(
    store.queryByKey({ topic: 'TopicTest', key: 'K3', maxCount: 64, beginMs: 0, endMs: 2 ** 52 }),
  )
  expect(again.records.length).toBeLessThanOrEqual(kept.length)
  runtime.disk.fault = undefined
  await runtime.settle(store.close())
})

/** The index files of a store that was filled without any trouble. */
async function undisturbed(count: number): Promise<{ files: string[]; offsets: number[] }> {
  const runtime = simulatedRuntime({ seed: 6 })
  const store = await openStore(runtime)
  const offsets = await fill(runtime, store, count)
  await runtime.settle(store.close())
  return { files: indexFiles(runtime).map(withoutTimes), offsets }
}

/** Store times differ between runs: of the header only what does not depend on them. */
function withoutTimes(file: string): string {
  const bytes = Buffer.from(file, 'hex')
  bytes.fill(0, 0, 16)
  for (let at = 40 + 16 * 4; at + 20 <= bytes.length; at += 20) bytes.fill(0, at + 12, at + 16)
  return bytes.toString('hex')
}

describe('stops and crashes', () => {
  it('a stop and a start in between change nothing', async () => {
    const { files } = await undisturbed(100)
    const runtime = simulatedRuntime({ seed: 7 })
    for (const from of [0, 20, 40, 60, 80]) {
      const store = await openStore(runtime)
      await fill(runtime, store, 20, from)
      await runtime.settle(store.close())
    }
    expect(indexFiles(runtime).map(withoutTimes)).toEqual(files)
  })

  it.each(['process', 'power'] as const)(
    'after a %s crash at any operation on the index it is the one of an undisturbed store',
    async (kind) => {
      const { files, offsets } = await undisturbed(100)
      const isFlushed = new Set<boolean>()
      for (let dieAt = 1; dieAt <= 16; dieAt++) {
        const runtime = simulatedRuntime({ seed: 100 + dieAt })
        const store = await openStore(runtime)
        await fill(runtime, store, 30)
        await runtime.advance(10_100)
        await fill(runtime, store, 30, 30)
        // On disk in the log, so that all sixty are there again.
        await runtime.advance(8000)
        let operations = 0
        runtime.disk.fault = ({ path, kind: operation }) => {
          const isIndex = path.startsWith(INDEX) && operation !== 'read'
          if (isIndex) operations++
          // From its death on nothing the process does reaches the disk.
          return operations >= dieAt ? { error: 'EIO' } : undefined
        }
        await runtime.advance(2300)
        isFlushed.add(operations < dieAt)
        runtime.disk.fault = undefined
        const next = runtime.crash(kind)
        const again = await openStore(next)
        await fill(next, again, 40, 60)
        await next.settle(again.close())
        expect(indexFiles(next).map(withoutTimes), `operation ${dieAt}`).toEqual(files)
        const reopened = await openStore(next)
        expect(await query(next, reopened, 'U59')).toEqual([offsets[59]])
        await next.settle(reopened.close())
      }
      // Crashes in the middle of a flush and behind it.
      expect(isFlushed.size).toBe(2)
    },
  )

  it('a disk that refuses the index holds up neither messages nor the index when it is back', async () => {
    const { files } = await undisturbed(80)
    const runtime = simulatedRuntime({ seed: 8 })
    const store = await openStore(runtime)
    await fill(runtime, store, 20)
    runtime.disk.fault = ({ path, kind }) =>
      path.startsWith(INDEX) && kind !== 'read' ? { error: 'EIO' } : undefined
    await fill(runtime, store, 40, 20)
    await runtime.advance(30_000)
    expect(store.status().writable).toBe(true)
    runtime.disk.fault = undefined
    await fill(runtime, store, 20, 60)
    await runtime.settle(store.close())
    expect(indexFiles(runtime).map(withoutTimes)).toEqual(files)
  })

  it('a log that lost its end takes the index along', async () => {
    const runtime = simulatedRuntime({ seed: 9 })
    const store = await openStore(runtime)
    const offsets = await fill(runtime, store, 60)
    await runtime.settle(store.close())
    // A crash whose recovery finds a damaged record.
    const logFile = runtime.files.list(`${ROOT}/commitlog`).at(-1)!
    const path = `${ROOT}/commitlog/${logFile}`
    const damaged = offsets.findLast((offset) => offset >= Number(logFile))! - Number(logFile)
    runtime.flipBit(path, (damaged + 90) * 8)
    runtime.files.writeFile(`${ROOT}/abort`, new Uint8Array(0), { durable: true })
    const again = await openStore(runtime)
    const { commitLogMaxOffset } = again.status()
    expect(commitLogMaxOffset).toBeLessThan(Number(logFile) + damaged + 1)
    const { offset } = again.append(keyed({ KEYS: 'new' }))
    await runtime.advance(5)
    expect(await query(runtime, again, 'new')).toEqual([offset])
    expect(await query(runtime, again, 'U59')).toEqual([])
    expect(await query(runtime, again, 'U1')).toEqual([offsets[1]])
    await runtime.settle(again.close())
  })

  it('without messageIndexEnable nothing is added, and what was left out is added later', async () => {
    const { files } = await undisturbed(60)
    const runtime = simulatedRuntime({ seed: 10 })
    const first = await openStore(runtime)
    await fill(runtime, first, 20)
    await runtime.settle(first.close())
    const without = await openStore(runtime, { indexEnabled: false })
    await fill(runtime, without, 20, 20)
    expect(await query(runtime, without, 'U5')).toHaveLength(1)
    expect(await query(runtime, without, 'U25')).toEqual([])
    await runtime.settle(without.close())
    const third = await openStore(runtime)
    await fill(runtime, third, 20, 40)
    await runtime.settle(third.close())
    expect(indexFiles(runtime).map(withoutTimes)).toEqual(files)
  })
})
