// SPDX-License-Identifier: Apache-2.0
// One compacted queue: takes its messages over from the commit log, and is read, flushed, cut and compacted; Java's CompactionLog.
import { queueOffsetAt, RecordLocation, recordBytesAt } from '@rocketmq-ts/remoting/message'
import type { Logger } from '@rocketmq-ts/runtime'
import type { StoreConfig } from '../config.ts'
import type { ConsumeQueue } from '../consume-queue.ts'
import type { MessageReader } from '../get-message.ts'
import type { GetQuery, GetResult } from '../messages.ts'
import { compactRow, keyOf } from './compaction-pass.ts'
import { CompactionReader } from './compaction-reader.ts'
import { PairAppender } from './pair-appender.ts'
import { type PairDirectories, type PairDisk, PairFiles } from './pair-files.ts'
import { measure } from './pair-scan.ts'
import type { PositionCheckpoint } from './position-checkpoint.ts'
import { finishReplacement } from './replacement.ts'

/** Bytes that are taken over at once. */
const SLICE_BYTES = 1024 * 1024
const SLICE_COUNT = 1024

/** What a compacted queue works with. */
export interface CompactedQueueParts {
  readonly source: ConsumeQueue
  /** Reads the queue's messages in the commit log. */
  readonly reader: MessageReader
  readonly directories: PairDirectories
  readonly disk: PairDisk
  readonly config: StoreConfig
  readonly positions: PositionCheckpoint
  readonly logger: Logger
}

/** A queue of a topic with `cleanup.policy=COMPACTION`. */
export class CompactedQueue {
  readonly source: ConsumeQueue
  readonly row: PairFiles
  /** Queue offset up to which messages have been taken over, or had no key. */
  followed = 0
  readonly #parts: CompactedQueueParts
  readonly #appender: PairAppender
  readonly #reader: CompactionReader
  readonly #location = new RecordLocation()
  /** One slice, flush or cut at a time. */
  #busy: Promise<unknown> = Promise.resolve()
  #slice: Promise<boolean> | undefined
  #passes = 0
  #hasFailed = false

  private constructor(parts: CompactedQueueParts) {
    this.source = parts.source
    this.#parts = parts
    this.row = new PairFiles(parts.directories, parts.disk)
    this.#appender = new PairAppender(this.row)
    this.#reader = new CompactionReader(this, parts.config, parts.logger)
  }

  /**
   * Brings the files into order. What the commit log lost in a crash goes from here too; a queue that has gone altogether,
   * with the whole log, goes on behind what is here.
   * @throws {StoreError} RMQ_STORE_LAYOUT.
   */
  static async open(parts: CompactedQueueParts, isClean: boolean): Promise<CompactedQueue> {
    const queue = new CompactedQueue(parts)
    const { row } = queue
    finishReplacement(row)
    row.load(isClean)
    await measure(row, isClean)
    const { source } = parts
    if (source.nextOffset === 0) source.skipTo(row.maxOffset)
    else if (source.nextOffset < row.maxOffset) queue.#cut(source.nextOffset)
    queue.followed = Math.max(row.maxOffset, source.minOffset)
    return queue
  }

  /** Queue offset behind the last readable message, whether it has been taken over or not. */
  get maxOffset(): number {
    return Math.max(this.row.maxOffset, this.followed, this.source.maxOffset)
  }

  get isBehind(): boolean {
    return this.followed < this.source.maxOffset
  }

  /** Something here is not on disk. */
  get isDirty(): boolean {
    return this.#appender.isDirty
  }

  /** Reads; first takes over what a reader at the end is waiting for. */
  async get(query: GetQuery): Promise<GetResult> {
    while (this.isBehind && query.queueOffset >= this.row.maxOffset) {
      if (!(await this.takeOver())) break
    }
    return this.#reader.get(query)
  }

  /** Takes the next messages over from the log; false when that did not work or there are none. */
  takeOver(): Promise<boolean> {
    this.#slice ??= this.#alone(() => this.#takeSlice()).then(
      (hasGoneOn) => {
        this.#slice = undefined
        if (hasGoneOn) this.#hasFailed = false
        return hasGoneOn
      },
      (error: unknown) => {
        this.#slice = undefined
        this.#appender.drop()
        this.#report(error, 'messages cannot be written to their compaction log; tried again')
        return false
      },
    )
    return this.#slice
  }

  /** Brings what was taken over onto the disk. */
  flush(): Promise<void> {
    return this.#alone(() => this.#appender.flush())
  }

  /** The queue has been cut: its offsets from the end on are given away again. */
  async cut(): Promise<void> {
    this.#passes++
    await this.#alone(async () => {
      const { topic, queueId, nextOffset } = this.source
      this.#cut(nextOffset)
      this.followed = Math.min(this.followed, nextOffset)
      if (this.#parts.positions.lower(topic, queueId, nextOffset)) this.#parts.positions.save()
    })
  }

  /** One compaction. Resolves with false when there was nothing to do. */
  async compact(): Promise<boolean> {
    const { positions, config, logger } = this.#parts
    const { topic, queueId } = this.source
    const pass = ++this.#passes
    const passed = await compactRow({
      row: this.row,
      topic,
      position: positions.get(topic, queueId),
      maxMapBytes: config.compactionMapBytes,
      isStopped: () => pass !== this.#passes || this.source.removed,
    })
    if (passed === undefined) return false
    this.#reader.forget()
    positions.set(topic, queueId, passed.position)
    positions.save()
    logger.info({ topic, queueId, ...passed }, 'compacted a queue')
    return true
  }

  /** A compaction that is under way gives up. */
  stop(): void {
    this.#passes++
  }

  /** Resolves when nothing is being written. */
  async settled(): Promise<void> {
    await this.#busy
  }

  async #takeSlice(): Promise<boolean> {
    const from = this.followed
    const { topic } = this.source
    const result = await this.#read(from)
    try {
      const bytes = Buffer.concat(result.spans)
      let at = 0
      while (at < bytes.length) {
        const record = bytes.subarray(at, at + recordBytesAt(bytes, at))
        at += record.length
        if (!this.#location.locate(record, 0)) break
        await this.#take(topic, record)
      }
      await this.#appender.write()
    } finally {
      result.release()
    }
    this.followed = Math.max(from, result.nextBeginOffset)
    return this.followed > from
  }

  async #take(topic: string, record: Uint8Array): Promise<void> {
    const queueOffset = queueOffsetAt(record, 0)
    if (queueOffset < this.#appender.maxOffset) return
    const { queueId } = this.source
    const { logger } = this.#parts
    if (keyOf(record, this.#location) === undefined) {
      logger.warn({ topic, queueId, queueOffset }, 'a message without a key is not compacted')
    } else if (!(await this.#appender.put(topic, record, this.#location))) {
      logger.error(
        { topic, queueId, queueOffset },
        'a message is larger than a compaction log file',
      )
    }
  }

  #read(queueOffset: number): Promise<GetResult> {
    const { topic, queueId } = this.source
    const query: GetQuery = {
      ...{ topic, queueId, queueOffset },
      maxCount: SLICE_COUNT,
      maxBytes: SLICE_BYTES,
    }
    return new Promise((resolve) => this.#parts.reader.get(this.source, query, resolve))
  }

  #cut(queueOffset: number): void {
    const { row } = this
    const pair = row.pairs.findLast(
      ({ units, firstOffset }) => units > 0 && firstOffset < queueOffset,
    )
    this.#reader.forget()
    if (pair === undefined) {
      for (const { start } of row.pairs.toReversed()) row.remove(start)
      row.flushNames()
      return
    }
    let units = pair.units
    while (units > 0 && row.queueOffsetOf(pair, units - 1) >= queueOffset) units--
    const isCut = units < pair.units || row.last !== pair
    if (!isCut) return
    row.cut(pair, units, row.endOf(pair, units))
    row.logFile(pair.start).flushSync()
    row.unitsFile(pair.start).flushSync()
    row.flushNames()
  }

  #alone<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#busy.then(work)
    this.#busy = done.catch(() => undefined)
    return done
  }

  #report(error: unknown, text: string): void {
    if (this.#hasFailed) return
    this.#hasFailed = true
    const { topic, queueId } = this.source
    this.#parts.logger.error({ err: error, topic, queueId }, text)
  }
}
