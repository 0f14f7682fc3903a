// SPDX-License-Identifier: Apache-2.0
// Single entries of a queue, from memory or from its files without waiting on the event loop.
import { int32At, int64At } from '@rocketmq-ts/remoting/message'
import { BatchConsumeQueue, baseOffsetAt, storeTimestampInEntry } from './batch-consume-queue.ts'
import { newSeek, seekBatch } from './batch-seek.ts'
import { type ConsumeQueue, FILLER_SIZE } from './consume-queue.ts'
import type { EntryWindows } from './entry-windows.ts'

/** One entry. */
export interface QueueEntry {
  /** Log offset of the record; −1 when the entry points nowhere. */
  readonly offset: number
  readonly recordBytes: number
  /** Queue offset of its first message. */
  readonly queueOffset: number
  /** Only entries of batches carry it; −1 in others. */
  readonly storeTimestampMs: number
}

/** Reads for tools and searches; none of them is on the path of many. */
export class EntryLookup {
  readonly #windows: EntryWindows

  constructor(windows: EntryWindows) {
    this.#windows = windows
  }

  /** The readable entry at an index, undefined when it is not there. */
  async at(queue: ConsumeQueue, index: number): Promise<QueueEntry | undefined> {
    if (index < 0 || index >= queue.readable) return undefined
    const slot = queue.slotOf(index)
    if (slot >= 0) return entryOf(queue, index, queue.ring, slot)
    if (!(await this.#load(queue, index))) return undefined
    const window = this.#windows.find(queue, index)
    if (window === undefined) return undefined
    return entryOf(queue, index, window.bytes, (index - window.first) * queue.entryBytes)
  }

  /** Index of the entry that holds a queue offset; −1 when it cannot be found. */
  async indexOf(queue: ConsumeQueue, queueOffset: number): Promise<number> {
    if (!(queue instanceof BatchConsumeQueue)) return queueOffset
    const seek = newSeek()
    for (;;) {
      const found = seekBatch(queue, queueOffset, seek, this.#windows)
      if (found >= 0) return found
      if (!(await this.#load(queue, seek.middle))) return -1
    }
  }

  #load(queue: ConsumeQueue, index: number): Promise<boolean> {
    if (this.#windows.find(queue, index) !== undefined) return Promise.resolve(true)
    if (!queue.segments.holds(index * queue.entryBytes)) return Promise.resolve(false)
    return new Promise((resolve) => {
      this.#windows.load(queue, index, (error) => {
        resolve(error === undefined && this.#windows.find(queue, index) !== undefined)
      })
    })
  }
}

function entryOf(queue: ConsumeQueue, index: number, bytes: Uint8Array, at: number): QueueEntry {
  const recordBytes = int32At(bytes, at + 8)
  const offset = recordBytes === FILLER_SIZE ? -1 : int64At(bytes, at)
  const isBatch = queue instanceof BatchConsumeQueue
  return {
    offset,
    recordBytes,
    queueOffset: isBatch ? baseOffsetAt(bytes, at) : index,
    storeTimestampMs: isBatch ? storeTimestampInEntry(bytes, at) : -1,
  }
}
