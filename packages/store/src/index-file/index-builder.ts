// SPDX-License-Identifier: Apache-2.0
// Follows the log behind dispatch and enters each record's keys: from the tail while it is near, else from the log's files.
import {
  BLANK_MAGIC,
  int64At,
  magicAt,
  recordBytesAt,
  RecordLocation,
  SysFlag,
  transactionTypeOf,
} from '@rocketmq-ts/remoting/message'
import type { Logger, Turn } from '@rocketmq-ts/runtime'
import type { SegmentFiles } from '../segment-files.ts'
import type { Tail } from '../tail.ts'
import type { IndexFiles } from './index-files.ts'
import { readAt } from './index-io.ts'
import { RecordKeys } from './index-keys.ts'
import type { IndexResume } from './index-recovery.ts'

/** Bytes looked at before other work gets its turn. */
const SLICE_BYTES = 256 * 1024
/** Entries that are written to the file at once. */
const WRITE_ENTRIES = 32_768

/** Takes one step after another; nothing else changes the index files meanwhile. */
export class IndexBuilder {
  readonly #index: IndexFiles
  readonly #log: { readonly tail: Tail; readonly segments: SegmentFiles }
  readonly #turn: Turn
  readonly #logger: Logger
  readonly #keys = new RecordKeys()
  readonly #location = new RecordLocation()
  /** Every record below is in the index. */
  offset: number
  /** Keys of the record at `offset` which are in the index too. */
  keysDone: number

  constructor(options: {
    index: IndexFiles
    log: { readonly tail: Tail; readonly segments: SegmentFiles }
    turn: Turn
    logger: Logger
    resume: IndexResume
  }) {
    this.#index = options.index
    this.#log = options.log
    this.#turn = options.turn
    this.#logger = options.logger
    this.offset = options.resume.offset
    this.keysDone = options.resume.keysDone
  }

  /** Indexes everything below `limit`, which is the end of a record, unless `isStopped` says otherwise. */
  async advance(limit: number, isStopped: () => boolean): Promise<void> {
    while (this.offset < limit && !isStopped()) {
      await this.#index.writable().makeWritable()
      const chunk = this.#log.tail.find(this.offset)
      if (chunk === undefined) await this.#fromFile(limit)
      else this.#take(chunk.bytes, chunk.start, Math.min(chunk.end, limit))
      const { last } = this.#index
      if (last !== undefined && last.waitingEntries >= WRITE_ENTRIES) await last.writeEntries()
      if (this.offset < limit) await new Promise<void>((resolve) => this.#turn.atEnd(resolve))
    }
  }

  /** Indexes the records of a stretch of the log that begins at `start`, up to `end`; returns how many bytes it passed over. */
  #take(bytes: Uint8Array, start: number, end: number): number {
    const from = this.offset
    const sliceEnd = Math.min(end, from + SLICE_BYTES)
    const limit = end - start
    while (this.offset < sliceEnd) {
      const at = this.offset - start
      if (limit - at >= 8 && magicAt(bytes, at) === BLANK_MAGIC) {
        this.offset = this.#nextSegment()
        break
      }
      const location = this.#location
      if (!location.locate(bytes, at, limit)) break
      this.#enter(bytes, location)
      this.offset += location.recordBytes
    }
    return this.offset - from
  }

  /** @see IndexService.buildIndex */
  #enter(bytes: Uint8Array, location: RecordLocation): void {
    // Java makes sure of a file before it looks whether the record has keys.
    let file = this.#index.writable()
    if (transactionTypeOf(location.sysFlag) === SysFlag.TRANSACTION_ROLLBACK) return
    const keys = this.#keys
    keys.read(bytes, location)
    const storeTimestampMs = int64At(bytes, location.storeTimestampAt)
    // Kept up to date: when no further file can be made, the rest is entered later.
    for (; this.keysDone < keys.count; this.keysDone++) {
      if (file.isFull) file = this.#index.writable()
      file.put(keys.hash(this.keysDone), this.offset, storeTimestampMs)
    }
    this.keysDone = 0
  }

  async #fromFile(limit: number): Promise<void> {
    const { segments } = this.#log
    if (!segments.holds(this.offset)) {
      // Cleaning was faster.
      this.offset = Math.max(segments.start, this.offset)
      if (!segments.holds(this.offset)) this.offset = limit
      return
    }
    const { offset } = this
    let bytes = await this.#read(offset, SLICE_BYTES, limit)
    const recordBytes = bytes.length >= 4 ? recordBytesAt(bytes, 0) : 0
    const isLonger = recordBytes > bytes.length && magicAt(bytes, 0) !== BLANK_MAGIC
    if (isLonger) bytes = await this.#read(offset, recordBytes, limit)
    if (this.#take(bytes, offset, offset + bytes.length) > 0) return
    this.#logger.error(
      { offset },
      'there is no sound record here: the rest of this file is not indexed',
    )
    this.offset = Math.min(this.#nextSegment(), limit)
  }

  async #read(offset: number, byteLength: number, limit: number): Promise<Uint8Array> {
    const room = Math.min(limit, this.#nextSegment()) - offset
    const bytes = new Uint8Array(Math.min(byteLength, room))
    const position = offset - this.#log.segments.startOf(offset)
    const bytesRead = await readAt(this.#log.segments.fileAt(offset), bytes, position)
    return bytes.subarray(0, bytesRead)
  }

  #nextSegment(): number {
    const { segments } = this.#log
    return segments.startOf(this.offset) + segments.segmentBytes
  }
}
