// SPDX-License-Identifier: Apache-2.0
// Stores written by RocketMQ 5.5.0 itself: opened here, read completely, and written again to the byte.
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { createHash } from 'node:crypto'
import { fileURLToPath } from 'node:url'
import { BLANK_MAGIC, RecordLocation, tagHash } from '@rocketmq-ts/remoting/message'
import { type SimulatedRuntime, simulatedRuntime } from '@rocketmq-ts/runtime/simulated'
import { describe, expect, it } from 'vitest'
import { message, openStore, put, readQueue, readRecords, ROOT } from '../test/support/store.ts'
import type { MessageStore } from './message-store.ts'

const GOLDEN = fileURLToPath(new URL('../test/golden/java-store', import.meta.url))
const CONFIG = {
  commitLogSegmentBytes: 65_536,
  consumeQueueSegmentBytes: 800,
  maxMessageBytes: 32_768,
  tailChunkBytes: 65_536,
  tailBytes: 524_288,
  coldReadBlockBytes: 4096,
  coldReadBytes: 65_536,
  indexSlots: 32,
  indexEntries: 128,
}

interface JavaMessage {
  topic: string
  queueId: number
  queueOffset: number
  offset: number
  size: number
  flag: number
  sysFlag: number
  bornTimestamp: number
  storeTimestamp: number
  reconsumeTimes: number
  preparedTransactionOffset: number
  bodyAt: number
  bodyBytes: number
  bodySha256: string
  properties: Record<string, string>
}

interface Manifest {
  maxOffset: number
  messages: JavaMessage[]
  consumeQueues: {
    topic: string
    queueId: number
    minQueueOffset: number
    maxQueueOffset: number
    entries: [number, number, number][]
  }[]
  keyQueries: { topic: string; key: string; maxCount: number; offsets: number[] }[]
  timeQueries: {
    topic: string
    queueId: number
    timestamp: number | string
    lower: number
    upper: number
  }[]
}

interface TornTail {
  cases: {
    name: string
    offset: number
    hex: string
    maxOffset: number
    consumeQueues: { topic: string; queueId: number; maxQueueOffset: number }[]
  }[]
}

const json = <T>(path: string): T => JSON.parse(readFileSync(`${GOLDEN}/${path}`, 'utf8')) as T
const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')

/** Puts a recorded folder on the simulated disk. */
function install(runtime: SimulatedRuntime, variant: string): void {
  const copy = (from: string, to: string): void => {
    runtime.files.makeDirectory(to)
    for (const name of readdirSync(from)) {
      const source = `${from}/${name}`
      if (statSync(source).isDirectory()) copy(source, `${to}/${name}`)
      else runtime.files.writeFile(`${to}/${name}`, readFileSync(source), { durable: true })
    }
    runtime.files.flushDirectory(to)
  }
  copy(`${GOLDEN}/${variant}/store`, ROOT)
  runtime.files.flushDirectory('')
}

const logs = new Map<string, Buffer>()

/** The bytes of a record in the recorded log. */
function recordOf(variant: string, m: JavaMessage): Buffer {
  const start = m.offset - (m.offset % 65_536)
  const path = `${GOLDEN}/${variant}/store/commitlog/${String(start).padStart(20, '0')}`
  const file = logs.get(path) ?? readFileSync(path)
  logs.set(path, file)
  return file.subarray(m.offset - start, m.offset - start + m.size)
}

async function expectAllMessages(
  runtime: SimulatedRuntime,
  store: MessageStore,
  manifest: Manifest,
  variant: string,
): Promise<void> {
  const { commitLogMinOffset, commitLogMaxOffset } = store.status()
  expect([commitLogMinOffset, commitLogMaxOffset]).toEqual([0, manifest.maxOffset])
  const byOffset = new Map(manifest.messages.map((m) => [m.offset, m]))
  for (const {
    topic,
    queueId,
    minQueueOffset,
    maxQueueOffset,
    entries,
  } of manifest.consumeQueues) {
    const bounds = [store.minOffset(topic, queueId), store.maxOffset(topic, queueId)]
    expect([topic, queueId, ...bounds]).toEqual([topic, queueId, minQueueOffset, maxQueueOffset])
    const read = await readRecords(runtime, store, topic, queueId)
    const expected = entries.map(([offset]) => recordOf(variant, byOffset.get(offset)!))
    expect(read.map(sha256)).toEqual(expected.map(sha256))
  }
  expect(store.status().heldSpans).toBe(0)
}

describe.each(['clean', 'killed'])('a store that Java left %s', (variant) => {
  const manifest = json<Manifest>(`${variant}/manifest.json`)

  it('opens with every message of every queue, to the byte', async () => {
    const runtime = simulatedRuntime({ seed: 1 })
    install(runtime, variant)
    const store = await openStore(runtime, CONFIG)
    await expectAllMessages(runtime, store, manifest, variant)
    await runtime.settle(store.close())
  })

  it('opens again after our own clean stop and after our own crash', async () => {
    const runtime = simulatedRuntime({ seed: 2 })
    install(runtime, variant)
    const first = await openStore(runtime, CONFIG)
    await runtime.settle(first.close())
    const second = await openStore(runtime, CONFIG)
    await expectAllMessages(runtime, second, manifest, variant)
    await runtime.advance(5000)
    const next = runtime.crash('power')
    const third = await openStore(next, CONFIG)
    await expectAllMessages(next, third, manifest, variant)
  })

  it('gets its consume queues back when they were deleted', async () => {
    const runtime = simulatedRuntime({ seed: 3 })
    install(runtime, variant)
    runtime.files.remove(`${ROOT}/consumequeue`)
    const store = await openStore(runtime, CONFIG)
    await expectAllMessages(runtime, store, manifest, variant)
    await runtime.settle(store.close())
    for (const { topic, queueId, entries } of manifest.consumeQueues) {
      const files = runtime.files.list(`${ROOT}/consumequeue/${topic}/${queueId}`)
      for (const name of files) {
        const path = `consumequeue/${topic}/${queueId}/${name}`
        const ours = runtime.files.readFile(`${ROOT}/${path}`)!
        const javas = readFileSync(`${GOLDEN}/${variant}/store/${path}`)
        expect([path, sha256(ours)]).toEqual([path, sha256(javas)])
      }
      expect(files.length).toBe(Math.ceil(entries.length / 40))
    }
  })

  it('finds the same offsets by time', async () => {
    const runtime = simulatedRuntime({ seed: 4 })
    install(runtime, variant)
    const store = await openStore(runtime, CONFIG)
    for (const { topic, queueId, timestamp, lower, upper } of manifest.timeQueries) {
      const at = BigInt(timestamp)
      const found = await runtime.settle(
        Promise.all([
          store.searchOffset(topic, queueId, at, 'LOWER'),
          store.searchOffset(topic, queueId, at, 'UPPER'),
        ]),
      )
      expect([timestamp, ...found]).toEqual([timestamp, lower, upper])
    }
  })

  it('finds the same messages by key', async () => {
    const runtime = simulatedRuntime({ seed: 7 })
    install(runtime, variant)
    const store = await openStore(runtime, CONFIG)
    expect(manifest.keyQueries.length).toBeGreaterThan(10)
    for (const { topic, key, maxCount, offsets } of manifest.keyQueries) {
      const query = { topic, key, maxCount, beginMs: 0, endMs: Number.MAX_SAFE_INTEGER }
      const { records } = await runtime.settle(store.queryByKey(query))
      const found = records.map((record) => Number(Buffer.from(record).readBigInt64BE(28)))
      expect([key, ...found]).toEqual([key, ...offsets])
    }
  })

  it('goes on with the next offsets', async () => {
    const runtime = simulatedRuntime({ seed: 5 })
    install(runtime, variant)
    const store = await openStore(runtime, CONFIG)
    const before = store.maxOffset('TopicTest', 2)
    expect(
      await runtime.settle(put(store, message({ queueId: 2, body: Buffer.from('more') }))),
    ).toBe('PUT_OK')
    const last = (await readQueue(runtime, store, 'TopicTest', 2)).at(-1)!
    expect([last.commitLogOffset, last.queueOffset, Buffer.from(last.body).toString()]).toEqual([
      manifest.maxOffset,
      before,
      'more',
    ])
  })

  it('leaves files alone that only Java uses', async () => {
    const runtime = simulatedRuntime({ seed: 8 })
    install(runtime, variant)
    const foreign = [
      'abort.bak',
      'compaction/position-checkpoint',
      'config/topics.json',
      'consumequeue_ext/TopicTest/0/00000000000000000000',
      'rocksdbstore/CURRENT',
      'timerlog/00000000000000000000',
      'timerwheel',
      'timerwheel.4096',
      'transaction/statetable/00000000000000000000',
    ]
    for (const path of foreign) {
      if (runtime.files.stat(`${ROOT}/${path}`) !== undefined) continue
      runtime.files.makeDirectory(`${ROOT}/${path}`.replace(/\/[^/]*$/, ''))
      runtime.files.writeFile(`${ROOT}/${path}`, Buffer.from(path), { durable: true })
    }
    const contents = (): string[] =>
      foreign.map((path) => sha256(runtime.files.readFile(`${ROOT}/${path}`) ?? Buffer.alloc(0)))
    const before = contents()
    const store = await openStore(runtime, CONFIG)
    await runtime.settle(put(store, message({ body: Buffer.from('more') })))
    store.deleteTopic('OrderTopic')
    await runtime.advance(20_000)
    await runtime.settle(store.close())
    expect(contents()).toEqual(before)
  })

  it('is written again to the byte from the same messages and times', async () => {
    const runtime = simulatedRuntime({ seed: 6 })
    let nowMs = 0
    const clock = { nowMs: () => nowMs, monotonicMs: () => runtime.clock.monotonicMs() }
    const store = await openStore({ ...runtime, clock }, CONFIG)
    const location = new RecordLocation()
    for (const m of manifest.messages) {
      const record = recordOf(variant, m)
      expect(location.locate(record, 0)).toBe(true)
      nowMs = m.storeTimestamp
      const properties = record.subarray(location.propertiesStart, location.propertiesEnd)
      const tags = m.properties['TAGS']
      const appended = store.append({
        topic: m.topic,
        queueId: m.queueId,
        flag: m.flag,
        sysFlag: m.sysFlag,
        bornTimestampMs: m.bornTimestamp,
        bornHost: record.subarray(48, location.storeTimestampAt),
        storeHost: record.subarray(location.storeHostAt, location.reconsumeTimesAt),
        reconsumeTimes: m.reconsumeTimes,
        preparedTransactionOffset: m.preparedTransactionOffset,
        tagsCode: tags === undefined ? 0 : tagHash(tags),
        body: record.subarray(location.bodyStart, location.bodyEnd),
        properties,
      })
      expect([appended.status, appended.offset, appended.recordBytes]).toEqual([
        'PUT_OK',
        m.offset,
        m.size,
      ])
      await runtime.advance(1)
    }
    await runtime.settle(store.close())
    for (const directory of ['commitlog', ...queueDirectories(manifest)]) {
      for (const name of runtime.files.list(`${ROOT}/${directory}`)) {
        const path = `${directory}/${name}`
        const ours = Buffer.from(runtime.files.readFile(`${ROOT}/${path}`)!)
        const javas = Buffer.from(readFileSync(`${GOLDEN}/${variant}/store/${path}`))
        if (directory === 'commitlog') for (const file of [ours, javas]) maskBlank(file)
        expect([path, sha256(ours)]).toEqual([path, sha256(javas)])
      }
    }
  })
})

function queueDirectories(manifest: Manifest): string[] {
  return manifest.consumeQueues.map(({ topic, queueId }) => `consumequeue/${topic}/${queueId}`)
}

/** What follows a blank's size and magic is undefined in Java. */
function maskBlank(file: Buffer): void {
  let at = 0
  while (at + 8 <= file.length && file.readInt32BE(at) > 0) {
    if (file.readInt32BE(at + 4) === BLANK_MAGIC) {
      file.fill(0, at + 8)
      return
    }
    at += file.readInt32BE(at)
  }
}

function damage(runtime: SimulatedRuntime, { offset, hex }: { offset: number; hex: string }): void {
  const start = offset - (offset % 65_536)
  const path = `${ROOT}/commitlog/${String(start).padStart(20, '0')}`
  runtime.files.open(path, 'write').writeSync([Buffer.from(hex, 'hex')], offset - start)
}

describe('a damaged tail that Java was made to recover', () => {
  const { cases } = json<TornTail>('torn-tail.json')

  // A record in the middle that reads as zero costs Java everything behind it; here the trusted part is not given up for it.
  const isTail = (offset: number): boolean => offset > 200_000

  // A record whose properties end with zeros was not written to its end; Java serves it all the same.
  const isServedTorn = (name: string): boolean => name.startsWith('last 20 bytes')

  it('ends before a record whose last bytes are missing', async () => {
    const torn = cases.find(({ name }) => isServedTorn(name))!
    const runtime = simulatedRuntime({ seed: 7 })
    install(runtime, 'killed')
    damage(runtime, torn)
    const store = await openStore(runtime, CONFIG)
    const last = json<Manifest>('killed/manifest.json').messages.at(-1)!
    expect(store.status().commitLogMaxOffset).toBe(last.offset)
    expect(store.maxOffset(last.topic, last.queueId)).toBe(last.queueOffset)
  })

  it.each(cases.filter(({ offset, name }) => isTail(offset) && !isServedTorn(name)))(
    'ends where Java ended it: $name',
    async (torn) => {
      const runtime = simulatedRuntime({ seed: 7 })
      install(runtime, 'killed')
      damage(runtime, torn)
      const store = await openStore(runtime, CONFIG)
      expect(store.status().commitLogMaxOffset).toBe(torn.maxOffset)
      for (const { topic, queueId, maxQueueOffset } of torn.consumeQueues) {
        expect([topic, queueId, store.maxOffset(topic, queueId)]).toEqual([
          topic,
          queueId,
          maxQueueOffset,
        ])
      }
    },
  )
})
