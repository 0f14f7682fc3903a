// SPDX-License-Identifier: Apache-2.0
// A queue of inner batches: one 46-byte entry for each stored batch, whose messages share it.
//
//  0                 8        12          20           28            36      38          42         46
//  ├ log offset ─────┼ bytes ─┼ tags code ┼ store time ┼ base offset ┼ count ┼ −1 ───────┼ 0 ───────┤
//
// Indexes count entries; queue offsets count messages. The field with −1 belongs to compaction, the last one is reserved.
import { int16At, int64At, putInt32, putInt64 } from '@rocketmq-ts/remoting/message'
import { ConsumeQueue, type ConsumeQueueOptions } from './consume-queue.ts'

export const BATCH_ENTRY_BYTES = 46
const TAGS_AT = 12
const TIME_AT = 20
const BASE_AT = 28
const COUNT_AT = 36
const COMPACTED_AT = 38
const RESERVED_AT = 42
/** The count is a short. */
export const MAX_BATCH_COUNT = 0x7fff

/** A stored batch. */
export interface BatchEntry {
  readonly logOffset: number
  readonly recordBytes: number
  readonly tagsCode: number
  readonly storeTimestampMs: number
  /** Queue offset of its first message. */
  readonly baseOffset: number
  /** Number of its messages, 1 … {@link MAX_BATCH_COUNT}. */
  readonly count: number
}

/** Store time in a batch entry at byte position `at`. */
export function storeTimestampInEntry(entries: Uint8Array, at: number): number {
  return int64At(entries, at + TIME_AT)
}

/** Queue offset of an entry's first message. */
export function baseOffsetAt(entries: Uint8Array, at: number): number {
  return int64At(entries, at + BASE_AT)
}

/** Number of an entry's messages. */
export function messageCountAt(entries: Uint8Array, at: number): number {
  return int16At(entries, at + COUNT_AT)
}

/** Java's BatchConsumeQueue. */
export class BatchConsumeQueue extends ConsumeQueue {
  #maxOffset = 0
  #nextOffset = 0

  constructor(options: ConsumeQueueOptions) {
    super(options, BATCH_ENTRY_BYTES)
    // Java says so of a queue without entries.
    this.minOffset = -1
  }

  override get maxOffset(): number {
    return this.#maxOffset
  }

  override get nextOffset(): number {
    return this.#nextOffset
  }

  /** Puts the entries' counters at `index` and the next message's queue offset at `nextOffset`. */
  resume(index: number, nextOffset: number): void {
    this.reset(index)
    this.#maxOffset = nextOffset
    this.#nextOffset = nextOffset
  }

  /** Leaves the queue offsets up to `offset` without an entry. */
  override skipTo(offset: number): void {
    this.#nextOffset = Math.max(this.#nextOffset, offset)
  }

  /** Keeps the entry of a batch; the queue's next message comes behind its last one. */
  putBatch(entry: BatchEntry): void {
    const at = this.claim()
    const { ring } = this
    putInt64(ring, at, entry.logOffset)
    putInt32(ring, at + 8, entry.recordBytes)
    putInt64(ring, at + TAGS_AT, entry.tagsCode)
    putInt64(ring, at + TIME_AT, entry.storeTimestampMs)
    putInt64(ring, at + BASE_AT, entry.baseOffset)
    putInt32(ring, at + COUNT_AT, entry.count << 16)
    putInt32(ring, at + COMPACTED_AT, -1)
    putInt32(ring, at + RESERVED_AT, 0)
    this.#nextOffset = entry.baseOffset + entry.count
  }

  override arrive(): number {
    const at = this.slotOf(this.readable)
    this.readable++
    const base = baseOffsetAt(this.ring, at)
    this.#maxOffset = base + messageCountAt(this.ring, at)
    if (this.minOffset < 0) this.minOffset = base
    return base
  }
}
