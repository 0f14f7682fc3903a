// SPDX-License-Identifier: Apache-2.0
// Looks single messages up: by log offset, by queue offset, by time.
import { int32At, int64At, recordBytesAt, storeTimestampAt } from '@rocketmq-ts/remoting/message'
import type { CommitLog } from './commit-log.ts'
import { type ConsumeQueue, ENTRY_BYTES, FILLER_SIZE } from './consume-queue.ts'
import type { ConsumeQueues } from './consume-queues.ts'
import type { EntryWindows } from './entry-windows.ts'
import type { Boundary } from './messages.ts'
import { SMALLEST_RECORD_BYTES } from './record-limits.ts'
import { recordAt } from './scan.ts'

/** Enough of a record to find its store time, also with IPv6 hosts. */
const HEAD_BYTES = SMALLEST_RECORD_BYTES

/** Reads of one record each; none of them is on the path of many. */
export class Lookup {
  readonly #log: CommitLog
  readonly #queues: ConsumeQueues
  readonly #windows: EntryWindows
  #earliestOffset = -1
  #earliestMs = -1

  constructor(options: { log: CommitLog; queues: ConsumeQueues; windows: EntryWindows }) {
    this.#log = options.log
    this.#queues = options.queues
    this.#windows = options.windows
  }

  /** A copy of the record that starts at `offset`. */
  readAt(offset: number, done: (record: Uint8Array | undefined) => void): void {
    this.#read(offset, 4, (size) => {
      const recordBytes = size === undefined ? 0 : recordBytesAt(size, 0)
      if (recordBytes < SMALLEST_RECORD_BYTES) {
        done(undefined)
        return
      }
      this.#read(offset, recordBytes, (record) => {
        const isRecord = record !== undefined && int64At(record, 28) === offset
        done(isRecord ? record : undefined)
      })
    })
  }

  async storeTimestampAt(
    topic: string,
    queueId: number,
    queueOffset: number,
  ): Promise<number | undefined> {
    const queue = this.#queues.find(topic, queueId)
    return queue === undefined ? undefined : this.#timeOf(queue, queueOffset)
  }

  /** Store time of the log's first record, remembered until the log's start moves. */
  earliestStoreTimestampMs(): number {
    const { start, written } = this.#log
    if (start === written) return -1
    if (this.#earliestOffset !== start) {
      const first = this.#firstRecord(start)
      if (first === undefined) return -1
      this.#earliestOffset = start
      this.#earliestMs = int64At(first.place.bytes, first.location.storeTimestampAt)
    }
    return this.#earliestMs
  }

  // A disk that fails must not fail those who ask for figures.
  #firstRecord(start: number): ReturnType<typeof recordAt> {
    try {
      return recordAt(this.#log.segments, start)
    } catch {
      return undefined
    }
  }

  /** Binary search over the store times of a queue. @see ConsumeQueue.getOffsetInQueueByTime */
  async searchOffset(
    topic: string,
    queueId: number,
    timestampMs: number,
    boundary: Boundary,
  ): Promise<number> {
    const queue = this.#queues.find(topic, queueId)
    if (queue === undefined || queue.readable <= queue.minOffset) return 0
    const isBefore = async (index: number): Promise<boolean> => {
      const time = await this.#timeOf(queue, index)
      if (time === undefined) return true
      return boundary === 'LOWER' ? time < timestampMs : time <= timestampMs
    }
    let low = queue.minOffset
    let high = queue.readable
    while (low < high) {
      const middle = Math.floor((low + high) / 2)
      if (await isBefore(middle)) low = middle + 1
      else high = middle
    }
    if (boundary === 'LOWER') return low
    return Math.max(low - 1, queue.minOffset)
  }

  #timeOf(queue: ConsumeQueue, index: number): Promise<number | undefined> {
    return new Promise((resolve) => {
      this.#entry(queue, index, (offset) => {
        if (offset === undefined) resolve(undefined)
        else {
          this.#read(offset, HEAD_BYTES, (head) => {
            resolve(head === undefined ? undefined : storeTimestampAt(head, 0))
          })
        }
      })
    })
  }

  /** Log offset of a queue's entry. */
  #entry(queue: ConsumeQueue, index: number, done: (offset: number | undefined) => void): void {
    if (index < queue.minOffset || index >= queue.readable) {
      done(undefined)
      return
    }
    const slot = queue.slotOf(index)
    if (slot >= 0) {
      done(offsetOf(queue.ring, slot))
      return
    }
    const finish = (): void => {
      const window = this.#windows.find(queue, index)
      if (window === undefined) done(undefined)
      else done(offsetOf(window.bytes, (index - window.first) * ENTRY_BYTES))
    }
    if (this.#windows.find(queue, index) !== undefined) finish()
    else this.#windows.load(queue, index, finish)
  }

  /** A copy of `byteLength` bytes of the log, or undefined when they cannot be had. */
  #read(offset: number, byteLength: number, done: (bytes: Uint8Array | undefined) => void): void {
    const log = this.#log
    if (offset < log.start || offset + byteLength > log.written) {
      done(undefined)
      return
    }
    const chunk = log.tail.find(offset)
    if (chunk !== undefined) {
      const at = offset - chunk.start
      const isWhole = at + byteLength <= chunk.used
      done(isWhole ? Uint8Array.prototype.slice.call(chunk.bytes, at, at + byteLength) : undefined)
      return
    }
    const bytes = new Uint8Array(byteLength)
    const segmentStart = log.segments.startOf(offset)
    if (offset + byteLength > segmentStart + log.segments.segmentBytes) {
      done(undefined)
      return
    }
    try {
      log.segments.fileAt(offset).read(bytes, offset - segmentStart, (error, bytesRead) => {
        done(error === undefined && bytesRead === byteLength ? bytes : undefined)
      })
    } catch {
      // A file that cannot be opened is a record that cannot be had; the reader of messages reports such files.
      done(undefined)
    }
  }
}

function offsetOf(entries: Uint8Array, at: number): number | undefined {
  return int32At(entries, at + 8) === FILLER_SIZE ? undefined : int64At(entries, at)
}
