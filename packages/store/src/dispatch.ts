// SPDX-License-Identifier: Apache-2.0
// Makes messages readable in log order once the log may be read up to them, and tells the listener.
import { int64At, RecordLocation } from '@rocketmq-ts/remoting/message'
import type { ConsumeQueue } from './consume-queue.ts'
import type { ArrivalListener } from './messages.ts'
import { extPositionAt } from './queue-ext.ts'
import type { QueueWriter } from './queue-writer.ts'
import type { Tail } from './tail.ts'

/**
 * A ring of appended records that are not readable yet: queue, end offset, store time. The entry itself already lies in its queue.
 * Index and other derived stores get their turn here as well, off the append path.
 */
export class Dispatch {
  readonly #tail: Tail
  readonly #writer: QueueWriter
  #queues: (ConsumeQueue | undefined)[] = Array.from({ length: 1024 }, () => undefined)
  #ends = new Float64Array(1024)
  #times = new Float64Array(1024)
  #head = 0
  #size = 0
  #listener: ArrivalListener | undefined
  /** Everything below is readable. */
  offset: number
  /** Store time of the last record that became readable. */
  storeTimestampMs = 0
  /** Where the last of them that has an entry begins, −1 when none is known, and its store time. */
  entryOffset = -1
  entryTimestampMs = 0
  // What `properties` looks at: set before each call of the listener.
  #currentOffset = 0
  readonly #location = new RecordLocation()
  readonly #properties: () => Uint8Array | undefined = () => this.#propertiesAt(this.#currentOffset)

  constructor(options: { tail: Tail; writer: QueueWriter; offset: number }) {
    this.#tail = options.tail
    this.#writer = options.writer
    this.offset = options.offset
  }

  /** One listener; a new one replaces it. */
  listen(listener: ArrivalListener): void {
    this.#listener = listener
  }

  /**
   * A record was appended that has an entry in `queue`; records without a queue (prepared and rolled back) only move the offset.
   * A record with entries in several queues is pushed once for each.
   */
  push(queue: ConsumeQueue | undefined, end: number, storeTimestampMs: number): void {
    if (this.#size === this.#ends.length) this.#grow()
    const at = (this.#head + this.#size) & (this.#ends.length - 1)
    this.#queues[at] = queue
    this.#ends[at] = end
    this.#times[at] = storeTimestampMs
    this.#size++
  }

  /** Forgets what is not readable yet: the log has been cut at `offset`, below which everything is. */
  restart(offset: number): void {
    this.#queues.fill(undefined)
    this.#head = 0
    this.#size = 0
    this.offset = offset
    // The checkpoint must not be told of a record that is gone.
    this.storeTimestampMs = 0
    this.entryOffset = -1
    this.entryTimestampMs = 0
  }

  /** Makes everything below `watermark` readable. */
  advance(watermark: number): void {
    while (this.#size > 0) {
      // Read anew each time: the listener may append, and the ring may grow.
      const mask = this.#ends.length - 1
      const at = this.#head & mask
      const end = this.#ends[at] ?? 0
      if (end > watermark) break
      const queue = this.#queues[at]
      const time = this.#times[at] ?? 0
      this.#queues[at] = undefined
      this.#head = (at + 1) & mask
      this.#size--
      this.offset = end
      this.storeTimestampMs = time
      if (queue !== undefined && !queue.removed) this.#arrived(queue, time)
    }
  }

  #arrived(queue: ConsumeQueue, time: number): void {
    const slot = queue.slotOf(queue.readable)
    const queueOffset = queue.arrive()
    this.#writer.note(queue)
    this.entryOffset = int64At(queue.ring, slot)
    this.entryTimestampMs = time
    if (this.#listener === undefined) return
    this.#currentOffset = this.entryOffset
    const tagsCode = tagsCodeInEntry(queue, slot)
    this.#listener(queue.topic, queue.queueId, queueOffset, tagsCode, time, this.#properties)
  }

  #propertiesAt(offset: number): Uint8Array | undefined {
    const chunk = this.#tail.find(offset)
    if (chunk === undefined) return undefined
    const location = this.#location
    if (!location.locate(chunk.bytes, offset - chunk.start, chunk.used)) return undefined
    return chunk.bytes.subarray(location.propertiesStart, location.propertiesEnd)
  }

  #grow(): void {
    const capacity = this.#ends.length
    const queues: (ConsumeQueue | undefined)[] = Array.from(
      { length: capacity * 2 },
      () => undefined,
    )
    const ends = new Float64Array(capacity * 2)
    const times = new Float64Array(capacity * 2)
    for (let i = 0; i < this.#size; i++) {
      const from = (this.#head + i) & (capacity - 1)
      queues[i] = this.#queues[from]
      ends[i] = this.#ends[from] ?? 0
      times[i] = this.#times[from] ?? 0
    }
    this.#queues = queues
    this.#ends = ends
    this.#times = times
    this.#head = 0
  }
}

/** The tags code of an entry in memory, from its unit when it has one: a unit stays in memory until its entry could be read. */
function tagsCodeInEntry(queue: ConsumeQueue, slot: number): number {
  if (queue.ext !== undefined) {
    const position = extPositionAt(queue.ring, slot + 12)
    if (position >= 0) return queue.ext.find(position)?.tagsCode ?? 0
  }
  return int64At(queue.ring, slot + 12)
}
