// SPDX-License-Identifier: Apache-2.0
// Looks single messages up: by log offset, by queue offset, by time.
import { int64At, recordBytesAt, storeTimestampAt } from '@rocketmq-ts/remoting/message'
import type { LogChecksums } from './checksums/log-checksums.ts'
import type { CommitLog } from './commit-log.ts'
import type { ConsumeQueue } from './consume-queue.ts'
import type { ConsumeQueues } from './consume-queues.ts'
import { EntryLookup } from './entry-lookup.ts'
import type { EntryWindows } from './entry-windows.ts'
import type { Boundary } from './messages.ts'
import { SMALLEST_RECORD_BYTES } from './record-limits.ts'
import { recordAt } from './scan.ts'
import { searchByTime } from './time-search.ts'

/** Enough of a record to find its store time, also with IPv6 hosts. */
const HEAD_BYTES = SMALLEST_RECORD_BYTES

/** Reads of one record each; none of them is on the path of many. */
export class Lookup {
  readonly #log: CommitLog
  readonly #queues: ConsumeQueues
  readonly #entries: EntryLookup
  readonly #checksums: LogChecksums | undefined
  #earliestOffset = -1
  #earliestMs = -1

  constructor(options: {
    log: CommitLog
    queues: ConsumeQueues
    windows: EntryWindows
    checksums?: LogChecksums | undefined
  }) {
    this.#checksums = options.checksums
    this.#log = options.log
    this.#queues = options.queues
    this.#entries = new EntryLookup(options.windows)
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
        if (isRecord) this.#ifSound(offset, record, done)
        else done(undefined)
      })
    })
  }

  // A record in memory is what was appended; one from a file may have changed at rest.
  #ifSound(
    offset: number,
    record: Uint8Array,
    done: (record: Uint8Array | undefined) => void,
  ): void {
    const checksums = this.#checksums
    if (checksums === undefined || this.#log.tail.find(offset) !== undefined) done(record)
    else {
      checksums.verifyRange(offset, record.length, (isSound) => {
        done(isSound ? record : undefined)
      })
    }
  }

  async storeTimestampAt(
    topic: string,
    queueId: number,
    queueOffset: number,
  ): Promise<number | undefined> {
    const queue = this.#queues.find(topic, queueId)
    if (queue === undefined || queueOffset < queue.minOffset || queueOffset >= queue.maxOffset) {
      return undefined
    }
    const time = await this.#timeOf(queue, await this.#entries.indexOf(queue, queueOffset))
    return time === undefined || time < 0 ? undefined : time
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

  /** Searches a queue by store time; 0 for a queue that does not exist. */
  async searchOffset(
    topic: string,
    queueId: number,
    timestampMs: number,
    boundary: Boundary,
  ): Promise<number> {
    const queue = this.#queues.find(topic, queueId)
    if (queue === undefined) return 0
    return searchByTime(queue, timestampMs, boundary, {
      timeAt: (index) => this.#timeOf(queue, index),
      isGone: async (index) => {
        const entry = await this.#entries.at(queue, index)
        return entry !== undefined && entry.offset < this.#log.start
      },
      queueOffsetAt: async (index) => (await this.#entries.at(queue, index))?.queueOffset ?? 0,
    })
  }

  /** Undefined when there is no such entry, −1 when the log does not have its message. */
  async #timeOf(queue: ConsumeQueue, index: number): Promise<number | undefined> {
    const entry = await this.#entries.at(queue, index)
    if (entry === undefined) return undefined
    if (entry.storeTimestampMs >= 0) return entry.storeTimestampMs
    return new Promise((resolve) => {
      this.#read(entry.offset, HEAD_BYTES, (head) => {
        resolve(head === undefined ? -1 : storeTimestampAt(head, 0))
      })
    })
  }

  /** A copy of `byteLength` bytes of the log, or undefined when they cannot be had. */
  #read(offset: number, byteLength: number, done: (bytes: Uint8Array | undefined) => void): void {
    const log = this.#log
    if (offset < log.start || offset + byteLength > log.confirmed) {
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
