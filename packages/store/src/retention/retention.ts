// SPDX-License-Identifier: Apache-2.0
// Removes what is old: log files by age and by disk space, then the queue and index files that only pointed there.
//
// The log goes first, one file after another, each removal on disk before the next: a crash in between leaves a row without a gap,
// and entries that point below the log, which are never served and which the next start passes over.
import type { Logger, Runtime } from '@rocketmq-ts/runtime'
import type { CommitLog } from '../commit-log.ts'
import type { StoreConfig } from '../config.ts'
import type { ConsumeQueues } from '../consume-queues.ts'
import type { MessageIndex } from '../index-file/message-index.ts'
import { type DiskVerdict, judgeDisks } from './disk-usage.ts'
import { isTimeToDelete } from './time-to-delete.ts'

const FIRST_ROUND_MS = 60_000
const MANUAL_ROUNDS = 20

/** Settings that a running store follows. */
export type RetentionSettings = Pick<
  StoreConfig,
  | 'deleteWhen'
  | 'fileReservedMs'
  | 'deleteLogFileIntervalMs'
  | 'deleteFileBatchMax'
  | 'cleanFilesForcibly'
  | 'diskMaxUsedPercent'
  | 'diskCleanForciblyPercent'
  | 'diskWarningPercent'
>

interface Parts {
  readonly runtime: Pick<Runtime, 'clock' | 'timers' | 'turn' | 'files' | 'host'>
  readonly logger: Logger
  readonly log: CommitLog
  readonly queues: ConsumeQueues
  readonly index: Pick<MessageIndex, 'deleteBelow'>
  readonly logDirectories: readonly string[]
  readonly queueDirectory: string
  /** Records below are readable: their queues know them. */
  readonly dispatched: () => number
  /** Records below are on disk in their queues. */
  readonly durable: () => number
  readonly settings: () => RetentionSettings
  readonly intervalMs: number
}

/** Looks every few seconds. (Java: CleanCommitLogService and CleanConsumeQueueService) */
export class Retention {
  readonly #parts: Parts
  #cancel: () => void
  #underWay: Promise<void> | undefined
  #isClosed = false
  #isDiskFull = false
  #manualRounds = 0
  #followedStart = -1
  #hasWarned = false

  constructor(parts: Parts) {
    const { timers } = parts.runtime
    this.#parts = parts
    this.#cancel = timers.after(FIRST_ROUND_MS, () => {
      void this.round()
      this.#cancel = timers.every(parts.intervalMs, () => void this.round())
    })
  }

  /** Messages are refused until files have gone or somebody else has made room. */
  get isDiskFull(): boolean {
    return this.#isDiskFull
  }

  /** Removes expired files in the next twenty rounds, whatever the hour. @see executeDeleteFilesManually */
  deleteNow(): void {
    this.#manualRounds = MANUAL_ROUNDS
  }

  /** One look, unless one is under way. */
  round(): Promise<void> {
    this.#underWay ??= this.#round()
      .catch((error: unknown) => {
        this.#parts.logger.error({ err: error }, 'old files cannot be removed; tried again')
      })
      .then(() => {
        this.#underWay = undefined
      })
    return this.#underWay
  }

  async close(): Promise<void> {
    this.#isClosed = true
    this.#cancel()
    await this.#underWay
  }

  async #round(): Promise<void> {
    const { runtime, settings } = this.#parts
    const { clock, host } = runtime
    const { deleteWhen, cleanFilesForcibly } = settings()
    const nowMs = clock.nowMs()
    const isTime = isTimeToDelete(deleteWhen, nowMs, host.utcOffsetMinutes(nowMs))
    const disk = this.#look()
    const isManual = this.#manualRounds > 0
    if (isManual) this.#manualRounds--
    if (isTime || disk.isTight || isManual) {
      const removed = await this.#removeLogFiles(cleanFilesForcibly && disk.cleansForcibly)
      this.#report(disk, removed)
    }
    await this.#follow()
  }

  #look(): DiskVerdict {
    const { runtime, logger, logDirectories, queueDirectory, settings } = this.#parts
    const disk = judgeDisks(runtime.files, logDirectories, queueDirectory, settings())
    if (disk.isFull !== undefined && disk.isFull !== this.#isDiskFull) {
      this.#isDiskFull = disk.isFull
      const fields = { path: disk.path, usedPercent: disk.usedPercent }
      if (disk.isFull) logger.error(fields, 'the disk is nearly full: messages are refused')
      else logger.info(fields, 'the disk has room again: messages are taken')
    }
    return disk
  }

  /** Oldest first, never the file that is written to. @see MappedFileQueue.deleteExpiredFileByTime */
  async #removeLogFiles(atOnce: boolean): Promise<number> {
    const { log, runtime, logger, settings } = this.#parts
    const { segments } = log
    const { fileReservedMs, deleteLogFileIntervalMs, deleteFileBatchMax } = settings()
    let removed = 0
    while (!this.#isClosed && removed < deleteFileBatchMax && this.#mayRemoveFirst(atOnce)) {
      const path = segments.path(segments.start)
      const modifiedMs = runtime.files.stat(path)?.modifiedMs ?? 0
      if (!atOnce && runtime.clock.nowMs() < modifiedMs + fileReservedMs) break
      segments.removeFirst()
      segments.flushNames()
      removed++
      logger.info({ path, atOnce }, 'removed an old file of the log')
      const isPause = deleteLogFileIntervalMs > 0 && removed < deleteFileBatchMax
      if (isPause && this.#mayRemoveFirst(atOnce)) {
        await new Promise<void>((done) => runtime.timers.after(deleteLogFileIntervalMs, done))
      }
    }
    return removed
  }

  /**
   * Everything in the first file is on disk and dispatched, so the log goes on behind it. Its queue entries are on disk as well: after
   * a loss of power nothing else would say how far a queue had come, and its offsets would be given once more. A full disk cannot wait.
   */
  #mayRemoveFirst(atOnce: boolean): boolean {
    const { log, dispatched, durable } = this.#parts
    const { segments } = log
    const behind = segments.start + segments.segmentBytes
    const most = Math.min(log.flushed, dispatched(), atOnce ? behind : durable())
    return segments.count > 1 && behind <= most
  }

  #report(disk: DiskVerdict, removed: number): void {
    const isHelpless = disk.isTight && removed === 0
    if (isHelpless && !this.#hasWarned) {
      this.#parts.logger.warn(
        { path: disk.path, usedPercent: disk.usedPercent },
        'the disk fills up and no file of the log may be removed: shorten fileReservedTime or add space',
      )
    }
    this.#hasWarned = isHelpless
  }

  async #follow(): Promise<void> {
    const { log, queues, index, runtime, logger } = this.#parts
    const { start } = log
    if (start <= this.#followedStart) return
    const queueFiles = await queues.follow(start, runtime.turn)
    const indexFiles = index.deleteBelow(start)
    this.#followedStart = start
    if (queueFiles + indexFiles > 0) {
      logger.info({ logStart: start, queueFiles, indexFiles }, 'removed what only pointed there')
    }
  }
}
