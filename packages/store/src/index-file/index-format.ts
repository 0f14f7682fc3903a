// SPDX-License-Identifier: Apache-2.0
// The bytes of an index file: header, hash slots, entries.
//
//  0            8            16           24           32        36      40
//  ├ first time ┼ last time ─┼ first offset ┼ last offset ┼ slots used ┼ next entry ┤   header
//
//  40 + 4·s    number of the newest entry whose key hash is s modulo the slot count, 0 when there is none
//
//  from 40 + 4·slots on, entry n at 20·n (entry 0 is never used):
//  0          4                 12            16              20
//  ├ key hash ┼ log offset ─────┼ seconds ────┼ entry before ──┤   seconds since the header's first time; chain of the slot
//
// All big-endian; times are store timestamps in milliseconds. (Java: IndexHeader, IndexFile)
import { int32At, int64At, putInt32, putInt64 } from '@rocketmq-ts/remoting/message'

export const HEADER_BYTES = 40
export const SLOT_BYTES = 4
export const INDEX_ENTRY_BYTES = 20
const DAY_MS = 86_400_000

/** How many slots and entries each file has room for. */
export interface IndexShape {
  /** Java: maxHashSlotNum. */
  readonly slots: number
  /** One more than can be used: entry 0 never is. (Java: maxIndexNum) */
  readonly entries: number
}

/** The header of a file. */
export interface IndexHeader {
  beginTimestampMs: number
  endTimestampMs: number
  /** Log offsets of the first and the last record in the file. */
  beginOffset: number
  endOffset: number
  usedSlots: number
  /** Number the next entry gets; 1 in an empty file. */
  count: number
}

export function indexFileBytes(shape: IndexShape): number {
  return HEADER_BYTES + shape.slots * SLOT_BYTES + shape.entries * INDEX_ENTRY_BYTES
}

export function slotPosition(slot: number): number {
  return HEADER_BYTES + slot * SLOT_BYTES
}

export function entryPosition(shape: IndexShape, entry: number): number {
  return HEADER_BYTES + shape.slots * SLOT_BYTES + entry * INDEX_ENTRY_BYTES
}

/** A file that was just made reads as all zero: its count is 1 all the same. */
export function decodeHeader(bytes: Uint8Array, at: number = 0): IndexHeader {
  return {
    beginTimestampMs: int64At(bytes, at),
    endTimestampMs: int64At(bytes, at + 8),
    beginOffset: int64At(bytes, at + 16),
    endOffset: int64At(bytes, at + 24),
    usedSlots: int32At(bytes, at + 32),
    count: Math.max(1, int32At(bytes, at + 36)),
  }
}

export function encodeHeader(bytes: Uint8Array, at: number, header: IndexHeader): void {
  putInt64(bytes, at, header.beginTimestampMs)
  putInt64(bytes, at + 8, header.endTimestampMs)
  putInt64(bytes, at + 16, header.beginOffset)
  putInt64(bytes, at + 24, header.endOffset)
  putInt32(bytes, at + 32, header.usedSlots)
  putInt32(bytes, at + 36, header.count)
}

/** The hash that entries carry, of Java's hash code of a key text. @see IndexFile.indexKeyHashMethod */
export function entryHash(hashCode: number): number {
  // The absolute value of −2^31 is no int: Java's stays negative and is replaced by 0.
  return hashCode === -0x8000_0000 ? 0 : Math.abs(hashCode)
}

/** The seconds that an entry carries. @see IndexFile.putKey */
export function entrySeconds(beginTimestampMs: number, storeTimestampMs: number): number {
  if (beginTimestampMs <= 0) return 0
  const seconds = Math.trunc((storeTimestampMs - beginTimestampMs) / 1000)
  return Math.min(Math.max(seconds, 0), 0x7fff_ffff)
}

/** The name of a file made at a wall time: local time as `yyyyMMddHHmmssSSS`. @see UtilAll.timeMillisToHumanString */
export function indexFileName(nowMs: number, utcOffsetMinutes: number): string {
  const local = nowMs + utcOffsetMinutes * 60_000
  const day = Math.floor(local / DAY_MS)
  const inDay = local - day * DAY_MS
  const { year, month, dayOfMonth } = civilDate(day)
  const hour = Math.floor(inDay / 3_600_000)
  const minute = Math.floor(inDay / 60_000) % 60
  const second = Math.floor(inDay / 1000) % 60
  const parts = [month, dayOfMonth, hour, minute, second].map((part) => padded(part, 2))
  return `${padded(year, 4)}${parts.join('')}${padded(inDay % 1000, 3)}`
}

function padded(value: number, digits: number): string {
  return String(value).padStart(digits, '0')
}

/** The date of a day counted from 1970-01-01: years are taken to begin in March, so that a leap day is a year's last. */
function civilDate(day: number): { year: number; month: number; dayOfMonth: number } {
  const fromMarch0 = day + 719_468
  const era = Math.floor(fromMarch0 / 146_097)
  const dayOfEra = fromMarch0 - era * 146_097
  const yearOfEra = Math.floor(
    (dayOfEra -
      Math.floor(dayOfEra / 1460) +
      Math.floor(dayOfEra / 36_524) -
      Math.floor(dayOfEra / 146_096)) /
      365,
  )
  const dayOfYear =
    dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100))
  const monthFromMarch = Math.floor((5 * dayOfYear + 2) / 153)
  const month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
  return {
    year: yearOfEra + era * 400 + (month <= 2 ? 1 : 0),
    month,
    dayOfMonth: dayOfYear - Math.floor((153 * monthFromMarch + 2) / 5) + 1,
  }
}
