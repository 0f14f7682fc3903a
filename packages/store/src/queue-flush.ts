// SPDX-License-Identifier: Apache-2.0
// Flushes the consume queues now and then, and then moves the checkpoint: recovery starts there.
import type { Files, Logger, Timers } from '@rocketmq-ts/runtime'
import { type Checkpoint, writeCheckpoint } from './checkpoint.ts'
import type { CommitLog } from './commit-log.ts'
import type { ConsumeQueue } from './consume-queue.ts'
import type { Dispatch } from './dispatch.ts'
import type { Flush } from './flush.ts'
import type { QueueWriter } from './queue-writer.ts'

/** Leaves threads of the pool for the log. */
const FLUSHES_AT_ONCE = 2
const DIRECTORIES_AT_ONCE = 4

/** Runs rounds: write entries, flush the log, flush the queues, move the checkpoint; never out of this order. */
export class QueueFlush {
  readonly #log: CommitLog
  readonly #dispatch: Dispatch
  readonly #writer: QueueWriter
  readonly #flush: Flush
  readonly #files: Files
  readonly #timers: Timers
  readonly #logger: Logger
  readonly #path: string
  readonly #checkpoint: Checkpoint
  readonly #stop: () => void
  #underWay: Promise<void> | undefined
  #isClosing = false

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
    intervalMs: number
  }) {
    this.#log = options.log
    this.#dispatch = options.dispatch
    this.#writer = options.writer
    this.#flush = options.flush
    this.#files = options.files
    this.#timers = options.timers
    this.#logger = options.logger
    this.#path = options.checkpointPath
    this.#checkpoint = options.checkpoint
    this.#stop = options.timers.every(options.intervalMs, () => {
      if (this.#underWay === undefined) void this.round()
    })
  }

  /** Everything below is on disk in the log and in the consume queues. */
  get durableOffset(): number {
    return this.#checkpoint.logicsPhysicalOffset
  }

  /** One round; returns whether the checkpoint now covers what was readable at the call. */
  async round(): Promise<boolean> {
    while (this.#underWay !== undefined) await this.#underWay
    const offset = this.#dispatch.offset
    const timestampMs = this.#dispatch.storeTimestampMs
    if (offset === this.durableOffset && this.#writer.unflushed.size === 0) return true
    let hasMoved = false
    this.#underWay = this.#run(offset, timestampMs).then(
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

  /** No round starts by itself after this. */
  close(): void {
    this.#isClosing = true
    this.#stop()
  }

  async #run(offset: number, timestampMs: number): Promise<boolean> {
    await this.#writer.writeAll()
    if (this.#writer.failed) return false
    await this.#flush.flushAll()
    if (this.#log.flushed < offset) return false
    await this.#flushQueues()
    const checkpoint = this.#checkpoint
    const previous = { ...checkpoint }
    checkpoint.logicsPhysicalOffset = offset
    if (timestampMs > 0) {
      checkpoint.physicMsgTimestampMs = timestampMs
      checkpoint.logicsMsgTimestampMs = timestampMs
    }
    try {
      await writeCheckpoint(this.#files, this.#path, checkpoint)
    } catch (error) {
      Object.assign(checkpoint, previous)
      throw error
    }
    return true
  }

  async #flushQueues(): Promise<void> {
    const { unflushed, unflushedDirectories } = this.#writer
    const batch = [...unflushed]
    unflushed.clear()
    try {
      await this.#flushAll(batch)
    } catch (error) {
      // What was not flushed is tried again in the next round; until then the checkpoint does not move.
      for (const [path, queue] of batch) if (!unflushed.has(path)) unflushed.set(path, queue)
      throw error
    }
    let flushed = 0
    for (const directory of unflushedDirectories) {
      // Directories can only be flushed on the event loop: a few at a time, with other work in between.
      const isPause = flushed++ % DIRECTORIES_AT_ONCE === 0 && !this.#isClosing
      if (isPause) await new Promise<void>((resolve) => this.#timers.after(1, resolve))
      unflushedDirectories.delete(directory)
      if (this.#files.stat(directory) !== undefined) this.#files.flushDirectory(directory)
    }
  }

  /** A few at once: the disk puts them together. */
  async #flushAll(batch: readonly (readonly [string, ConsumeQueue])[]): Promise<void> {
    const rest = batch.values()
    const work = async (): Promise<void> => {
      for (const [path, queue] of rest) await this.#flushOne(path, queue)
    }
    await Promise.all(Array.from({ length: FLUSHES_AT_ONCE }, work))
  }

  #flushOne(path: string, queue: ConsumeQueue): Promise<void> {
    if (queue.removed) return Promise.resolve()
    return new Promise((resolve, reject) => {
      queue.segments.fileAtPath(path).flush((error) => {
        if (error === undefined) resolve()
        else reject(error)
      })
    })
  }
}
