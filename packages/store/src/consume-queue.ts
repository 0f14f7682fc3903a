// SPDX-License-Identifier: Apache-2.0
// One queue of a topic as 20-byte entries: the recent ones in a ring in memory, all below `persisted` in files.
//
//  0                 8        12                20
//  ├ log offset ─────┼ bytes ─┼ tags code ──────┤   entry i lies at byte 20·i of the queue's row of files
//
// minOffset ≤ persisted ≤ readable ≤ next.  Indexes count entries, not bytes.
import { putInt32, putInt64 } from '@rocketmq-ts/remoting/message'
import type { SegmentFiles } from './segment-files.ts'

export const ENTRY_BYTES = 20
/** Size field of an entry that fills the space before a queue's first real entry. */
export const FILLER_SIZE = 0x7fffffff

const FIRST_CAPACITY = 16
/** An active queue keeps this many recent entries in memory even when they are in its files. */
const WARM_CAPACITY = 1024

/** Memory that rings may take for entries which are also in files; shared by all queues. */
export class RingBudget {
  readonly limitBytes: number
  usedBytes = 0

  constructor(limitBytes: number) {
    this.limitBytes = limitBytes
  }

  allows(byteLength: number): boolean {
    return this.usedBytes + byteLength <= this.limitBytes
  }
}

/** A queue's entries and where it stands. Assigns queue offsets; does no I/O. */
export class ConsumeQueue {
  readonly topic: string
  readonly queueId: number
  readonly segments: SegmentFiles
  readonly #budget: RingBudget
  /** Index of the first entry that points into the log. */
  minOffset = 0
  /** Index the next message gets. */
  next = 0
  /** Entries below this may be read: their messages are in the log as safely as reads demand. */
  readable = 0
  /** Entries below this are in the queue's files. */
  persisted = 0
  /** Listed for writing. */
  listed = false
  /** The topic has been deleted: nothing is written any more. */
  removed = false
  /** Set by every put, cleared by the sweep that frees the rings of idle queues. */
  active = false
  #ring: Uint8Array = new Uint8Array(0)
  #mask = -1
  #ringFrom = 0

  constructor(options: {
    topic: string
    queueId: number
    segments: SegmentFiles
    budget: RingBudget
  }) {
    this.topic = options.topic
    this.queueId = options.queueId
    this.segments = options.segments
    this.#budget = options.budget
  }

  /** Puts all counters at `offset`: a queue that was just loaded or cut holds nothing in memory. */
  reset(offset: number): void {
    this.next = offset
    this.readable = offset
    this.persisted = offset
    this.freeRing()
  }

  /**
   * Leaves the indexes up to `offset` without a message. A queue without entries simply starts there; otherwise the hole gets
   * entries that point nowhere.
   */
  skipTo(offset: number): void {
    if (this.next === 0 && this.segments.count === 0) {
      this.reset(offset)
      return
    }
    while (this.next < offset) this.put(0, FILLER_SIZE, 0)
  }

  /** Takes the next index for a message and keeps its entry; it becomes readable later. */
  put(logOffset: number, recordBytes: number, tagsCode: number): number {
    const index = this.next
    if (index - this.#ringFrom > this.#mask) this.#makeRoom(this.#mask + 1)
    const ring = this.#ring
    const at = (index & this.#mask) * ENTRY_BYTES
    putInt64(ring, at, logOffset)
    putInt32(ring, at + 8, recordBytes)
    putInt64(ring, at + 12, tagsCode)
    this.next = index + 1
    this.active = true
    return index
  }

  /** The recent entries; see {@link slotOf}. */
  get ring(): Uint8Array {
    return this.#ring
  }

  /** Byte position of entry `index` in {@link ring}, or −1 when it is not in memory. */
  slotOf(index: number): number {
    if (index < this.#ringFrom || index >= this.next) return -1
    return (index & this.#mask) * ENTRY_BYTES
  }

  /** Views of the entries from `from` up to `to`, which must be in memory: one, or two around the ring's end. */
  slices(from: number, to: number): Uint8Array[] {
    const start = this.slotOf(from)
    const byteLength = (to - from) * ENTRY_BYTES
    const first = Math.min(byteLength, this.#ring.length - start)
    const slices = [this.#ring.subarray(start, start + first)]
    if (first < byteLength) slices.push(this.#ring.subarray(0, byteLength - first))
    return slices
  }

  /** Gives the ring's memory back; everything in it must be in the files. */
  freeRing(): void {
    this.#budget.usedBytes -= this.#ring.length
    this.#ring = new Uint8Array(0)
    this.#mask = -1
    this.#ringFrom = this.next
  }

  get ringBytes(): number {
    return this.#ring.length
  }

  // Grows when entries not yet in the files would be lost, or while the queue is not warm; otherwise forgets the oldest ones.
  #makeRoom(capacity: number): void {
    const wanted = capacity === 0 ? FIRST_CAPACITY : capacity * 2
    const mustGrow = this.next - this.persisted >= capacity
    const mayGrow = wanted <= WARM_CAPACITY && this.#budget.allows(wanted * ENTRY_BYTES)
    if (!mustGrow && !mayGrow) {
      // A quarter at once, so that this branch is rare; never what the files do not hold.
      this.#ringFrom = Math.min(this.persisted, this.#ringFrom + Math.max(1, capacity >> 2))
      return
    }
    const kept = Math.max(this.#ringFrom, mustGrow && !mayGrow ? this.persisted : 0)
    const ring = new Uint8Array(wanted * ENTRY_BYTES)
    for (let index = kept; index < this.next; index++) {
      const from = (index & (capacity - 1)) * ENTRY_BYTES
      ring.set(this.#ring.subarray(from, from + ENTRY_BYTES), (index & (wanted - 1)) * ENTRY_BYTES)
    }
    this.#budget.usedBytes += ring.length - this.#ring.length
    this.#ring = ring
    this.#mask = wanted - 1
    this.#ringFrom = kept
  }
}
