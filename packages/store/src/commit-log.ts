// SPDX-License-Identifier: Apache-2.0
// The log: lays records out in the tail, assigns offsets, and knows how far it is appended, written and flushed.
import {
  BLANK_MAGIC,
  bodyCrc,
  putInt32,
  type StoredRecordFields,
  writeStoredRecord,
} from '@rocketmq-ts/remoting/message'
import { writePropertyCrc } from './property-crc.ts'
import { BLANK_BYTES } from './record-limits.ts'
import type { SegmentFiles } from './segment-files.ts'
import { type Chunk, Tail } from './tail.ts'

/**
 * Offsets are log offsets in bytes, and each is at most the one before:
 * `end` (appended) ≥ `written` (in the kernel) ≥ `flushed` (on disk); `written` ≥ `confirmed` (may be read).
 */
export class CommitLog {
  readonly segments: SegmentFiles
  readonly tail: Tail
  /** Where the next record starts. */
  end: number
  /** Everything below survives the death of the process. */
  written: number
  /** Everything below survives a loss of power. */
  flushed: number
  /** Everything below is on the replicas that count; moved by replication. */
  replicated = 0
  /** Everything below may be read: what is written, unless replication holds it back. */
  confirmed: number
  /** How far replication lets readers go; undefined while it does not care. */
  confirmable: number | undefined
  readonly #propertyCrc: boolean

  /** @param options.end Where the log ends in the files. */
  constructor(options: {
    segments: SegmentFiles
    end: number
    flushed: number
    tailBytes: number
    tailChunkBytes: number
    /** Each record's properties end with room for its checksum. */
    propertyCrc: boolean
  }) {
    this.segments = options.segments
    this.#propertyCrc = options.propertyCrc
    this.end = options.end
    this.written = options.end
    this.flushed = options.flushed
    this.confirmed = options.end
    const chunkBytes = Math.min(options.tailChunkBytes, options.segments.segmentBytes)
    this.tail = new Tail({ chunkBytes, maxBytes: options.tailBytes, start: options.end })
  }

  /** Lowest offset that can be read. */
  get start(): number {
    return this.segments.count === 0 ? this.end : this.segments.start
  }

  /**
   * Makes room for `byteLength` in one segment and in one chunk, ending the current segment with a blank when it has too little.
   * Returns false when the tail is full of bytes that are not written yet. The caller has checked that a segment can hold them.
   */
  prepare(byteLength: number): boolean {
    const { segmentBytes } = this.segments
    const room = segmentBytes - (this.end % segmentBytes)
    if (byteLength + BLANK_BYTES <= room) {
      return this.tail.fits(byteLength) || this.tail.roll(this.end, byteLength, this.written)
    }
    return this.endSegment(byteLength)
  }

  /** Ends the current segment with a blank; the next one has room for `byteLength` in memory. False when the tail is full. */
  endSegment(byteLength: number = 0): boolean {
    const { segmentBytes } = this.segments
    const room = segmentBytes - (this.end % segmentBytes)
    const next = this.end + room
    const { active } = this.tail
    if (!this.tail.roll(next, byteLength, this.written)) return false
    endWithBlank(active, room)
    active.continuesAt = next
    this.end = next
    return true
  }

  /** Lays the record out at the end of the tail; {@link prepare} has made room. Sets its offset and checksum. */
  append(fields: StoredRecordFields, recordBytes: number): void {
    const chunk = this.tail.active
    fields.physicalOffset = this.end
    fields.bodyCrc = bodyCrc(fields.body, 0, fields.body.length)
    writeStoredRecord(chunk.bytes, chunk.used, fields)
    if (this.#propertyCrc) writePropertyCrc(chunk.bytes, chunk.used, chunk.used + recordBytes)
    chunk.used += recordBytes
    this.end += recordBytes
  }

  /** Puts a record that was laid out elsewhere at the end of the tail; {@link prepare} has made room. */
  appendBytes(record: Uint8Array): void {
    const chunk = this.tail.active
    chunk.bytes.set(record, chunk.used)
    chunk.used += record.length
    this.end += record.length
  }

  /** Moves `confirmed` as far as it may go. */
  confirm(): void {
    this.confirmed =
      this.confirmable === undefined ? this.written : Math.min(this.confirmable, this.written)
  }

  /** Takes everything at and behind `offset` away, in memory and in the files; everything appended has been written. */
  cut(offset: number): void {
    this.segments.cut(offset)?.flushSync()
    this.segments.flushNames()
    this.tail.restart(offset)
    this.end = offset
    this.written = offset
    this.flushed = Math.min(this.flushed, offset)
    this.replicated = Math.min(this.replicated, offset)
    if (this.confirmable !== undefined) this.confirmable = Math.min(this.confirmable, offset)
    this.confirm()
  }
}

function endWithBlank(chunk: Chunk, room: number): void {
  putInt32(chunk.bytes, chunk.used, room)
  putInt32(chunk.bytes, chunk.used + 4, BLANK_MAGIC)
  chunk.used += BLANK_BYTES
}
