// SPDX-License-Identifier: Apache-2.0
// Finds where consume queues end in their files, and cuts entries that cannot be trusted.
import { int32At, int64At } from '@rocketmq-ts/remoting/message'
import type { OpenFile } from '@rocketmq-ts/runtime'
import {
  BATCH_ENTRY_BYTES,
  BatchConsumeQueue,
  baseOffsetAt,
  messageCountAt,
} from './batch-consume-queue.ts'
import { type ConsumeQueue, FILLER_SIZE } from './consume-queue.ts'
import { extPositionAt } from './queue-ext.ts'

/** Entries of one read: short queues need no other. */
const BLOCK_ENTRIES = 200

/** One block for all readers, which work one after another: its owner is the reader that filled it. */
const block: { readonly bytes: Uint8Array; owner: EntryReader | undefined } = {
  bytes: new Uint8Array(BLOCK_ENTRIES * BATCH_ENTRY_BYTES),
  owner: undefined,
}

/** What recovery asks of an entry; fillers have offset −1. */
export interface EntryAt {
  readonly offset: number
  readonly recordBytes: number
  /** Queue offset of the first message, and of the one behind the last. */
  readonly queueOffset: number
  readonly nextOffset: number
  /** Position of its unit, or −1. */
  readonly extPosition: number
}

/** Reads entries of one queue from memory or from its files, a block at a time. */
export class EntryReader {
  readonly #queue: ConsumeQueue
  readonly #entryBytes: number
  #first = 0
  #count = 0

  constructor(queue: ConsumeQueue) {
    this.#queue = queue
    this.#entryBytes = queue.entryBytes
  }

  /** Index behind the last entry that the files have room for. */
  get limit(): number {
    return this.#queue.segments.end / this.#entryBytes
  }

  /** Index of the first entry in the files. */
  get start(): number {
    return this.#queue.segments.start / this.#entryBytes
  }

  /** Undefined when nothing was written there. */
  at(index: number): EntryAt | undefined {
    const slot = this.#queue.slotOf(index)
    if (slot >= 0) return this.#entry(this.#queue.ring, slot, index)
    const isInBlock = index >= this.#first && index < this.#first + this.#count
    if (!isInBlock || block.owner !== this) this.#read(index)
    if (this.#count === 0) return undefined
    return this.#entry(block.bytes, (index - this.#first) * this.#entryBytes, index)
  }

  /** First index from `start` up to `limit` for which `isBehind` holds, given that it never turns false again: looked for near the start first. */
  firstWhere(
    isBehind: (entry: EntryAt | undefined) => boolean,
    start: number = this.start,
    limit: number = this.limit,
  ): number {
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

  #entry(bytes: Uint8Array, at: number, index: number): EntryAt | undefined {
    const recordBytes = int32At(bytes, at + 8)
    if (recordBytes <= 0) return undefined
    const offset = recordBytes === FILLER_SIZE ? -1 : int64At(bytes, at)
    if (this.#queue instanceof BatchConsumeQueue) {
      const queueOffset = baseOffsetAt(bytes, at)
      const count = messageCountAt(bytes, at)
      if (queueOffset < 0 || count <= 0) return undefined
      return { offset, recordBytes, queueOffset, nextOffset: queueOffset + count, extPosition: -1 }
    }
    const extPosition = extPositionAt(bytes, at + 12)
    return { offset, recordBytes, queueOffset: index, nextOffset: index + 1, extPosition }
  }

  #read(index: number): void {
    const { segments } = this.#queue
    const position = index * this.#entryBytes
    this.#count = 0
    if (!segments.holds(position)) return
    // Blocks begin at fixed places, so that a search that closes in reads none of them twice.
    const inSegment = position - segments.startOf(position)
    const blockBytes = BLOCK_ENTRIES * this.#entryBytes
    const blockStart = inSegment - (inSegment % blockBytes)
    block.owner = this
    const into = block.bytes.subarray(0, blockBytes)
    const bytesRead = segments.fileAt(position).readSync(into, blockStart)
    this.#first = (segments.startOf(position) + blockStart) / this.#entryBytes
    this.#count = Math.floor(bytesRead / this.#entryBytes)
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

/** Puts the counters of a queue that was just loaded or cut behind its last entry. */
export function resumeBehind(queue: ConsumeQueue, next: number, last: EntryAt | undefined): void {
  if (queue instanceof BatchConsumeQueue) queue.resume(next, last?.nextOffset ?? 0)
  else queue.reset(next)
}

/** Removes the entries from `end` on, the last that stays being `last`, and sets the queue's counters; returns the file that must be flushed. */
export function cutEntries(
  queue: ConsumeQueue,
  end: number,
  last: EntryAt | undefined,
): OpenFile | undefined {
  resumeBehind(queue, end, last)
  return queue.segments.cut(end * queue.entryBytes)
}

/** Position of the last unit that an entry below `end` refers to, or −1. */
export function lastExtPosition(queue: ConsumeQueue, end: number): number {
  const reader = new EntryReader(queue)
  for (let index = end - 1; index >= reader.start; index--) {
    const position = reader.at(index)?.extPosition ?? -1
    if (position >= 0) return position
  }
  return -1
}

/** Log offset of the first entry behind a gap in a queue's row, or infinity. When it is trusted, the gap is not what a crash leaves. */
export function firstBehindGap(queue: ConsumeQueue): number {
  const { segments } = queue
  const [path] = segments.behindGap
  if (path === undefined) return Number.POSITIVE_INFINITY
  const entry = new Uint8Array(queue.entryBytes)
  const bytesRead = segments.fileAtPath(path).readSync(entry, 0)
  const isEntry = bytesRead === entry.length && int32At(entry, 8) > 0
  return isEntry ? int64At(entry, 0) : Number.POSITIVE_INFINITY
}
