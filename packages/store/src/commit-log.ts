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
 * `end` (appended) ≥ `written` (in the kernel) ≥ `flushed` (on disk).
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
}

function endWithBlank(chunk: Chunk, room: number): void {
  putInt32(chunk.bytes, chunk.used, room)
  putInt32(chunk.bytes, chunk.used + 4, BLANK_MAGIC)
  chunk.used += BLANK_BYTES
}
