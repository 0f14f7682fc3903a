// SPDX-License-Identifier: Apache-2.0
// Queues of all kinds that Java 5.5.0 wrote: ours are the same to the byte, after the messages as after a recovery from the log.
import {
  BLANK_MAGIC,
  decodeProperties,
  encodeHost,
  RecordLocation,
  tagHash,
} from '@rocketmq-ts/remoting/message'
import { type SimulatedRuntime, simulatedRuntime } from '@rocketmq-ts/runtime/simulated'
import { describe, expect, it } from 'vitest'
import { type RecordedInput, readRecording, unpacked } from '../test/support/java-replay.ts'
import { get, recordsOf, ROOT, smallConfig } from '../test/support/store.ts'
import { type BitMapOf, MessageStore, type StoreConfig } from './index.ts'

const QUEUE_FILES = /^(consumequeue|consumequeue_ext|batchconsumequeue)\//

/** The recorder puts a message's property BITS, hexadecimal, where a filter's bit map goes. */
const bitsOf: BitMapOf = (_topic, properties) => {
  const bits = decodeProperties(Buffer.from(properties).toString())['BITS']
  return bits === undefined ? undefined : Buffer.from(bits, 'hex')
}

async function open(runtime: SimulatedRuntime, name: string, nowMs: () => number) {
  const recording = readRecording(name)
  const java = recording.config
  const config: Partial<StoreConfig> = {
    commitLogSegmentBytes: Number(java['mappedFileSizeCommitLog']),
    consumeQueueSegmentBytes: Number(java['mappedFileSizeConsumeQueue']),
    batchConsumeQueueSegmentBytes: Number(java['mapperFileSizeBatchConsumeQueue']),
    maxMessageBytes: Number(java['maxMessageSize']),
    indexSlots: Number(java['maxHashSlotNum']),
    indexEntries: Number(java['maxIndexNum']),
    consumeQueueExtEnabled: java['enableConsumeQueueExt'] === 'true',
    consumeQueueExtSegmentBytes: Number(java['mappedFileSizeConsumeQueueExt'] ?? 400),
    lmqEnabled: java['enableLmq'] === 'true',
    tailChunkBytes: 65_536,
    tailBytes: 524_288,
  }
  const clock = { nowMs, monotonicMs: () => runtime.clock.monotonicMs() }
  return runtime.settle(
    MessageStore.open({
      runtime: { ...runtime, clock },
      config: smallConfig(config),
      queueTypeOf: (topic) =>
        recording.topics[topic]?.['queue.type'] === 'BatchCQ' ? 'BatchCQ' : 'SimpleCQ',
      bitMapOf: bitsOf,
    }),
  )
}

function hostOf(text: string): Uint8Array {
  const [, host = '', port] = /^\[(.*)\]:(\d+)$/.exec(text) ?? []
  return encodeHost({ host, port: Number(port) })
}

function append(store: MessageStore, input: RecordedInput) {
  const properties = unpacked(input.properties)
  const tags = decodeProperties(properties.toString())['TAGS']
  return store.append({
    topic: input.topic,
    queueId: input.queueId,
    flag: input.flag,
    sysFlag: input.sysFlag,
    bornTimestampMs: input.bornTimestamp,
    bornHost: hostOf(input.bornHost),
    storeHost: hostOf(input.storeHost),
    reconsumeTimes: input.reconsumeTimes,
    preparedTransactionOffset: input.preparedTransactionOffset,
    tagsCode: tags === undefined ? 0 : tagHash(tags),
    body: unpacked(input.body),
    properties,
  })
}

/** Puts all messages of a recording into a new store and closes it. */
async function replayed(name: string): Promise<{ runtime: SimulatedRuntime; outcomes: object[] }> {
  const runtime = simulatedRuntime({ seed: 1 })
  let nowMs = 0
  const store = await open(runtime, name, () => nowMs)
  const outcomes: object[] = []
  for (const input of readRecording(name).inputs) {
    nowMs = input.storeTimestamp ?? nowMs
    const { status, offset, recordBytes: bytes, queueOffset } = append(store, input)
    outcomes.push({ status, offset, bytes, queueOffset })
    await runtime.advance(20)
  }
  await runtime.settle(store.close())
  return { runtime, outcomes }
}

function queueFiles(runtime: SimulatedRuntime, folder: string = ROOT): Record<string, string> {
  const found: Record<string, string> = {}
  for (const name of runtime.files.list(folder)) {
    const path = `${folder}/${name}`
    const relative = path.slice(ROOT.length + 1)
    if (runtime.files.stat(path)?.kind === 'directory') {
      Object.assign(found, queueFiles(runtime, path))
    } else if (QUEUE_FILES.test(relative)) {
      found[relative] = Buffer.from(runtime.files.readFile(path) ?? []).toString('hex')
    }
  }
  return found
}

function javasFiles(name: string): Record<string, string> {
  const files = readRecording(name).after.filter(({ path }) => QUEUE_FILES.test(path))
  return Object.fromEntries(
    files.map(({ path, content }) => [path, unpacked(content).toString('hex')]),
  )
}

/** All records of a log, with their properties as a table: Java sorts them by hash. */
function records(file: Buffer): object[] {
  const found: object[] = []
  const location = new RecordLocation()
  let at = 0
  while (at + 8 <= file.length && file.readInt32BE(at) > 0) {
    if (file.readInt32BE(at + 4) === BLANK_MAGIC) break
    expect(location.locate(file, at, file.length)).toBe(true)
    const { propertiesStart, propertiesEnd } = location
    found.push({
      head: file.toString('hex', at, propertiesStart),
      properties: { ...decodeProperties(file.toString('utf8', propertiesStart, propertiesEnd)) },
    })
    at += location.recordBytes
  }
  return found
}

const NAMES = ['inner-batch', 'multi-dispatch', 'queue-ext']

describe.each(NAMES)('%s', (name) => {
  it('gives the queue files that Java wrote, and its records', async () => {
    const { runtime, outcomes } = await replayed(name)
    const recording = readRecording(name)
    expect(outcomes).toEqual(
      recording.inputs.map(({ status, offset, bytes, queueOffset }) => ({
        ...{ status, offset, bytes, queueOffset },
      })),
    )
    expect(queueFiles(runtime)).toEqual(javasFiles(name))
    for (const { path, content } of recording.after) {
      if (!path.startsWith('commitlog/')) continue
      const ours = Buffer.from(runtime.files.readFile(`${ROOT}/${path}`) ?? [])
      expect(records(ours)).toEqual(records(unpacked(content)))
    }
  })

  it('gives them from the log alone', async () => {
    const { runtime } = await replayed(name)
    for (const folder of ['consumequeue', 'consumequeue_ext', 'batchconsumequeue']) {
      runtime.files.remove(`${ROOT}/${folder}`)
    }
    const store = await open(runtime, name, () => 0)
    await runtime.settle(store.close())
    expect(queueFiles(runtime)).toEqual(javasFiles(name))
  })

  it('reads everything again after a crash', async () => {
    const { runtime } = await replayed(name)
    runtime.files.writeFile(`${ROOT}/abort`, Buffer.from('1'))
    const store = await open(runtime, name, () => 0)
    const seen = new Set<number>()
    for (const { topic, queueId, minOffset, maxOffset } of store.queues()) {
      let queueOffset = minOffset
      while (queueOffset < maxOffset) {
        const result = await get(runtime, store, { topic, queueId, queueOffset })
        expect([topic, queueOffset, result.status]).toEqual([topic, queueOffset, 'FOUND'])
        for (const record of recordsOf(result)) seen.add(Number(record.readBigInt64BE(28)))
        expect(result.nextBeginOffset).toBeGreaterThan(queueOffset)
        queueOffset = result.nextBeginOffset
        result.release()
      }
    }
    expect(seen.size).toBe(readRecording(name).inputs.length)
    await runtime.settle(store.close())
    expect(queueFiles(runtime)).toEqual(javasFiles(name))
  })
})
