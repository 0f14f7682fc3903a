// SPDX-License-Identifier: Apache-2.0
// Walks over a whole log and finds its way again behind what is damaged.
import {
  int64At,
  MESSAGE_MAGIC_V1,
  physicalOffsetAt,
  recordBytesAt,
  RecordLocation,
} from '@rocketmq-ts/remoting/message'
import type { Turn } from '@rocketmq-ts/runtime'
import { checkRecord, type Found, type Place } from '../record-check.ts'
import { BLANK_BYTES, SMALLEST_RECORD_BYTES } from '../record-limits.ts'
import type { FileRow } from './file-row.ts'

const READ_BYTES = 4 * 1024 * 1024
/** No frame carries a larger message: a size beyond it is damage, and must not take the memory it asks for. */
const MOST_RECORD_BYTES = 64 * 1024 * 1024
const BYTES_PER_TURN = 32 * 1024 * 1024
/** What both versions of the magic begin with. */
const MAGIC_START = Buffer.of(
  MESSAGE_MAGIC_V1 >>> 24,
  MESSAGE_MAGIC_V1 >>> 16,
  MESSAGE_MAGIC_V1 >>> 8,
)
const MAGIC_AT = 4
/** Bytes of a record up to the end of its own offset. */
const HEAD_BYTES = 36

/** A part of the log in one file that holds no sound record. */
export interface Gap {
  readonly from: number
  readonly to: number
}

/** Hears what is in the log, in its order. */
export interface LogVisitor {
  /** `place` and `location` are valid during the call. */
  record(place: Place, location: RecordLocation): void
  /** Sound records follow further on. */
  damaged(gap: Gap): void
}

/** Where a log ends. */
export interface LogEnd {
  /** Behind the last sound record, or the start of the file after it. */
  readonly end: number
  /** Bytes lie behind the end: a record that was being written, or remains of what was cut. */
  readonly hasRemains: boolean
}

class WalkWindow implements Place {
  bytes: Buffer
  at = 0
  limit = 0
  offset = 0
  roomBytes = 0
  readonly checksWhole: boolean
  readonly #row: FileRow

  constructor(row: FileRow, checksWhole: boolean) {
    this.#row = row
    this.checksWhole = checksWhole
    this.bytes = Buffer.allocUnsafeSlow(Math.min(READ_BYTES, Math.max(row.fileBytes, HEAD_BYTES)))
  }

  moveTo(offset: number): void {
    const ahead = offset - this.offset
    if (ahead >= 0 && ahead < this.roomBytes && this.at + ahead <= this.limit) {
      this.at += ahead
    } else {
      this.at = 0
      this.limit = 0
    }
    this.offset = offset
    this.roomBytes = this.#row.fileBytes - (offset % this.#row.fileBytes)
  }

  /** Reads on until `wanted` bytes are there; false when the file has no more. */
  fill(wanted: number): boolean {
    const kept = this.limit - this.at
    if (wanted > this.bytes.length) {
      const larger = Buffer.allocUnsafeSlow(wanted)
      this.bytes.copy(larger, 0, this.at, this.limit)
      this.bytes = larger
    } else {
      this.bytes.copyWithin(0, this.at, this.limit)
    }
    this.at = 0
    this.limit = kept
    const most = Math.min(this.bytes.length, this.roomBytes)
    if (most > kept)
      this.limit += this.#row.read(this.offset + kept, this.bytes.subarray(kept, most))
    return this.limit >= wanted
  }

  /** What lies here, with as much read as is needed to tell. */
  check(location: RecordLocation): Found {
    let found = checkRecord(this, location)
    for (let round = 0; found === 'incomplete' && round < 2; round++) {
      const size = this.limit - this.at >= 4 ? recordBytesAt(this.bytes, this.at) : 0
      if (size > MOST_RECORD_BYTES || !this.fill(Math.max(size, BLANK_BYTES))) return 'damaged'
      found = checkRecord(this, location)
    }
    return found
  }
}

/** Options of {@link walkLog}. */
export interface WalkOptions {
  readonly row: FileRow
  readonly visitor: LogVisitor
  /** Something outside the log knows of a record that reaches up to here. */
  readonly knownEnd: number
  /** False where checksums over whole records cannot hold: in copies. */
  readonly checksWhole?: boolean
  readonly turn: Turn
  readonly signal?: AbortSignal | undefined
  readonly progress?: ((offset: number) => void) | undefined
}

/**
 * Tells `visitor` of every sound record, and of what lies between them. Records behind a gap belong to the log when something knows of
 * them, or when they are no older than what comes before: Java leaves remains of a cut log behind its end.
 */
export async function walkLog(options: WalkOptions): Promise<LogEnd> {
  const { row, visitor, turn } = options
  const window = new WalkWindow(row, options.checksWhole ?? true)
  const location = new RecordLocation()
  const pending: Gap[] = []
  let lastStoredMs = 0
  let nextTurn = row.start + BYTES_PER_TURN
  let offset = row.start
  let isSound = true
  while (offset < row.end && isSound) {
    window.moveTo(offset)
    const found = window.check(location)
    if (found === 'record') {
      const storedMs = int64At(window.bytes, location.storeTimestampAt)
      const first = pending[0]
      isSound = first === undefined || options.knownEnd > first.from || storedMs >= lastStoredMs
      if (isSound) {
        for (const gap of pending.splice(0)) visitor.damaged(gap)
        visitor.record(window, location)
        lastStoredMs = storedMs
        offset += location.recordBytes
      }
    } else if (found === 'blank') {
      offset += window.roomBytes
    } else {
      const fileEnd = offset + window.roomBytes
      const next = nextRecord(window, location, offset, fileEnd)
      pending.push({ from: offset, to: next })
      offset = next
    }
    if (offset >= nextTurn) {
      nextTurn = offset + BYTES_PER_TURN
      options.progress?.(Math.min(offset, row.end))
      options.signal?.throwIfAborted()
      await new Promise<void>((resolve) => turn.atEnd(resolve))
    }
  }
  const end = pending[0]?.from ?? offset
  options.progress?.(row.end)
  return { end, hasRemains: pending[0] !== undefined && (!isSound || hasBytes(row, pending)) }
}

/** Offset of the first sound record behind `from`, or `fileEnd`. */
function nextRecord(
  window: WalkWindow,
  location: RecordLocation,
  from: number,
  fileEnd: number,
): number {
  // Often only the record itself is damaged, and its size still right.
  const size = window.limit - window.at >= 4 ? recordBytesAt(window.bytes, window.at) : 0
  if (size >= SMALLEST_RECORD_BYTES && from + size < fileEnd) {
    window.moveTo(from + size)
    if (window.check(location) === 'record') return from + size
  }
  let at = from + 1
  while (at < fileEnd) {
    window.moveTo(at)
    const isThere = window.fill(HEAD_BYTES)
    if (!isThere) return fileEnd
    const candidate = candidateIn(window)
    if (candidate < 0) {
      at = window.offset + (window.limit - window.at) - HEAD_BYTES + 1
      continue
    }
    window.moveTo(candidate)
    if (window.check(location) === 'record') return candidate
    at = candidate + 1
  }
  return fileEnd
}

/** Offset of the first place in the window that looks like a record's head, or −1. */
function candidateIn(window: WalkWindow): number {
  const { bytes, at, limit, offset } = window
  for (let found = bytes.indexOf(MAGIC_START, at + MAGIC_AT); found >= 0;) {
    const start = found - MAGIC_AT
    if (start + HEAD_BYTES > limit) return -1
    if (physicalOffsetAt(bytes, start) === offset + start - at) return offset + start - at
    found = bytes.indexOf(MAGIC_START, found + 1)
  }
  return -1
}

function hasBytes(row: FileRow, gaps: readonly Gap[]): boolean {
  const block = new Uint8Array(64 * 1024)
  const [first] = gaps
  if (first === undefined) return false
  // What the first gap begins with tells: a record that was torn has its size there.
  const bytesRead = row.read(first.from, block)
  return block.subarray(0, bytesRead).some((byte) => byte !== 0)
}
