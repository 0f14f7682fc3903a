// SPDX-License-Identifier: Apache-2.0
// Replays recordings of Java's store: the same messages at the same times, then every byte of every file compared.
import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { inflateSync } from 'node:zlib'
import { BLANK_MAGIC, decodeProperties, encodeHost, tagHash } from '@rocketmq-ts/remoting/message'
import { type SimulatedRuntime, simulatedRuntime } from '@rocketmq-ts/runtime/simulated'
import { MessageStore, type MessageToStore, type StoreConfig } from '../../src/index.ts'
import { ROOT, smallConfig } from './store.ts'

const FOLDER = fileURLToPath(new URL('../golden/replay', import.meta.url))

interface RecordedFile {
  readonly path: string
  readonly bytes: number
  readonly content: string
}

export interface RecordedInput {
  readonly kind: 'message' | 'batch' | 'innerBatch'
  readonly topic: string
  readonly queueId: number
  readonly flag: number
  readonly sysFlag: number
  readonly bornTimestamp: number
  readonly bornHost: string
  readonly storeHost: string
  readonly reconsumeTimes: number
  readonly preparedTransactionOffset: number
  readonly properties: string
  readonly body: string
  readonly status: string
  readonly storeTimestamp?: number
  readonly offset?: number
  readonly bytes?: number
  readonly queueOffset?: number
  /** Name of the index file that Java made for this message. */
  readonly newIndexFile?: string
}

/** One recording: a feature of the store. */
export interface Recording {
  /** Java's settings. */
  readonly config: Readonly<Record<string, string>>
  /** Attributes of topics that have some. */
  readonly topics: Readonly<Record<string, Readonly<Record<string, string>>>>
  /** Files that are there at the start. */
  readonly before: readonly RecordedFile[]
  readonly inputs: readonly RecordedInput[]
  /** Files after a clean stop. */
  readonly after: readonly RecordedFile[]
}

export const recordings: readonly string[] = readdirSync(FOLDER).map((name) =>
  name.slice(0, -'.json'.length),
)

export function readRecording(name: string): Recording {
  return JSON.parse(readFileSync(`${FOLDER}/${name}.json`, 'utf8')) as Recording
}

/** The bytes behind `hex:…` or `zlib:…`. */
export function unpacked(text: string): Buffer {
  const [form, content = ''] = text.split(':')
  if (form === 'hex') return Buffer.from(content, 'hex')
  if (form === 'zlib') return inflateSync(Buffer.from(content, 'base64'))
  throw new Error(`unknown form of bytes: ${form ?? ''}`)
}

/** What Java's settings are called here; undefined: nothing here depends on it. */
const SETTINGS: Readonly<
  Record<string, ((value: string) => Partial<Record<keyof StoreConfig, unknown>>) | undefined>
> = {
  mappedFileSizeCommitLog: (value) => ({ commitLogSegmentBytes: Number(value) }),
  mappedFileSizeConsumeQueue: (value) => ({ consumeQueueSegmentBytes: Number(value) }),
  storePathCommitLog: (value) => ({ commitLogDirectories: value.split(',') }),
  maxMessageSize: (value) => ({ maxMessageBytes: Number(value) }),
  enabledAppendPropCRC: (value) => ({ appendPropertyCrc: value === 'true' }),
  maxHashSlotNum: (value) => ({ indexSlots: Number(value) }),
  maxIndexNum: (value) => ({ indexEntries: Number(value) }),
  mapperFileSizeBatchConsumeQueue: (value) => ({ batchConsumeQueueSegmentBytes: Number(value) }),
  enableConsumeQueueExt: (value) => ({ consumeQueueExtEnabled: value === 'true' }),
  mappedFileSizeConsumeQueueExt: (value) => ({ consumeQueueExtSegmentBytes: Number(value) }),
  enableLmq: (value) => ({ lmqEnabled: value === 'true' }),
  // Here one setting with the one above; the recordings have both or none.
  enableMultiDispatch: undefined,
  // When Java flushes: only the recording needs it.
  flushCommitLogLeastPages: undefined,
  flushConsumeQueueThoroughInterval: undefined,
}

function configOf(recording: Recording): Partial<StoreConfig> {
  const settings: Partial<Record<keyof StoreConfig, unknown>> = {
    tailChunkBytes: 65_536,
    tailBytes: 524_288,
  }
  for (const [key, value] of Object.entries(recording.config)) {
    if (!(key in SETTINGS)) throw new Error(`no setting here for Java's ${key}`)
    Object.assign(settings, SETTINGS[key]?.(value.replaceAll('ROOT', ROOT)))
  }
  return settings as Partial<StoreConfig>
}

/** A store that has lived through a recording. */
export interface Replayed {
  readonly runtime: SimulatedRuntime
  /** Per input what our store said, in the words of the recording. */
  readonly outcomes: readonly Outcome[]
}

export type Outcome = Pick<RecordedInput, 'status' | 'offset' | 'bytes' | 'queueOffset'>

/** Puts the recording's messages into a store at their times and closes it. */
export async function replay(recording: Recording): Promise<Replayed> {
  const runtime = simulatedRuntime({ seed: 1 })
  install(runtime, recording.before)
  // While a store is opened, time goes on; then it is that of the message.
  let nowMs = Number.NaN
  const clock = {
    nowMs: () => (Number.isNaN(nowMs) ? runtime.clock.nowMs() : nowMs),
    monotonicMs: () => runtime.clock.monotonicMs(),
  }
  const store = await openRecorded({ ...runtime, clock }, recording)
  const outcomes: Outcome[] = []
  for (const input of recording.inputs) {
    nowMs = input.storeTimestamp ?? nowMs
    outcomes.push(put(store, input))
    // Java made the index file when it dispatched the message, a moment after it had stored it.
    if (input.newIndexFile !== undefined) nowMs = timeOf(input.newIndexFile)
    await runtime.advance(20)
  }
  await runtime.settle(store.close())
  return { runtime, outcomes }
}

/** Puts the files that Java left on a disk, but for those below `without`; `isKilled` as if it had died. */
export function installed(
  recording: Recording,
  options: { readonly isKilled: boolean; readonly without?: RegExp },
): SimulatedRuntime {
  const runtime = simulatedRuntime({ seed: 1 })
  install(
    runtime,
    recording.after.filter(({ path }) => options.without?.test(path) !== true),
  )
  if (options.isKilled)
    runtime.files.writeFile(`${ROOT}/abort`, Buffer.from('1'), { durable: true })
  return runtime
}

function install(runtime: SimulatedRuntime, files: readonly RecordedFile[]): void {
  const directories = new Set<string>()
  for (const { path, content } of files) {
    const directory = `${ROOT}/${path}`.replace(/\/[^/]*$/, '')
    directories.add(directory)
    runtime.files.makeDirectory(directory)
    runtime.files.writeFile(`${ROOT}/${path}`, unpacked(content), { durable: true })
  }
  for (const directory of directories) runtime.files.flushDirectory(directory)
}

/** Opens a store with the recording's settings. */
export function openRecorded(
  runtime: SimulatedRuntime,
  recording: Recording,
): Promise<MessageStore> {
  return runtime.settle(
    MessageStore.open({
      runtime,
      config: smallConfig(configOf(recording)),
      queueTypeOf: (topic) =>
        recording.topics[topic]?.['queue.type'] === 'BatchCQ' ? 'BatchCQ' : 'SimpleCQ',
      // The recorder's stand-in for the broker's bloom filter: the message says which bits its entry gets.
      bitMapOf: (_topic, properties) => {
        const bits = decodeProperties(Buffer.from(properties).toString())['BITS']
        return bits === undefined ? undefined : Buffer.from(bits, 'hex')
      },
    }),
  )
}

/** The time in the name of an index file, yyyyMMddHHmmssSSS in UTC as it was recorded. */
function timeOf(name: string): number {
  const [, date, time, ms] = /^(\d{8})(\d{6})(\d{3})$/.exec(name) ?? []
  const iso = `${date?.replace(/(....)(..)(..)/, '$1-$2-$3')}T${time?.replace(/(..)(..)(..)/, '$1:$2:$3')}`
  return Date.parse(`${iso}.${ms}Z`)
}

function put(store: MessageStore, input: RecordedInput): Outcome {
  const message = toStore(input)
  const appended = input.kind === 'batch' ? store.appendBatch(message) : store.append(message)
  const { status, offset, recordBytes, queueOffset } = appended
  return status === 'PUT_OK' ? { status, offset, bytes: recordBytes, queueOffset } : { status }
}

function toStore(input: RecordedInput): MessageToStore {
  // Java leaves the properties that a batch has as a whole out of its records.
  const properties = input.kind === 'batch' ? Buffer.alloc(0) : unpacked(input.properties)
  const tags = decodeProperties(properties.toString())['TAGS']
  return {
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
  }
}

function hostOf(text: string): Uint8Array {
  const [, host = '', port] = /^\[(.*)\]:(\d+)$/.exec(text) ?? []
  return encodeHost({ host, port: Number(port) })
}

/**
 * Sets bytes to zero that need not be Java's; docs/storage.md lists them.
 *
 * 1. In the commit log, what follows the 8 bytes of a blank: Java leaves it undefined.
 * 2. In the checkpoint after an opening that rebuilt queues: the time of the log, which Java leaves 0 until it flushes the log, and
 *    the confirmed offset, which Java moves there and we leave as it was found.
 */
export function maskUndefined(recording: Recording, path: string, file: Buffer): void {
  if (path.startsWith('commitlog')) {
    const blank = blankIn(file)
    if (blank >= 0) file.fill(0, blank + 8)
  }
  if (path === 'checkpoint' && recording.before.length > 0) {
    file.fill(0, 0, 8)
    file.fill(0, 32, 40)
  }
}

/** Where the blank at the end of a commit log file begins; −1 when there is none. */
function blankIn(file: Buffer): number {
  let at = 0
  while (at + 8 <= file.length && file.readInt32BE(at) > 0) {
    if (file.readInt32BE(at + 4) === BLANK_MAGIC) return at
    at += file.readInt32BE(at)
  }
  return -1
}
