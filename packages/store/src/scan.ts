// SPDX-License-Identifier: Apache-2.0
// Walks over the log record by record, checking each.
import { recordBytesAt, RecordLocation } from '@rocketmq-ts/remoting/message'
import type { Turn } from '@rocketmq-ts/runtime'
import { checkRecord, type Place } from './record-check.ts'
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
  readonly #segments: SegmentFiles

  constructor(segments: SegmentFiles, offset: number, readBytes: number) {
    this.bytes = Buffer.allocUnsafeSlow(readBytes)
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
  turn: Turn
  take: TakeRecord
  progress: (offset: number) => Promise<void>
}): Promise<ScanEnd> {
  const { segments, turn, take, progress } = options
  const location = new RecordLocation()
  const window = new Window(segments, options.from, Math.min(READ_BYTES, segments.segmentBytes))
  let nextTurn = options.from + BYTES_PER_TURN
  while (segments.holds(window.offset)) {
    const found = checkRecord(window, location)
    if (found === 'record') {
      take(window, location)
      window.moveTo(window.offset + location.recordBytes)
    } else if (found === 'blank') {
      window.moveTo(window.offset + window.roomBytes)
    } else if (found === 'incomplete') {
      const size = window.limit - window.at >= 4 ? recordBytesAt(window.bytes, window.at) : 8
      if (!window.fill(Math.max(size, 8))) return { end: window.offset, reason: 'damaged' }
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
    const size = window.limit - window.at >= 4 ? recordBytesAt(window.bytes, window.at) : 8
    if (!window.fill(Math.max(size, 8))) return undefined
    found = checkRecord(window, location)
  }
  return found === 'record' ? { place: window, location } : undefined
}
