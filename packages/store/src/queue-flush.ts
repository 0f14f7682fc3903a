// SPDX-License-Identifier: Apache-2.0
// Flushes the consume queues now and then, and then moves the checkpoint: recovery starts there.
import type { Files, Logger, Timers } from '@rocketmq-ts/runtime'
import { type Checkpoint, writeCheckpoint } from './checkpoint.ts'
import type { LogChecksums } from './checksums/log-checksums.ts'
import type { CommitLog } from './commit-log.ts'
import type { Dispatch } from './dispatch.ts'
import type { Flush } from './flush.ts'
import type { QueueWriter } from './queue-writer.ts'
import type { SegmentFiles } from './segment-files.ts'

/** Leaves a thread of the pool for the log. */
const FLUSHES_AT_ONCE = 3

/** What was readable when a round began. */
type Covered = Pick<Dispatch, 'offset' | 'storeTimestampMs' | 'entryOffset' | 'entryTimestampMs'>

/** Runs rounds: write entries, flush the log, flush the queues, move the checkpoint; never out of this order. */
export class QueueFlush {
  readonly #log: CommitLog
  readonly #dispatch: Dispatch
  readonly #writer: QueueWriter
  readonly #flush: Flush
  readonly #files: Files
  readonly #logger: Logger
  readonly #path: string
  readonly #checkpoint: Checkpoint
  readonly #checksums: LogChecksums | undefined
  readonly #stop: () => void
  #underWay: Promise<void> | undefined
  /** A queue's flush has failed: the checkpoint stays, so that the next start writes the entries again from the log. */
  #hasFailed = false
  /** Everything below is on disk in the log and in the consume queues. */
  durableOffset: number

  constructor(options: {
    log: CommitLog
    dispatch: Dispatch
    writer: QueueWriter
    flush: Flush
    files: Files
    timers: Timers
    logger: Logger
    checkpointPath: string
    checkpoint: Checkpoint
    checksums?: LogChecksums | undefined
    intervalMs: number
  }) {
    this.#checksums = options.checksums
    this.#log = options.log
    this.#dispatch = options.dispatch
    this.#writer = options.writer
    this.#flush = options.flush
    this.#files = options.files
    this.#logger = options.logger
    this.#path = options.checkpointPath
    this.#checkpoint = options.checkpoint
    this.durableOffset = options.checkpoint.logicsPhysicalOffset
    this.#stop = options.timers.every(options.intervalMs, () => {
      if (this.#underWay === undefined) void this.round()
    })
  }

  /** One round; returns whether the checkpoint now covers what was readable at the call. */
  async round(): Promise<boolean> {
    while (this.#underWay !== undefined) await this.#underWay
    if (this.#hasFailed) return false
    const offset = this.#dispatch.offset
    const { storeTimestampMs, entryOffset, entryTimestampMs } = this.#dispatch
    const covered = { offset, storeTimestampMs, entryOffset, entryTimestampMs }
    const { unflushed, unflushedDirectories } = this.#writer
    const isFlushed = unflushed.size === 0 && unflushedDirectories.size === 0
    if (offset === this.durableOffset && isFlushed) return true
    let hasMoved = false
    this.#underWay = this.#run(covered).then(
      (moved) => {
        hasMoved = moved
      },
      (error: unknown) => {
        this.#logger.error(
          { err: error },
          'the consume queues cannot be flushed; the checkpoint stays',
        )
      },
    )
    await this.#underWay
    this.#underWay = undefined
    return hasMoved
  }

  /** Runs `work` while no round is under way and none begins. */
  async alone(work: () => Promise<void>): Promise<void> {
    while (this.#underWay !== undefined) await this.#underWay
    const done = work()
    this.#underWay = done.catch(() => undefined)
    try {
      await done
    } finally {
      this.#underWay = undefined
    }
  }

  /** Brings the checkpoint onto the disk as it stands in memory, between rounds. */
  saveCheckpoint(): Promise<void> {
    return this.alone(() => writeCheckpoint(this.#files, this.#path, this.#checkpoint))
  }

  /** No round starts by itself after this. */
  close(): void {
    this.#stop()
  }

  async #run(covered: Covered): Promise<boolean> {
    const { offset, storeTimestampMs, entryOffset, entryTimestampMs } = covered
    if (!(await this.#writer.writeAll())) return false
    await this.#flush.flushAll()
    if (this.#log.flushed < offset) return false
    await this.#flushQueues()
    const checkpoint = this.#checkpoint
    const previous = { ...checkpoint }
    if (storeTimestampMs > 0) checkpoint.physicMsgTimestampMs = storeTimestampMs
    if (entryOffset >= 0) {
      // As Java: where the last record begins that has an entry, not where it ends.
      checkpoint.logicsPhysicalOffset = entryOffset
      checkpoint.logicsMsgTimestampMs = entryTimestampMs
    }
    try {
      await writeCheckpoint(this.#files, this.#path, checkpoint)
    } catch (error) {
      Object.assign(checkpoint, previous)
      throw error
    }
    this.durableOffset = offset
    await this.#checksums?.persist(offset)
    return true
  }

  async #flushQueues(): Promise<void> {
    const { unflushedDirectories } = this.#writer
    const files = this.#writer.takeUnflushed().entries()
    // Entries that come from now on belong to the next round.
    const directories = [...unflushedDirectories]
    unflushedDirectories.clear()
    try {
      await aFewAtOnce(files, ([path, row]) => this.#flushOne(path, row))
    } catch (error) {
      // The kernel may have dropped the entries and take them for clean: a later flush that works would prove nothing.
      this.#hasFailed = true
      throw error
    }
    try {
      await aFewAtOnce(directories.values(), (directory) => this.#flushDirectory(directory))
    } catch (error) {
      for (const directory of directories) unflushedDirectories.add(directory)
      throw error
    }
  }

  #flushOne(path: string, row: SegmentFiles): Promise<void> {
    // A file may have been removed meanwhile, with its topic or because the log has moved on.
    if (!row.hasPath(path)) return Promise.resolve()
    return new Promise((resolve, reject) => {
      row.fileAtPath(path).flush((error) => {
        if (error === undefined) resolve()
        else reject(error)
      })
    })
  }

  #flushDirectory(directory: string): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#files.flushDirectoryLater(directory, (error) => {
        if (error === undefined) resolve()
        else reject(error)
      })
    })
  }
}

/** The disk puts flushes together that are under way at the same time. */
async function aFewAtOnce<T>(all: Iterable<T>, flush: (one: T) => Promise<void>): Promise<void> {
  const work = async (): Promise<void> => {
    for (const one of all) await flush(one)
  }
  await Promise.all(Array.from({ length: FLUSHES_AT_ONCE }, work))
}
