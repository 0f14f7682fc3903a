// SPDX-License-Identifier: Apache-2.0
// One queue of a topic as 20-byte entries: the recent ones in a ring in memory, all below `persisted` in files.
//
//  0                 8        12                20
//  ├ log offset ─────┼ bytes ─┼ tags code ──────┤   entry i lies at byte 20·i of the queue's row of files
//
// minOffset ≤ persisted ≤ readable ≤ next.  Indexes count entries, not bytes.
import { putInt32, putInt64 } from '@rocketmq-ts/remoting/message'
import { putExtPosition, type QueueExt, type QueueExtUnit } from './queue-ext.ts'
import type { SegmentFiles } from './segment-files.ts'

export const ENTRY_BYTES = 20
/** Size field of an entry that fills the space before a queue's first real entry. */
export const FILLER_SIZE = 0x7fffffff

/** Few, since of many queues most get a message only now and then. */
const FIRST_CAPACITY = 2
/** An active queue keeps this many recent entries in memory even when they are in its files. */
const WARM_CAPACITY = 1024
/** Shared, so that a queue at rest costs next to nothing. */
const NO_RING = new Uint8Array(0)
/** Queues that one sweep looks at: about a millisecond. */
const SWEPT_AT_ONCE = 16_384

/** Memory that rings may take for entries which are also in files; shared by all queues. */
export class RingBudget {
  readonly limitBytes: number
  usedBytes = 0
  /** Queues that have a ring, and some that had one. */
  readonly #holders: ConsumeQueue[] = []
  #next = 0

  constructor(limitBytes: number) {
    this.limitBytes = limitBytes
  }

  allows(byteLength: number): boolean {
    return this.usedBytes + byteLength <= this.limitBytes
  }

  /** The queue has got a ring. */
  holds(queue: ConsumeQueue): void {
    this.#holders.push(queue)
  }

  /** Looks at some queues, others each time, and gives back the rings of those that got nothing since the last look while memory is short. */
  sweep(): void {
    const holders = this.#holders
    for (let visits = Math.min(holders.length, SWEPT_AT_ONCE); visits > 0; visits--) {
      if (this.#next >= holders.length) this.#next = 0
      const queue = holders[this.#next]
      if (queue === undefined) return
      const isIdle = !queue.active && queue.persisted === queue.next
      if (isIdle && this.usedBytes * 2 > this.limitBytes) queue.freeRing()
      queue.active = false
      if (queue.ringBytes > 0) this.#next++
      else this.#forget(queue)
    }
  }

  #forget(queue: ConsumeQueue): void {
    queue.isSwept = false
    const last = this.#holders.pop()
    if (last !== undefined && last !== queue) this.#holders[this.#next] = last
  }
}

/** What a queue is made of. */
export interface ConsumeQueueOptions {
  readonly topic: string
  readonly queueId: number
  readonly segments: SegmentFiles
  readonly budget: RingBudget
  /** Where entries leave what does not fit into them. */
  readonly ext?: QueueExt | undefined
}

/** A queue's entries and where it stands. Assigns queue offsets; does no I/O. Here an entry's index is its message's queue offset. */
export class ConsumeQueue {
  readonly topic: string
  readonly queueId: number
  readonly segments: SegmentFiles
  readonly entryBytes: number
  readonly ext: QueueExt | undefined
  readonly #budget: RingBudget
  /** Queue offset of the first message that is in the log. */
  minOffset = 0
  /** Where that message lies in the log, or lower; −1 when nobody has looked. */
  minLogOffset = -1
  /** Index the next message gets. */
  next = 0
  /** Entries below this may be read: their messages are in the log as safely as reads demand. */
  readable = 0
  /** Entries below this are in the queue's files. */
  persisted = 0
  /** Listed for writing. */
  listed = false
  /** How often the counters were set anew: entries on their way into a file from before mean nothing. */
  beginnings = 0
  /** The topic has been deleted: nothing is written any more. */
  removed = false
  /** Set by every put, cleared by the sweep that frees the rings of idle queues. */
  active = false
  /** Known to the sweep. */
  isSwept = false
  #ring: Uint8Array = NO_RING
  #mask = -1
  #ringFrom = 0

  constructor(options: ConsumeQueueOptions, entryBytes: number = ENTRY_BYTES) {
    this.topic = options.topic
    this.queueId = options.queueId
    this.segments = options.segments
    this.ext = options.ext
    this.entryBytes = entryBytes
    this.#budget = options.budget
  }

  /** Queue offset behind the last readable message. */
  get maxOffset(): number {
    return this.readable
  }

  /** Queue offset that the next message gets. */
  get nextOffset(): number {
    return this.next
  }

  /** The next entry's message may be read from now on; returns its queue offset. */
  arrive(): number {
    return this.readable++
  }

  /** Puts all counters at `offset`: a queue that was just loaded or cut holds nothing in memory. */
  reset(offset: number): void {
    this.next = offset
    this.readable = offset
    this.persisted = offset
    this.beginnings++
    this.freeRing()
  }

  /**
   * Leaves the indexes up to `offset` without a message. A queue without entries simply starts there; otherwise the hole gets
   * entries that point nowhere.
   */
  skipTo(offset: number): void {
    if (this.next === 0 && this.segments.count === 0) {
      this.reset(offset)
      this.minOffset = offset
      return
    }
    while (this.next < offset) this.put(0, FILLER_SIZE, 0)
  }

  /** Takes the next index for a message and keeps its entry; it becomes readable later. */
  put(logOffset: number, recordBytes: number, tagsCode: number): number {
    const at = this.claim()
    const ring = this.#ring
    putInt64(ring, at, logOffset)
    putInt32(ring, at + 8, recordBytes)
    putInt64(ring, at + 12, tagsCode)
    return this.next - 1
  }

  /** As {@link put}, with a unit that says more than an entry can. */
  putWithUnit(logOffset: number, recordBytes: number, unit: QueueExtUnit): number {
    const position = this.ext?.put(unit) ?? -1
    const index = this.put(logOffset, recordBytes, unit.tagsCode)
    if (position >= 0) putExtPosition(this.#ring, this.slotOf(index) + 12, position)
    return index
  }

  /** Takes the next index; returns the byte position in {@link ring} at which its entry must be laid out now. */
  protected claim(): number {
    const index = this.next
    if (index - this.#ringFrom > this.#mask) this.#makeRoom(this.#mask + 1)
    this.next = index + 1
    this.active = true
    return (index & this.#mask) * this.entryBytes
  }

  /** The recent entries; see {@link slotOf}. */
  get ring(): Uint8Array {
    return this.#ring
  }

  /** Byte position of entry `index` in {@link ring}, or −1 when it is not in memory. */
  slotOf(index: number): number {
    if (index < this.#ringFrom || index >= this.next) return -1
    return (index & this.#mask) * this.entryBytes
  }

  /** Views of the entries from `from` up to `to`, which must be in memory: one, or two around the ring's end. */
  slices(from: number, to: number): Uint8Array[] {
    const start = this.slotOf(from)
    const byteLength = (to - from) * this.entryBytes
    const first = Math.min(byteLength, this.#ring.length - start)
    const slices = [this.#ring.subarray(start, start + first)]
    if (first < byteLength) slices.push(this.#ring.subarray(0, byteLength - first))
    return slices
  }

  /** Gives the ring's memory back; everything in it must be in the files. */
  freeRing(): void {
    this.#budget.usedBytes -= this.#ring.length
    this.#ring = NO_RING
    this.#mask = -1
    this.#ringFrom = this.next
  }

  /** Lowest index whose entry is in memory; {@link next} when there is none. */
  get firstInMemory(): number {
    return this.#ringFrom
  }

  get ringBytes(): number {
    return this.#ring.length
  }

  // Grows when entries not yet in the files would be lost, or while the queue is not warm; otherwise forgets the oldest ones.
  #makeRoom(capacity: number): void {
    const { entryBytes } = this
    const wanted = capacity === 0 ? FIRST_CAPACITY : capacity * 2
    const mustGrow = this.next - this.persisted >= capacity
    const mayGrow = wanted <= WARM_CAPACITY && this.#budget.allows(wanted * entryBytes)
    if (!mustGrow && !mayGrow) {
      // A quarter at once, so that this branch is rare; never what the files do not hold.
      this.#ringFrom = Math.min(this.persisted, this.#ringFrom + Math.max(1, capacity >> 2))
      return
    }
    const kept = Math.max(this.#ringFrom, mustGrow && !mayGrow ? this.persisted : 0)
    const ring = new Uint8Array(wanted * entryBytes)
    for (let index = kept; index < this.next; index++) {
      const from = (index & (capacity - 1)) * entryBytes
      ring.set(this.#ring.subarray(from, from + entryBytes), (index & (wanted - 1)) * entryBytes)
    }
    if (!this.isSwept) {
      this.isSwept = true
      this.#budget.holds(this)
    }
    this.#budget.usedBytes += ring.length - this.#ring.length
    this.#ring = ring
    this.#mask = wanted - 1
    this.#ringFrom = kept
  }
}
