// SPDX-License-Identifier: Apache-2.0
// Scenario: appends beside raw positional writes of the same bytes in the same sizes, in short alternating stretches.
//
// Short stretches end before anything is flushed, and are flushed in between: they compare an append with a write. Long ones are
// flushed meanwhile on both sides, in the thread pool, each time so many bytes wait for it as let the store flush.

import { closeSync, fdatasync, fdatasyncSync, ftruncateSync, openSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import process from 'node:process'
import type { MessageStore, MessageToStore, PutStatus } from '@rocketmq-ts/store'
import { type Figures, ours, raw, type StoreBench } from '../options.ts'
import {
  batchOf,
  everyTurn,
  flushed,
  inFolder,
  messageOf,
  openStore,
  pause,
  recordBytesOf,
  written,
} from './store-setup.ts'

const queues = 4
const mebibyte = 1024 * 1024
/** As large as the store's tail, so that the raw write takes its bytes from as much memory. */
const sourceBytes = 16 * mebibyte
/** The store flushes when this much waits, which is half of its tail. */
const aheadBytes = sourceBytes / 2
const shortBytes = 6 * mebibyte
const longBytes = 64 * mebibyte
/** So short that the pause between two stretches is. It is over when one begins. */
const flushIntervalMs = 100
const segmentBytes = 1024 * mebibyte

export interface AppendCase {
  readonly bodyBytes: number
  /** Records of one write. */
  readonly batch: number
  /** One request with all of them, or so many requests in one turn of the event loop. */
  readonly inOneRequest: boolean
  /** A long stretch, flushed behind. */
  readonly isFlushed: boolean
}

export function nameOf({ bodyBytes, batch, inOneRequest, isFlushed }: AppendCase): string {
  const records = inOneRequest ? `a batch of ${batch}` : String(batch)
  return `${bodyBytes} B, ${records} per write${isFlushed ? ', flushed behind' : ''}`
}

/** What the target is for: 1 KiB, 16 in a write. */
export const targetCases: readonly AppendCase[] = [false, true].map((inOneRequest) => ({
  bodyBytes: 1024,
  batch: 16,
  inOneRequest,
  isFlushed: false,
}))

export const appendCases: readonly AppendCase[] = [128, 1024].flatMap((bodyBytes) => [
  { bodyBytes, batch: 1, inOneRequest: false, isFlushed: false },
  { bodyBytes, batch: 16, inOneRequest: false, isFlushed: false },
  { bodyBytes, batch: 16, inOneRequest: true, isFlushed: false },
  { bodyBytes, batch: 256, inOneRequest: false, isFlushed: false },
  { bodyBytes, batch: 256, inOneRequest: true, isFlushed: false },
  { bodyBytes, batch: 16, inOneRequest: false, isFlushed: true },
])

export async function runAppendScenario(bench: StoreBench, figures: Figures): Promise<void> {
  console.log('\n== store-append: appends, and raw writes of the same bytes')
  for (const one of appendCases) await measureAppend(bench, one, figures)
}

/** Megabytes per second of both sides, and what a record costs. */
export async function measureAppend(
  bench: StoreBench,
  one: AppendCase,
  figures: Figures,
): Promise<void> {
  await inFolder(bench.scratch, async (folder) => {
    const store = await openStore(join(folder, 'store'), {
      indexEnabled: false,
      flushIntervalMs,
    })
    const writes = new RawWrites(join(folder, 'raw'))
    try {
      await appendStretch(store, one)
      await flushed(store)
      await writes.stretch(one)
      await writes.flush()
      for (let run = 0; run < bench.runs; run++) {
        note(figures, ours, one, await measured(() => appendStretch(store, one)))
        await flushed(store)
        note(figures, raw, one, await measured(() => writes.stretch(one)))
        await writes.flush()
      }
    } finally {
      writes.close()
      await store.close()
    }
  })
}

interface Measured {
  readonly seconds: number
  readonly cpuMicros: number
  /** Without those of flushes and of the collector; all that counts when the machine has nothing else to do. */
  readonly threadMicros: number
  readonly records: number
}

async function measured(stretch: () => Promise<number>): Promise<Measured> {
  const cpu = process.cpuUsage()
  const thread = process.threadCpuUsage()
  const startedMs = performance.now()
  const records = await stretch()
  const seconds = (performance.now() - startedMs) / 1000
  const { user, system } = process.cpuUsage(cpu)
  const own = process.threadCpuUsage(thread)
  return { seconds, cpuMicros: user + system, threadMicros: own.user + own.system, records }
}

function note(figures: Figures, side: typeof ours, one: AppendCase, result: Measured): void {
  const { records, seconds, cpuMicros, threadMicros } = result
  const scenario = 'store-append'
  const name = nameOf(one)
  const rate = records / seconds
  const megabytes = (rate * recordBytesOf(one.bodyBytes)) / 1e6
  figures.add(side, { scenario, what: name, unit: 'MB/s', better: 'more' }, megabytes)
  figures.add(side, { scenario, what: name, unit: 'records/s', better: 'more' }, rate)
  const micros = (unit: string, value: number): void =>
    figures.add(side, { scenario, what: name, unit, better: 'less' }, value / records)
  micros('µs of the thread per record', threadMicros)
  micros('µs CPU per record', cpuMicros)
}

function timesOf({ isFlushed, batch, bodyBytes }: AppendCase): number {
  return Math.ceil((isFlushed ? longBytes : shortBytes) / (batch * recordBytesOf(bodyBytes)))
}

/** Appends a stretch; returns the number of records. */
async function appendStretch(store: MessageStore, one: AppendCase): Promise<number> {
  const { bodyBytes, batch, inOneRequest } = one
  const message = inOneRequest ? batchOf(bodyBytes, batch) : messageOf(bodyBytes)
  const append = inOneRequest ? appendRequest : appendSingly
  const times = timesOf(one)
  let done = 0
  await everyTurn(() => {
    append(store, message, batch, done)
    done++
    return done < times
  })
  await written(store)
  return times * batch
}

function appendRequest(
  store: MessageStore,
  message: MessageToStore,
  _count: number,
  turn: number,
): void {
  message.queueId = turn % queues
  check(store.appendBatch(message).status)
}

function appendSingly(
  store: MessageStore,
  message: MessageToStore,
  count: number,
  turn: number,
): void {
  for (let i = 0; i < count; i++) {
    message.queueId = (turn + i) % queues
    check(store.append(message).status)
  }
}

// What is written in each turn leaves room in the tail: nothing may be refused.
function check(status: PutStatus): void {
  if (status !== 'PUT_OK') throw new Error(`an append was refused: ${status}`)
}

/** Positional writes to a file of a segment's size, which takes its room as it is written, as the store's does. */
class RawWrites {
  readonly #source: Buffer = Buffer.alloc(sourceBytes, 'b')
  readonly #path: string
  #descriptor: number
  #position = 0
  #sourceAt = 0
  #flushedTo = 0
  #isFlushing = false

  constructor(path: string) {
    this.#path = path
    this.#descriptor = this.#create()
  }

  async stretch(one: AppendCase): Promise<number> {
    const writeBytes = one.batch * recordBytesOf(one.bodyBytes)
    const times = timesOf(one)
    if (this.#position + times * writeBytes > segmentBytes) this.#again()
    let done = 0
    // What the store leaves to the end of a turn of the event loop needs none here, but a flush tells its end in one.
    const turnBytes = one.isFlushed ? aheadBytes / 8 : Infinity
    await everyTurn(() => {
      const from = this.#position
      while (done < times && this.#position - from < turnBytes) {
        this.#write(writeBytes)
        done++
      }
      if (one.isFlushed) this.#flushBehind()
      return done < times
    })
    return times * one.batch
  }

  #write(byteLength: number): void {
    if (this.#sourceAt + byteLength > sourceBytes) this.#sourceAt = 0
    writeSync(this.#descriptor, this.#source, this.#sourceAt, byteLength, this.#position)
    this.#sourceAt += byteLength
    this.#position += byteLength
  }

  #flushBehind(): void {
    const to = this.#position
    if (this.#isFlushing || to - this.#flushedTo < aheadBytes) return
    this.#isFlushing = true
    fdatasync(this.#descriptor, () => {
      this.#isFlushing = false
      this.#flushedTo = to
    })
  }

  async flush(): Promise<void> {
    while (this.#isFlushing) await pause(1)
    fdatasyncSync(this.#descriptor)
    this.#flushedTo = this.#position
  }

  close(): void {
    closeSync(this.#descriptor)
  }

  #create(): number {
    const descriptor = openSync(this.#path, 'w+')
    ftruncateSync(descriptor, segmentBytes)
    return descriptor
  }

  #again(): void {
    closeSync(this.#descriptor)
    this.#descriptor = this.#create()
    this.#position = 0
    this.#flushedTo = 0
  }
}
