// SPDX-License-Identifier: Apache-2.0
// Appends records to the last pair of a row and goes on with a new pair when it is full. @see CompactionLog.asyncPutMessage
import { int64At, queueOffsetAt, type RecordLocation } from '@rocketmq-ts/remoting/message'
import { flush, writeAt } from '../index-file/index-io.ts'
import { BLANK_BYTES } from '../record-limits.ts'
import { tagsCodeOf } from '../tags-code.ts'
import { blankOf, putPosition, UNIT_BYTES, writeEndUnit, writeUnit } from './compaction-format.ts'
import type { Pair, PairFiles } from './pair-files.ts'

/** Bytes of records that are written at once. */
const WRITE_BYTES = 512 * 1024
const NO_DELAYS: readonly number[] = []

/** Units and records become visible in their pair when both are written. One caller at a time; after a failure {@link drop} what waits. */
export class PairAppender {
  readonly #row: PairFiles
  #records: Uint8Array[] = []
  #units: Uint8Array[] = []
  #recordBytes = 0
  #firstOffset = -1
  #lastOffset = -1
  /** Something was written since the last {@link flush}. */
  isDirty = false
  #hasNewNames = false

  constructor(row: PairFiles) {
    this.#row = row
  }

  /** Copies the record; false when it is larger than a file. */
  async put(topic: string, record: Uint8Array, location: RecordLocation): Promise<boolean> {
    const { sizes } = this.#row.disk
    if (record.length + BLANK_BYTES > sizes.logFileBytes) return false
    let pair = this.#row.last ?? this.#newPair()
    if (!this.#hasRoom(pair, record.length)) pair = await this.#nextPair(pair)
    const position = pair.start + pair.logBytes + this.#recordBytes
    const copy = Uint8Array.prototype.slice.call(record)
    putPosition(copy, position)
    const unit = new Uint8Array(UNIT_BYTES)
    const storeTimestampMs = int64At(record, location.storeTimestampAt)
    const { propertiesStart, propertiesEnd } = location
    const queueOffset = queueOffsetAt(record, 0)
    const tagsCode = tagsCodeOf(
      ...([topic, record, propertiesStart, propertiesEnd, storeTimestampMs, NO_DELAYS] as const),
    )
    const recordBytes = record.length
    writeUnit(unit, 0, { position, recordBytes, tagsCode, storeTimestampMs, queueOffset })
    this.#records.push(copy)
    this.#units.push(unit)
    this.#recordBytes += recordBytes
    if (this.#firstOffset < 0) this.#firstOffset = queueOffset
    this.#lastOffset = queueOffset
    if (this.#recordBytes >= WRITE_BYTES) await this.write()
    return true
  }

  /** Queue offset behind the last record, also one that is not written yet. */
  get maxOffset(): number {
    return this.#units.length > 0 ? this.#lastOffset + 1 : this.#row.maxOffset
  }

  /** Writes what waits: records first, so that no unit points at nothing when the process dies in between. */
  async write(): Promise<void> {
    const pair = this.#row.last
    if (this.#units.length === 0 || pair === undefined) return
    this.isDirty = true
    await writeAt(this.#row.logFile(pair.start), this.#records, pair.logBytes)
    await writeAt(this.#row.unitsFile(pair.start), this.#units, pair.units * UNIT_BYTES)
    if (pair.units === 0) pair.firstOffset = this.#firstOffset
    pair.lastOffset = this.#lastOffset
    pair.units += this.#units.length
    pair.logBytes += this.#recordBytes
    this.drop()
  }

  /** Forgets what waits. */
  drop(): void {
    this.#records = []
    this.#units = []
    this.#recordBytes = 0
    this.#firstOffset = -1
    this.#lastOffset = -1
  }

  /** Brings the last pair onto the disk; those before it already are. */
  async flush(): Promise<void> {
    const pair = this.#row.last
    if (!this.isDirty || pair === undefined) return
    this.isDirty = false
    try {
      await flush(this.#row.logFile(pair.start))
      await flush(this.#row.unitsFile(pair.start))
      if (this.#hasNewNames) this.#row.flushNames()
      this.#hasNewNames = false
    } catch (error) {
      this.isDirty = true
      throw error
    }
  }

  // The last unit of a file stays free for the end mark.
  #hasRoom(pair: Pair, recordBytes: number): boolean {
    const { logFileBytes, unitFileBytes } = this.#row.disk.sizes
    const unitsEnd = (pair.units + this.#units.length) * UNIT_BYTES
    const roomBytes = logFileBytes - pair.logBytes - this.#recordBytes
    return unitsEnd + UNIT_BYTES < unitFileBytes && recordBytes + BLANK_BYTES <= roomBytes
  }

  async #nextPair(full: Pair): Promise<Pair> {
    await this.write()
    const { logFileBytes, unitFileBytes } = this.#row.disk.sizes
    const unitsEnd = full.units * UNIT_BYTES
    if (unitsEnd + UNIT_BYTES <= unitFileBytes) {
      const mark = new Uint8Array(UNIT_BYTES)
      writeEndUnit(mark, 0)
      await writeAt(this.#row.unitsFile(full.start), [mark], unitsEnd)
    }
    if (full.logBytes + BLANK_BYTES <= logFileBytes) {
      const blank = blankOf(logFileBytes - full.logBytes)
      await writeAt(this.#row.logFile(full.start), [blank], full.logBytes)
    }
    this.isDirty = true
    await this.flush()
    return this.#newPair()
  }

  #newPair(): Pair {
    this.#hasNewNames = true
    this.isDirty = true
    return this.#row.append()
  }
}
