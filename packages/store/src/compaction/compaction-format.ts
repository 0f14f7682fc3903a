// SPDX-License-Identifier: Apache-2.0
// What lies in the files of a compacted queue: stored records in one row of files, and a 46-byte unit for each of them in another.
//
//  0                8        12          20           28              36      38          42         46
//  ├ position ──────┼ bytes ─┼ tags code ┼ store time ┼ queue offset ─┼ 1 ────┼ −1 ───────┼ 0 ───────┤
//
// A log file and the file of its units have the same name: the position of the log file's first byte. Both end in order with a mark.
import {
  BLANK_MAGIC,
  int16At,
  int32At,
  int64At,
  putInt32,
  putInt64,
  RecordPosition,
} from '@rocketmq-ts/remoting/message'
import { BATCH_ENTRY_BYTES } from '../batch-consume-queue.ts'
import { BLANK_BYTES } from '../record-limits.ts'

export const UNIT_BYTES: number = BATCH_ENTRY_BYTES
const TAGS_AT = 12
const TIME_AT = 20
const QUEUE_OFFSET_AT = 28
const COUNT_AT = 36
const MARK_AT = 38
const RESERVED_AT = 42

/** A unit in bytes that hold several. */
export interface Unit {
  /** Where the record lies; files are counted as if none were missing between them. */
  readonly position: number
  readonly recordBytes: number
  readonly tagsCode: number
  readonly storeTimestampMs: number
  readonly queueOffset: number
}

export function writeUnit(bytes: Uint8Array, at: number, unit: Unit): void {
  putInt64(bytes, at, unit.position)
  putInt32(bytes, at + 8, unit.recordBytes)
  putInt64(bytes, at + TAGS_AT, unit.tagsCode)
  putInt64(bytes, at + TIME_AT, unit.storeTimestampMs)
  putInt64(bytes, at + QUEUE_OFFSET_AT, unit.queueOffset)
  putInt32(bytes, at + COUNT_AT, 1 << 16)
  putInt32(bytes, at + MARK_AT, -1)
  putInt32(bytes, at + RESERVED_AT, 0)
}

/** The unit that says no further one follows in this file. @see SparseConsumeQueue.putEndPositionInfo */
export function writeEndUnit(bytes: Uint8Array, at: number): void {
  bytes.fill(0, at, at + UNIT_BYTES)
  putInt64(bytes, at, -1)
  putInt32(bytes, at + MARK_AT, -1)
}

/** What fills a log file behind its last record. @see CompactionAppendMessageCallback */
export function blankOf(roomBytes: number): Uint8Array {
  const bytes = new Uint8Array(BLANK_BYTES)
  putInt32(bytes, 0, roomBytes)
  putInt32(bytes, 4, BLANK_MAGIC)
  return bytes
}

/** Neither a mark nor bytes that were never written. */
export function isUnitAt(bytes: Uint8Array, at: number): boolean {
  return (
    positionAt(bytes, at) >= 0 &&
    unitRecordBytesAt(bytes, at) > 0 &&
    unitQueueOffsetAt(bytes, at) >= 0 &&
    int16At(bytes, at + COUNT_AT) > 0
  )
}

export function positionAt(bytes: Uint8Array, at: number): number {
  return int64At(bytes, at)
}

export function unitRecordBytesAt(bytes: Uint8Array, at: number): number {
  return int32At(bytes, at + 8)
}

export function unitQueueOffsetAt(bytes: Uint8Array, at: number): number {
  return int64At(bytes, at + QUEUE_OFFSET_AT)
}

/** A copied record says where it lies now. */
export function putPosition(record: Uint8Array, position: number): void {
  putInt64(record, RecordPosition.PHYSICAL_OFFSET, position)
}

/** Lengths of the two files. */
export interface PairSizes {
  readonly unitFileBytes: number
  readonly logFileBytes: number
}

/** @see CompactionLog.getCompactionLogSize */
export function pairSizes(unitBytes: number, logBytes: number): PairSizes {
  const unitFileBytes = unitBytes - (unitBytes % UNIT_BYTES)
  const whole = Math.floor(logBytes / unitFileBytes)
  const rest = logBytes % unitFileBytes
  if (whole < 5) return { unitFileBytes, logFileBytes: unitFileBytes * 5 }
  const isRoundedDown = rest > 0 && rest < Math.floor(unitFileBytes / 2)
  return { unitFileBytes, logFileBytes: unitFileBytes * (isRoundedDown ? whole : whole + 1) }
}
