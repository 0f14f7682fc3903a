// SPDX-License-Identifier: Apache-2.0
// Finds where consume queues end in their files, and cuts entries that cannot be trusted.
import { int32At, int64At } from '@rocketmq-ts/remoting/message'
import type { OpenFile } from '@rocketmq-ts/runtime'
import { type ConsumeQueue, ENTRY_BYTES, FILLER_SIZE } from './consume-queue.ts'

/** Entries of one read: short queues need no other. */
const BLOCK_ENTRIES = 200

/** Log offset and size of an entry; fillers have offset −1. */
export interface EntryAt {
  readonly offset: number
  readonly recordBytes: number
}

/** Reads entries of one queue from its files, a block at a time. */
export class EntryReader {
  readonly #queue: ConsumeQueue
  readonly #block = new Uint8Array(BLOCK_ENTRIES * ENTRY_BYTES)
  #first = 0
  #count = 0

  constructor(queue: ConsumeQueue) {
    this.#queue = queue
  }

  /** Index behind the last entry that the files have room for. */
  get limit(): number {
    return this.#queue.segments.end / ENTRY_BYTES
  }

  /** Index of the first entry in the files. */
  get start(): number {
    return this.#queue.segments.start / ENTRY_BYTES
  }

  /** Undefined when nothing was written there. */
  at(index: number): EntryAt | undefined {
    if (index < this.#first || index >= this.#first + this.#count) this.#read(index)
    const at = (index - this.#first) * ENTRY_BYTES
    const recordBytes = int32At(this.#block, at + 8)
    if (this.#count === 0 || recordBytes <= 0) return undefined
    return { offset: recordBytes === FILLER_SIZE ? -1 : int64At(this.#block, at), recordBytes }
  }

  /** First index for which `isBehind` holds, given that it never turns false again: looked for near the start first. */
  firstWhere(isBehind: (entry: EntryAt | undefined) => boolean): number {
    const { start, limit } = this
    let low = start
    let high = limit
    for (let step = BLOCK_ENTRIES - 1; low + step < limit; step *= 4) {
      if (isBehind(this.at(low + step))) {
        high = low + step
        break
      }
      low += step + 1
    }
    while (low < high) {
      const middle = Math.floor((low + high) / 2)
      if (isBehind(this.at(middle))) high = middle
      else low = middle + 1
    }
    return low
  }

  #read(index: number): void {
    const { segments } = this.#queue
    const position = index * ENTRY_BYTES
    this.#count = 0
    if (!segments.holds(position)) return
    // Blocks begin at fixed places, so that a search that closes in reads none of them twice.
    const inSegment = position - segments.startOf(position)
    const blockStart = inSegment - (inSegment % this.#block.length)
    const bytesRead = segments.fileAt(position).readSync(this.#block, blockStart)
    this.#first = (segments.startOf(position) + blockStart) / ENTRY_BYTES
    this.#count = Math.floor(bytesRead / ENTRY_BYTES)
  }
}

/** Where a queue's trustworthy entries end. */
export interface QueueEnd {
  /** Index behind the last of them. */
  readonly next: number
  /** The last one, when there is one in the files. */
  readonly last: EntryAt | undefined
}

/** The entries whose messages lie wholly below `logEnd`: entries grow with the log, and unwritten ones read as zero. */
export function entriesBelow(queue: ConsumeQueue, logEnd: number): QueueEnd {
  const reader = new EntryReader(queue)
  const next = reader.firstWhere((entry) => {
    if (entry === undefined) return true
    return entry.offset >= 0 && entry.offset + entry.recordBytes > logEnd
  })
  return { next, last: next > reader.start ? reader.at(next - 1) : undefined }
}

/** First entry that points at or above `logStart`; `queue.next` when none does. */
export function firstEntryFrom(queue: ConsumeQueue, logStart: number): number {
  const reader = new EntryReader(queue)
  const first = reader.firstWhere((entry) => entry === undefined || entry.offset >= logStart)
  return Math.min(first, queue.next)
}

/** Removes the entries from `end` on and sets the queue's counters; returns the file that must be flushed. */
export function cutEntries(queue: ConsumeQueue, end: number): OpenFile | undefined {
  queue.reset(end)
  return queue.segments.cut(end * ENTRY_BYTES)
}
