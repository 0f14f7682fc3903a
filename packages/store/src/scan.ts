// SPDX-License-Identifier: Apache-2.0
// Walks over the log record by record, checking each.
import { recordBytesAt, RecordLocation } from '@rocketmq-ts/remoting/message'
import type { Turn } from '@rocketmq-ts/runtime'
import { checkRecord, type Place } from './record-check.ts'
import { BLANK_BYTES } from './record-limits.ts'
import type { SegmentFiles } from './segment-files.ts'

const READ_BYTES = 4 * 1024 * 1024
/** Enough for most single records. */
const SINGLE_READ_BYTES = 16 * 1024
/** Other work gets its turn after this much. */
const BYTES_PER_TURN = 64 * 1024 * 1024

/** Where a scan ended and why. */
export interface ScanEnd {
  /** Behind the last sound record, or behind the blank that follows it. */
  readonly end: number
  /** `nothing`: the log ends here in order. `damaged`: something that is not a sound record lies here. */
  readonly reason: 'nothing' | 'damaged'
}

/** Called for each sound record: its bytes at `place.at`, its parts in `location`; both valid during the call. */
export type TakeRecord = (place: Place, location: RecordLocation) => void

/** A place for {@link checkRecord} that reads segments block by block. */
class Window implements Place {
  bytes: Buffer
  at = 0
  limit = 0
  offset: number
  roomBytes = 0
  readonly checksWhole: boolean
  readonly #segments: SegmentFiles

  constructor(
    segments: SegmentFiles,
    offset: number,
    readBytes: number,
    checksWhole: boolean = false,
  ) {
    this.bytes = Buffer.allocUnsafeSlow(readBytes)
    this.checksWhole = checksWhole
    this.#segments = segments
    this.offset = offset
    this.moveTo(offset)
  }

  /** Goes to an offset; keeps what has been read when it lies ahead in the same segment. */
  moveTo(offset: number): void {
    const ahead = offset - this.offset
    const isNear = ahead < this.roomBytes && this.at + ahead <= this.limit
    if (isNear) {
      this.at += ahead
      this.roomBytes -= ahead
    } else {
      this.at = 0
      this.limit = 0
      this.roomBytes = this.#segments.segmentBytes - (offset % this.#segments.segmentBytes)
    }
    this.offset = offset
  }

  /** Reads on until the record here is whole; false when the segment ends before it does. */
  fillRecord(): boolean {
    const size = this.limit - this.at >= 4 ? recordBytesAt(this.bytes, this.at) : 0
    return this.fill(Math.max(size, BLANK_BYTES))
  }

  /** Reads on until `wanted` bytes are there; false when the segment has no more. */
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
    if (most <= kept) return kept >= wanted
    const position = (this.offset % this.#segments.segmentBytes) + kept
    const file = this.#segments.fileAt(this.offset)
    this.limit += file.readSync(this.bytes.subarray(kept, most), position)
    return this.limit >= wanted
  }
}

/** Calls `take` for each sound record from `from` on; `progress` now and then with the offset reached. */
export async function scan(options: {
  segments: SegmentFiles
  from: number
  /** See {@link Place.checksWhole}. */
  checksWhole: boolean
  turn: Turn
  take: TakeRecord
  progress: (offset: number) => Promise<void>
}): Promise<ScanEnd> {
  const { segments, turn, take, progress } = options
  const location = new RecordLocation()
  const readBytes = Math.min(READ_BYTES, segments.segmentBytes)
  const window = new Window(segments, options.from, readBytes, options.checksWhole)
  let nextTurn = options.from + BYTES_PER_TURN
  while (segments.holds(window.offset)) {
    const found = checkRecord(window, location)
    if (found === 'record') {
      take(window, location)
      window.moveTo(window.offset + location.recordBytes)
    } else if (found === 'blank') {
      window.moveTo(window.offset + window.roomBytes)
    } else if (found === 'incomplete') {
      if (!window.fillRecord()) return { end: window.offset, reason: 'damaged' }
    } else {
      return { end: window.offset, reason: found }
    }
    if (window.offset >= nextTurn) {
      nextTurn = window.offset + BYTES_PER_TURN
      await progress(window.offset)
      await new Promise<void>((resolve) => turn.atEnd(resolve))
    }
  }
  return { end: window.offset, reason: 'nothing' }
}

/**
 * Calls `take` with the bytes of each sound record and blank from `from` up to `to`; returns the offset reached, which is less than
 * `to` when something else lies there. The view is valid during the call.
 */
export function eachSoundRecord(
  segments: SegmentFiles,
  from: number,
  to: number,
  take: (bytes: Uint8Array, offset: number) => void,
): number {
  const location = new RecordLocation()
  const window = new Window(segments, from, Math.min(READ_BYTES, segments.segmentBytes))
  while (window.offset < to) {
    const { at, offset } = window
    const found = checkRecord(window, location)
    if (found === 'record') {
      take(window.bytes.subarray(at, at + location.recordBytes), offset)
      window.moveTo(offset + location.recordBytes)
    } else if (found === 'blank') {
      take(window.bytes.subarray(at, at + BLANK_BYTES), offset)
      window.moveTo(offset + window.roomBytes)
    } else if (found !== 'incomplete' || !window.fillRecord()) {
      break
    }
  }
  return window.offset
}

/** The sound record that starts at `offset`, with its parts; undefined when there is none. */
export function recordAt(
  segments: SegmentFiles,
  offset: number,
): { place: Place; location: RecordLocation } | undefined {
  if (!segments.holds(offset)) return undefined
  const location = new RecordLocation()
  const window = new Window(segments, offset, SINGLE_READ_BYTES)
  let found = checkRecord(window, location)
  for (let round = 0; found === 'incomplete' && round < 2; round++) {
    if (!window.fillRecord()) return undefined
    found = checkRecord(window, location)
  }
  return found === 'record' ? { place: window, location } : undefined
}
