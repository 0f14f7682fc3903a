// SPDX-License-Identifier: Apache-2.0
// Scenario: writers that each wait for the disk, beside a loop of one write and one fdatasync after the other.

import { closeSync, fdatasyncSync, ftruncateSync, openSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import type { MessageStore, MessageToStore } from '@rocketmq-ts/store'
import { type Figures, ours, raw, type StoreBench } from '../options.ts'
import {
  type Calls,
  flushed,
  inFolder,
  messageOf,
  openStore,
  recordBytesOf,
} from './store-setup.ts'

const bodyBytes = 1024
const stretchMs = 250
const fileBytes = 1024 * 1024 * 1024
const scenario = 'store-sync'

export async function runSyncScenario(bench: StoreBench, figures: Figures): Promise<void> {
  console.log('\n== store-sync: SYNC_FLUSH, and raw writes each with its fdatasync')
  for (const writers of [1, 16, 128]) await measureSync(bench, writers, figures)
}

export async function measureSync(
  bench: StoreBench,
  writers: number,
  figures: Figures,
): Promise<void> {
  await inFolder(bench.scratch, async (folder) => {
    const calls: Calls = { below: '/commitlog/', flushes: 0, reads: 0 }
    const root = join(folder, 'store')
    const store = await openStore(root, { flushDiskType: 'SYNC_FLUSH', indexEnabled: false }, calls)
    const loop = new RawLoop(join(folder, 'raw'))
    const what = `${bodyBytes} B, ${writers} ${writers === 1 ? 'writer' : 'writers'}`
    try {
      await stretch(store, writers)
      loop.stretch()
      for (let run = 0; run < bench.runs; run++) {
        const before = calls.flushes
        const rate = await stretch(store, writers)
        const perFlush = (rate * stretchMs) / 1000 / (calls.flushes - before)
        figures.add(ours, { scenario, what, unit: 'acks/s', better: 'more' }, rate)
        await flushed(store)
        figures.add(raw, { scenario, what, unit: 'acks/s', better: 'more' }, loop.stretch())
        figures.add(ours, { scenario, what, unit: 'acks per fdatasync', better: 'more' }, perFlush)
        figures.add(raw, { scenario, what, unit: 'acks per fdatasync', better: 'more' }, 1)
      }
    } finally {
      loop.close()
      await store.close()
    }
  })
}

/** Acknowledgements per second while each writer sends its next message when the one before is safe. */
async function stretch(store: MessageStore, writers: number): Promise<number> {
  const all = new Writers(store, writers)
  const startedMs = performance.now()
  all.send(writers)
  while (performance.now() - startedMs < stretchMs) await nextTurn()
  const { count } = all
  const seconds = (performance.now() - startedMs) / 1000
  all.isOver = true
  return count / seconds
}

const nextTurn = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 1))

/** What an acknowledgement allows is sent in the next turn of the event loop, as a client's next request would arrive. */
class Writers {
  readonly #store: MessageStore
  readonly #message: MessageToStore = messageOf(bodyBytes)
  #due = 0
  count = 0
  isOver = false

  constructor(store: MessageStore, queues: number) {
    this.#store = store
    this.#message.queueId = queues - 1
  }

  send(count: number): void {
    for (let i = 0; i < count && !this.isOver; i++) {
      const { status, offset, recordBytes } = this.#store.append(this.#message)
      if (status !== 'PUT_OK') throw new Error(`an append was refused: ${status}`)
      this.#store.whenSafe(offset + recordBytes, this, true)
    }
  }

  acknowledged(): void {
    this.count++
    if (this.#due++ > 0) return
    setImmediate(() => {
      const due = this.#due
      this.#due = 0
      this.send(due)
    })
  }
}

class RawLoop {
  readonly #record: Buffer = Buffer.alloc(recordBytesOf(bodyBytes), 'b')
  readonly #descriptor: number
  #position = 0

  constructor(path: string) {
    this.#descriptor = openSync(path, 'w+')
    ftruncateSync(this.#descriptor, fileBytes)
  }

  stretch(): number {
    const startedMs = performance.now()
    let count = 0
    while (performance.now() - startedMs < stretchMs) {
      writeSync(this.#descriptor, this.#record, 0, this.#record.length, this.#position)
      fdatasyncSync(this.#descriptor)
      this.#position += this.#record.length
      count++
    }
    return count / ((performance.now() - startedMs) / 1000)
  }

  close(): void {
    closeSync(this.#descriptor)
  }
}
