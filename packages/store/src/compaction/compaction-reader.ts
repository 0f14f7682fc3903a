// SPDX-License-Identifier: Apache-2.0
// Reads messages of a compacted queue from a queue offset on: the next one there is, and what follows it in the same file.
import { queueOffsetAt, RecordLocation } from '@rocketmq-ts/remoting/message'
import type { Logger } from '@rocketmq-ts/runtime'
import type { StoreConfig } from '../config.ts'
import { readAt } from '../index-file/index-io.ts'
import type { GetQuery, GetResult, GetStatus } from '../messages.ts'
import { checkRecord } from '../record-check.ts'
import {
  isUnitAt,
  positionAt,
  UNIT_BYTES,
  unitQueueOffsetAt,
  unitRecordBytesAt,
} from './compaction-format.ts'
import type { Pair, PairFiles } from './pair-files.ts'

/** Java's upper limit of one answer. (MAX_PULL_MSG_SIZE) */
const MAX_GET_BYTES = 128 * 1024 * 1024
/** Units that are read at once, at least. */
const WINDOW_UNITS = 64
/** Files may be replaced while they are read; then it is read anew, but not for ever. */
const MAX_ATTEMPTS = 8

type Limits = Pick<
  StoreConfig,
  | 'inMemoryBytes'
  | 'maxTransferBytesInMemory'
  | 'maxTransferCountInMemory'
  | 'maxTransferBytesOnDisk'
  | 'maxTransferCountOnDisk'
>

interface Window {
  readonly pair: Pair
  readonly first: number
  readonly count: number
  readonly bytes: Uint8Array
}

interface Stretch {
  readonly units: number
  readonly from: number
  readonly byteLength: number
  readonly nextBeginOffset: number
}

/** What a reader has to know of its queue. */
export interface CompactedRow {
  readonly row: PairFiles
  /** Everything of the queue below is in the row, or had no key. */
  readonly followed: number
  /** Queue offset behind the last message, wherever that is. */
  readonly maxOffset: number
}

/** Reads one compacted queue. */
export class CompactionReader {
  readonly #queue: CompactedRow
  readonly #limits: Limits
  readonly #logger: Logger
  #window: Window | undefined

  constructor(queue: CompactedRow, limits: Limits, logger: Logger) {
    this.#queue = queue
    this.#limits = limits
    this.#logger = logger
  }

  /** Forgets what it remembers of the files: they have been replaced or cut. */
  forget(): void {
    this.#window = undefined
  }

  /** Tags and other filters do not count here: the client has to look itself. @see CompactionLog.getMessage */
  async get(query: GetQuery): Promise<GetResult> {
    for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
      const { pairs, unfinished } = this.#queue.row
      if (unfinished !== undefined) break
      try {
        const outcome = await this.#attempt(query)
        if (outcome !== undefined) return outcome
      } catch (error) {
        if (pairs !== this.#queue.row.pairs) continue
        const { queueOffset } = query
        const { log: directory } = this.#queue.row.directories
        const text = 'messages of a compacted queue cannot be read from disk'
        this.#logger.error({ err: error, directory, queueOffset }, text)
        break
      }
    }
    return this.#nothing('OFFSET_FOUND_NULL', query.queueOffset)
  }

  /** Undefined when files were replaced meanwhile. */
  async #attempt(query: GetQuery): Promise<GetResult | undefined> {
    const outside = this.#outside(query.queueOffset)
    if (outside !== undefined) return outside
    const { row } = this.#queue
    const { pairs } = row
    const pair = pairs.find(({ units, lastOffset }) => units > 0 && lastOffset >= query.queueOffset)
    if (pair === undefined) return this.#nothingYet(query.queueOffset)
    const first = await this.#firstUnit(pair, query.queueOffset)
    const window = await this.#windowFrom(pair, first, this.#windowUnits(query))
    const stretch = this.#stretch(window, first, query)
    if (row.pairs !== pairs) return undefined
    const bytes = Buffer.allocUnsafe(stretch.byteLength)
    const bytesRead = await readAt(row.logFile(pair.start), bytes, stretch.from - pair.start)
    if (bytesRead < bytes.length && row.pairs !== pairs) return undefined
    const spans = this.#sound(bytes.subarray(0, bytesRead), window, first, stretch)
    const bodyBytes = spans.reduce((sum, span) => sum + span.length, 0)
    const furthest = positionAt(
      window.bytes,
      (first + stretch.units - 1 - window.first) * UNIT_BYTES,
    )
    return {
      status: spans.length > 0 ? 'FOUND' : 'MESSAGE_WAS_REMOVING',
      nextBeginOffset: stretch.nextBeginOffset,
      ...this.#bounds(),
      messageCount: spans.length,
      bodyBytes,
      spans,
      farBehind: row.end - furthest > this.#limits.inMemoryBytes,
      release: released,
    }
  }

  #outside(queueOffset: number): GetResult | undefined {
    const { minOffset, maxOffset } = this.#bounds()
    if (maxOffset === 0) return this.#nothing('NO_MESSAGE_IN_QUEUE', 0)
    if (queueOffset === maxOffset) return this.#nothing('OFFSET_OVERFLOW_ONE', queueOffset)
    if (queueOffset < maxOffset) return undefined
    return this.#nothing('OFFSET_OVERFLOW_BADLY', minOffset === 0 ? 0 : maxOffset)
  }

  #windowUnits(query: GetQuery): number {
    return Math.max(WINDOW_UNITS, Math.min(query.maxCount, this.#limits.maxTransferCountInMemory))
  }

  #bounds(): { minOffset: number; maxOffset: number } {
    return { minOffset: this.#queue.row.minOffset, maxOffset: this.#queue.maxOffset }
  }

  /** There are messages, but not here: those without a key are passed over, others have not been taken over because the disk refuses. */
  #nothingYet(queueOffset: number): GetResult {
    const { followed } = this.#queue
    return queueOffset < followed
      ? this.#nothing('NO_MATCHED_MESSAGE', followed)
      : this.#nothing('OFFSET_FOUND_NULL', queueOffset)
  }

  #nothing(status: GetStatus, nextBeginOffset: number): GetResult {
    return {
      ...{ status, nextBeginOffset, ...this.#bounds() },
      ...{ messageCount: 0, bodyBytes: 0, spans: [], farBehind: false, release: released },
    }
  }

  /** Index of the first unit at or behind the queue offset. */
  async #firstUnit(pair: Pair, queueOffset: number): Promise<number> {
    const guess = this.#guess(pair, queueOffset)
    if (guess !== undefined) return guess
    let least = 0
    let most = pair.units - 1
    while (least < most) {
      const middle = Math.floor((least + most) / 2)
      const unit = await this.#read(pair, middle, 1)
      if (unitQueueOffsetAt(unit, 0) < queueOffset) least = middle + 1
      else most = middle
    }
    return least
  }

  /** Who reads on finds the place where the last read ended. */
  #guess(pair: Pair, queueOffset: number): number | undefined {
    const window = this.#window
    if (window?.pair !== pair) return undefined
    if (unitQueueOffsetAt(window.bytes, 0) > queueOffset) return undefined
    for (let i = 0; i < window.count; i++) {
      if (unitQueueOffsetAt(window.bytes, i * UNIT_BYTES) >= queueOffset) return window.first + i
    }
    return undefined
  }

  async #windowFrom(pair: Pair, first: number, count: number): Promise<Window> {
    const known = this.#window
    const units = Math.min(count, pair.units - first)
    const isKnown =
      known?.pair === pair && known.first <= first && known.first + known.count >= first + units
    if (isKnown) return known
    // One before, so that a reader who asks for the next message behind this window finds its place in it.
    const start = Math.max(0, first - 1)
    const bytes = await this.#read(pair, start, first + units - start)
    const window = { pair, first: start, count: first + units - start, bytes }
    this.#window = window
    return window
  }

  async #read(pair: Pair, index: number, count: number): Promise<Uint8Array> {
    const bytes = new Uint8Array(count * UNIT_BYTES)
    const { row } = this.#queue
    const bytesRead = await readAt(row.unitsFile(pair.start), bytes, index * UNIT_BYTES)
    if (
      bytesRead < bytes.length ||
      !isUnitAt(bytes, 0) ||
      !isUnitAt(bytes, bytes.length - UNIT_BYTES)
    ) {
      throw new Error(`${row.unitsPath(pair.start)} has no unit ${index}`)
    }
    return bytes
  }

  /** The records that one answer takes: they lie one behind the other. @see CompactionLog.isTheBatchFull */
  #stretch(window: Window, first: number, query: GetQuery): Stretch {
    const limits = this.#limits
    const maxBytes = Math.min(Math.max(query.maxBytes, 100), MAX_GET_BYTES)
    const from = positionAt(window.bytes, (first - window.first) * UNIT_BYTES)
    let byteLength = 0
    let units = 0
    let nextBeginOffset = query.queueOffset
    for (let index = first; index < window.first + window.count; index++) {
      const at = (index - window.first) * UNIT_BYTES
      const recordBytes = unitRecordBytesAt(window.bytes, at)
      const isInMemory = this.#queue.row.end - positionAt(window.bytes, at) <= limits.inMemoryBytes
      const mostCount = isInMemory ? limits.maxTransferCountInMemory : limits.maxTransferCountOnDisk
      const mostBytes = isInMemory ? limits.maxTransferBytesInMemory : limits.maxTransferBytesOnDisk
      const isFull =
        units + 1 > Math.min(query.maxCount, mostCount) ||
        byteLength + recordBytes > Math.min(maxBytes, mostBytes)
      if (units > 0 && isFull) break
      units++
      byteLength += recordBytes
      nextBeginOffset = unitQueueOffsetAt(window.bytes, at) + 1
    }
    return { units, from, byteLength, nextBeginOffset }
  }

  /** The records that are what their units say; others are passed over, for nobody must take them for messages. */
  #sound(bytes: Buffer, window: Window, first: number, stretch: Stretch): Uint8Array[] {
    const spans: Uint8Array[] = []
    const location = new RecordLocation()
    let at = 0
    for (let index = first; index < first + stretch.units; index++) {
      const unitAt = (index - window.first) * UNIT_BYTES
      const recordBytes = unitRecordBytesAt(window.bytes, unitAt)
      const offset = positionAt(window.bytes, unitAt)
      const place = { bytes, at, limit: bytes.length, offset, roomBytes: bytes.length - at }
      const isSound =
        checkRecord(place, location) === 'record' &&
        location.recordBytes === recordBytes &&
        queueOffsetAt(bytes, at) === unitQueueOffsetAt(window.bytes, unitAt)
      if (isSound) spans.push(bytes.subarray(at, at + recordBytes))
      else {
        const path = this.#queue.row.logPath(window.pair.start)
        this.#logger.error({ path, offset }, 'no sound record lies here: it is passed over')
      }
      at += recordBytes
    }
    return spans
  }
}

function released(): void {}
