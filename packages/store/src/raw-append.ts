// SPDX-License-Identifier: Apache-2.0
// Takes a stretch of a log as another store wrote it: checks each record, keeps its bytes and offsets, and gives it its queue entries.
import { RecordLocation } from '@rocketmq-ts/remoting/message'
import type { CommitLog } from './commit-log.ts'
import type { Dispatch } from './dispatch.ts'
import type { RawAppended } from './messages.ts'
import { checkRecord, type Place } from './record-check.ts'
import { BLANK_BYTES } from './record-limits.ts'
import type { RecoveryOptions } from './recovery.ts'
import { Replay } from './replay.ts'

/** Appends raw bytes, as replication delivers them. */
export class RawAppender {
  readonly #log: CommitLog
  readonly #dispatch: Dispatch
  readonly #replay: Replay
  readonly #location = new RecordLocation()
  readonly #place: { -readonly [K in keyof Place]: Place[K] }
  /** What follows the header of the blank that was taken last means nothing. */
  #blankFrom = -1

  constructor(options: { log: CommitLog; dispatch: Dispatch; recovery: RecoveryOptions }) {
    const { log, dispatch, recovery } = options
    this.#log = log
    this.#dispatch = dispatch
    this.#place = {
      bytes: new Uint8Array(0),
      at: 0,
      limit: 0,
      offset: 0,
      roomBytes: 0,
      checksWhole: recovery.verifyPropertyCrc,
    }
    this.#replay = new Replay(recovery, (queue, entries) => {
      for (let i = 0; i < entries; i++) {
        dispatch.push(queue, log.end, this.#replay.storeTimestampMs)
      }
    })
  }

  /** Appends the whole records at the beginning of `bytes`, which are those of the log from `offset` on. */
  append(offset: number, bytes: Uint8Array): RawAppended {
    const log = this.#log
    let at = this.#fillerBytes(offset, bytes.length)
    if (offset + at !== log.end) return { status: 'MESSAGE_ILLEGAL', takenBytes: 0 }
    while (at < bytes.length) {
      const found = this.#look(bytes, at)
      if (found === 'incomplete') break
      if (found !== 'record' && found !== 'blank') {
        return { status: 'MESSAGE_ILLEGAL', takenBytes: at }
      }
      const taken = found === 'record' ? this.#takeRecord() : this.#takeBlank()
      if (taken < 0) return { status: 'OS_PAGE_CACHE_BUSY', takenBytes: at }
      at = Math.min(at + taken, bytes.length)
    }
    return { status: 'PUT_OK', takenBytes: at }
  }

  /** Bytes at the beginning that are the unused rest of a segment. */
  #fillerBytes(offset: number, byteLength: number): number {
    const { end } = this.#log
    const isFiller = offset < end && this.#blankFrom >= 0 && offset >= this.#blankFrom
    return isFiller ? Math.min(byteLength, end - offset) : 0
  }

  #look(bytes: Uint8Array, at: number): ReturnType<typeof checkRecord> {
    const { segmentBytes } = this.#log.segments
    const place = this.#place
    place.bytes = bytes
    place.at = at
    place.limit = bytes.length
    place.offset = this.#log.end
    place.roomBytes = segmentBytes - (place.offset % segmentBytes)
    const found = checkRecord(place, this.#location)
    if (found !== 'record') return found
    // A log of ours keeps room for a blank behind each record.
    return this.#location.recordBytes + BLANK_BYTES <= place.roomBytes ? found : 'damaged'
  }

  /** Returns the bytes taken, or −1 when the tail is full. */
  #takeRecord(): number {
    const log = this.#log
    const { recordBytes } = this.#location
    const { bytes, at } = this.#place
    if (!log.prepare(recordBytes)) return -1
    log.appendBytes(bytes.subarray(at, at + recordBytes))
    const { dispatched } = this.#replay
    this.#replay.take(this.#place, this.#location)
    if (this.#replay.dispatched === dispatched) {
      this.#dispatch.push(undefined, log.end, this.#replay.storeTimestampMs)
    }
    return recordBytes
  }

  #takeBlank(): number {
    const { offset, roomBytes } = this.#place
    if (!this.#log.endSegment()) return -1
    this.#blankFrom = offset
    return roomBytes
  }
}
