// SPDX-License-Identifier: Apache-2.0
// The index of a store: follows the log in the background, goes to disk now and then, answers queries.
import type { Logger, Runtime } from '@rocketmq-ts/runtime'
import type { Checkpoint } from '../checkpoint.ts'
import type { KeyQuery } from '../messages.ts'
import type { SegmentFiles } from '../segment-files.ts'
import type { Tail } from '../tail.ts'
import { IndexBuilder } from './index-builder.ts'
import type { IndexFile } from './index-file.ts'
import { IndexFiles, type IndexFilesOptions } from './index-files.ts'
import { indexKeyHash } from './index-keys.ts'
import { progressOf, writeIndexProgress } from './index-progress.ts'
import { queryOffsets } from './index-query.ts'
import type { IndexResume } from './index-recovery.ts'

/** How long a record may be readable before its keys are. */
const FOLLOW_MS = 10
/** Waits this long after a failure. */
const RETRY_MS = 1000
/** After a crash this much of the index is built again; it is small beside what a flush of scattered slots costs. */
const FLUSH_MS = 10_000
/** A query waits for the index when no more of the log is missing in it. */
const NEAR_BYTES = 16 * 1024 * 1024
/** An orderly stop waits this long for an index that is far behind; the next start goes on with it. */
const CLOSE_MS = 10_000

/** What the index reads. */
export interface IndexedLog {
  readonly tail: Tail
  readonly segments: SegmentFiles
}

/** Offsets of records that may have the key: others can have the same hash. */
export interface KeyOffsets {
  /** Ascending. */
  readonly offsets: readonly number[]
  /** Of the newest index file. */
  readonly lastTimestampMs: number
  readonly lastOffset: number
}

/** The files that recovery found, and where indexing goes on. */
export interface RecoveredIndex extends IndexFilesOptions {
  /** Oldest first. */
  readonly row: IndexFile[]
  readonly resume: IndexResume
  readonly progressPath: string
}

interface Parts extends RecoveredIndex {
  readonly runtime: Pick<Runtime, 'clock' | 'timers' | 'turn' | 'files'>
  readonly logger: Logger
  readonly log: IndexedLog
  /** False: what is there is used, nothing is added. */
  readonly isBuilt: boolean
  /** End of what is readable. */
  readonly readable: () => number
  readonly checkpoint: Checkpoint
  /** Brings the checkpoint onto the disk. */
  readonly saveCheckpoint: () => Promise<void>
}

/** All index files of a store. */
export class MessageIndex {
  readonly #parts: Parts
  readonly #files: IndexFiles
  readonly #builder: IndexBuilder
  #cancelFollow: (() => void) | undefined
  #cancelFlush: (() => void) | undefined
  #underWay: Promise<void> | undefined
  #isFlushDue = false
  #isClosing = false
  #hasFailed = false
  /** What the progress file says. */
  #savedOffset = -1

  constructor(parts: Parts) {
    const { log, logger, runtime, resume } = parts
    this.#parts = parts
    this.#files = new IndexFiles(parts, parts.row)
    this.#builder = new IndexBuilder({
      index: this.#files,
      log,
      turn: runtime.turn,
      logger,
      resume,
    })
    this.advance()
  }

  /** Every record below is in the index. */
  get offset(): number {
    return this.#builder.offset
  }

  get fileCount(): number {
    return this.#files.all.length
  }

  /** More of the log may have become readable: its keys are entered soon. */
  advance(): void {
    const isIdle = this.#cancelFollow === undefined && this.#underWay === undefined
    if (isIdle && !this.#isClosing && this.#behindBytes > 0) {
      this.#followAfter(this.#hasFailed ? RETRY_MS : FOLLOW_MS)
    }
  }

  /** Looks records up. @see DefaultMessageStore.queryMessage */
  async query(query: KeyQuery): Promise<KeyOffsets> {
    const { topic, key, indexType, maxCount, beginMs, endMs } = query
    const behindBytes = this.#behindBytes
    if (behindBytes > 0 && behindBytes <= NEAR_BYTES) await this.#follow()
    const { last } = this.#files
    const lastTimestampMs = last?.header.endTimestampMs ?? 0
    const lastOffset = last?.header.endOffset ?? 0
    const hashCode = indexKeyHash(topic, key, indexType)
    const wanted = { hashCode, maxCount, beginMs, endMs }
    const offsets = await queryOffsets(this.#files.all, wanted, (file, error) => {
      // A file that was removed meanwhile knew only records that have left the log.
      if (!this.#files.has(file)) return
      const text = 'this index file cannot be read; a query misses what is in it and before it'
      this.#parts.logger.error({ err: error, path: file.path }, text)
    })
    return { offsets: offsets.sort((a, b) => a - b), lastTimestampMs, lastOffset }
  }

  /** Removes files whose records have all left the log; returns how many. */
  deleteBelow(logStart: number): number {
    return this.#files.deleteBelow(logStart)
  }

  /** Brings what is indexed onto the disk. */
  flush(): Promise<void> {
    return this.#alone(() => this.#flush())
  }

  /** Indexes what is readable and brings it onto the disk. False when that failed: the next start must not rely on the files. */
  async close(): Promise<boolean> {
    this.#isClosing = true
    this.#cancelFollow?.()
    this.#cancelFlush?.()
    const { clock } = this.#parts.runtime
    const untilMs = clock.monotonicMs() + CLOSE_MS
    if (this.#behindBytes > 0) {
      const isStopped = (): boolean => clock.monotonicMs() > untilMs
      await this.#alone(() => this.#builder.advance(this.#parts.readable(), isStopped))
    }
    await this.flush()
    return !this.#hasFailed
  }

  get #behindBytes(): number {
    return this.#parts.isBuilt ? this.#parts.readable() - this.offset : 0
  }

  #follow(): Promise<void> {
    const isStopped = (): boolean =>
      this.#isClosing || this.#isFlushDue || this.#files.hasUnsavedFull
    return this.#alone(() => this.#builder.advance(this.#parts.readable(), isStopped))
  }

  #followAfter(delayMs: number): void {
    this.#cancelFollow = this.#parts.runtime.timers.after(delayMs, () => {
      this.#cancelFollow = undefined
      void this.#follow()
    })
  }

  // A full file at once, as in Java: its time in the checkpoint tells a Java broker, after a crash, to keep it.
  #flushLater(): void {
    if (this.#isClosing) return
    const isUrgent = this.#files.hasUnsavedFull && !this.#hasFailed
    if (this.#cancelFlush !== undefined && !isUrgent) return
    this.#cancelFlush?.()
    this.#cancelFlush = this.#parts.runtime.timers.after(isUrgent ? 0 : FLUSH_MS, () => {
      this.#cancelFlush = undefined
      this.#isFlushDue = true
      void this.flush()
    })
  }

  /** One at a time: what is being flushed must not change. Failures are reported once and tried again. */
  async #alone(work: () => Promise<void>): Promise<void> {
    while (this.#underWay !== undefined) await this.#underWay
    this.#underWay = work().then(
      () => {
        this.#hasFailed = false
      },
      (error: unknown) => {
        if (!this.#hasFailed) {
          this.#parts.logger.error(
            { err: error },
            'the index cannot be written; queries by key miss the newest messages until it can',
          )
        }
        this.#hasFailed = true
      },
    )
    await this.#underWay
    this.#underWay = undefined
    if (this.#parts.isBuilt && this.offset !== this.#savedOffset) this.#flushLater()
    this.advance()
  }

  async #flush(): Promise<void> {
    const { offset } = this
    this.#isFlushDue = false
    if (offset === this.#savedOffset || !this.#parts.isBuilt) return
    const fullUntilMs = await this.#files.flush()
    const progress = progressOf(this.#files.last, this.#builder)
    await writeIndexProgress(this.#parts.runtime.files, this.#parts.progressPath, progress)
    this.#savedOffset = offset
    if (fullUntilMs > 0) {
      this.#parts.checkpoint.indexMsgTimestampMs = fullUntilMs
      await this.#parts.saveCheckpoint()
    }
  }
}
