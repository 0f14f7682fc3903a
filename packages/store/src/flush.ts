// SPDX-License-Identifier: Apache-2.0
// Moves the log's flushed watermark: one fdatasync for everyone who waits, or one now and then.
import type { Clock, Logger, Timers } from '@rocketmq-ts/runtime'
import { AckQueue } from './ack-queue.ts'
import type { CommitLog } from './commit-log.ts'
import { rewriteUnflushed } from './log-repair.ts'
import type { AckWaiter } from './messages.ts'

/** Waiters are looked over for a timeout this often. */
const TIMEOUT_TICK_MS = 100
/** After a failed flush the log is written anew and flushed again in this interval. */
const REPAIR_MS = 1000
/** Java counts what waits for a flush in pages of this size. */
const PAGE_BYTES = 4096
/** A flush of more than this never runs on the event loop. */
const LOOP_FLUSH_BYTES = 64 * 1024
/** So many flushes in a row must have been quick before one runs on the event loop. */
const QUICK_IN_A_ROW = 8

/** When the log is flushed. */
export interface FlushPolicy {
  /** Under ASYNC_FLUSH a flush waits for this many whole pages, except once per `thoroughIntervalMs`. */
  readonly leastPages: number
  readonly thoroughIntervalMs: number
  /** A flush is started when so much waits for one. */
  readonly aheadBytes: number
  /** Flush as soon as `leastPages` are written, not only when the interval has passed. */
  readonly onWrite: boolean
  /** The flush for a single waiter runs on the event loop while flushes take less than this; 0: never. */
  readonly loopMaxMs: number
  /** A waiter is told FLUSH_DISK_TIMEOUT after this. */
  readonly timeoutMs: number
}

/**
 * Group commit. Everyone who waits when a flush starts is released by it; those who come meanwhile share the next one.
 * After a failed flush the kernel may have dropped the bytes and calls them clean, so flushing again would prove nothing:
 * they are written again first, and only then flushed.
 */
export class Flush {
  readonly #log: CommitLog
  readonly #clock: Clock
  readonly #timers: Timers
  readonly #logger: Logger
  readonly #policy: FlushPolicy
  readonly #onFailure: () => void
  readonly #writesOnLoop: () => boolean
  readonly #waiters = new AckQueue()
  #underWay = false
  #failure: Error | undefined
  #isTimerSet = false
  #isClosed = false
  #repairing: Promise<void> | undefined
  #idle: (() => void)[] = []
  #quickInARow = 0
  #lastThoroughMs: number

  constructor(options: {
    log: CommitLog
    clock: Clock
    timers: Timers
    logger: Logger
    policy: FlushPolicy
    onFailure: () => void
    /** Whether the log's writes run on the event loop; then a short flush may as well. */
    writesOnLoop: () => boolean
  }) {
    this.#log = options.log
    this.#clock = options.clock
    this.#timers = options.timers
    this.#logger = options.logger
    this.#policy = options.policy
    this.#onFailure = options.onFailure
    this.#writesOnLoop = options.writesOnLoop
    this.#lastThoroughMs = options.clock.monotonicMs()
  }

  /** Set while nothing can be called flushed. */
  get failure(): Error | undefined {
    return this.#failure
  }

  get waiting(): number {
    return this.#waiters.size
  }

  /** Releases `waiter` when everything below `offset` is on disk, or after the timeout. */
  whenFlushed(offset: number, waiter: AckWaiter): void {
    this.#waiters.push(offset, this.#clock.monotonicMs(), waiter)
    if (!this.#isTimerSet) this.#setTimer()
    this.#startIfWanted()
  }

  /** The log has more written bytes. */
  written(): void {
    const { leastPages, aheadBytes, onWrite } = this.#policy
    const log = this.#log
    if (this.#waiters.size > 0) this.#startIfWanted()
    else if (log.written - log.flushed >= aheadBytes) this.start()
    else if (onWrite && this.#waitingPages() >= leastPages) this.start()
  }

  /** The flush interval has passed. @see FlushRealTimeService */
  tick(): void {
    const nowMs = this.#clock.monotonicMs()
    const isThorough = nowMs >= this.#lastThoroughMs + this.#policy.thoroughIntervalMs
    if (isThorough) this.#lastThoroughMs = nowMs
    if (isThorough || this.#waitingPages() >= this.#policy.leastPages) this.start()
  }

  /** Starts a flush of all that is written, when there is any. */
  start(): void {
    if (this.#underWay || this.#failure !== undefined) return
    if (this.#log.flushed < this.#log.written) this.#flushSegment(this.#log.written)
  }

  /** Resolves when everything written at the time of the call is on disk, or flushing has failed. */
  async flushAll(): Promise<void> {
    const target = this.#log.written
    while (this.#log.flushed < target && this.#failure === undefined) {
      this.start()
      if (this.#underWay) await new Promise<void>((resolve) => this.#idle.push(resolve))
    }
  }

  /** Before the end: what a failed flush has left in doubt is written and flushed once more, and then all the rest. */
  async finish(): Promise<void> {
    if (this.#failure !== undefined) await this.#repairOnce()
    await this.flushAll()
  }

  /** Everyone who waits is told that the log cannot be relied on. */
  failWaiters(): void {
    this.#waiters.releaseAll('SERVICE_NOT_AVAILABLE')
  }

  /** Nothing is tried again after this. */
  close(): void {
    this.#isClosed = true
  }

  #waitingPages(): number {
    const { written, flushed } = this.#log
    return Math.floor(written / PAGE_BYTES) - Math.floor(flushed / PAGE_BYTES)
  }

  // Only when somebody's bytes are written: an earlier flush would not release anybody.
  #startIfWanted(): void {
    if (this.#waiters.size === 0) return
    if (this.#waiters.size === 1 && this.#mayHoldTheLoop()) this.#flushNow()
    else this.start()
  }

  // Waking a thread of the pool and being woken by it costs a lone waiter half as much as the flush itself.
  #mayHoldTheLoop(): boolean {
    if (this.#underWay || this.#failure !== undefined) return false
    if (this.#policy.loopMaxMs === 0 || this.#quickInARow < QUICK_IN_A_ROW) return false
    if (!this.#writesOnLoop()) return false
    const { flushed, written, segments } = this.#log
    if (flushed === written || written - flushed > LOOP_FLUSH_BYTES) return false
    return segments.startOf(flushed) === segments.startOf(written)
  }

  #flushNow(): void {
    const log = this.#log
    const to = log.written
    const startedMs = this.#clock.monotonicMs()
    try {
      log.segments.fileAt(log.flushed).flushSync()
    } catch (error) {
      this.#failed(error)
      return
    }
    this.#measured(startedMs)
    log.flushed = to
    this.#waiters.release(to, 'PUT_OK')
  }

  #measured(startedMs: number): void {
    const isQuick = this.#clock.monotonicMs() - startedMs < this.#policy.loopMaxMs
    this.#quickInARow = isQuick ? this.#quickInARow + 1 : 0
  }

  // Segment by segment: the one being left, then those behind it.
  #flushSegment(target: number): void {
    const log = this.#log
    const segmentEnd = log.segments.startOf(log.flushed) + log.segments.segmentBytes
    const to = Math.min(target, segmentEnd)
    const startedMs = this.#clock.monotonicMs()
    this.#underWay = true
    const done = (error: Error | undefined): void => {
      this.#underWay = false
      if (error !== undefined) {
        this.#failed(error)
        return
      }
      this.#measured(startedMs)
      log.flushed = to
      this.#waiters.release(to, 'PUT_OK')
      if (to < target) this.#flushSegment(target)
      else this.#settle()
    }
    try {
      log.segments.fileAt(log.flushed).flush(done)
    } catch (error) {
      done(error instanceof Error ? error : new Error(String(error)))
    }
  }

  #settle(): void {
    const idle = this.#idle
    this.#idle = []
    for (const resolve of idle) resolve()
    if (!this.#underWay) this.#startIfWanted()
  }

  #failed(error: unknown): void {
    this.#failure = error instanceof Error ? error : new Error(String(error))
    this.#quickInARow = 0
    this.#logger.error(
      { err: error, offset: this.#log.flushed },
      'the commit log cannot be flushed; messages are refused until it has been written and flushed again',
    )
    this.failWaiters()
    this.#onFailure()
    this.#settle()
    this.#repairLater()
  }

  #repairLater(): void {
    if (this.#isClosed) return
    this.#timers.after(REPAIR_MS, () => {
      if (!this.#isClosed && this.#failure !== undefined) void this.#repairOnce()
    })
  }

  /** One at a time. */
  #repairOnce(): Promise<void> {
    this.#repairing ??= this.#repair().finally(() => {
      this.#repairing = undefined
    })
    return this.#repairing
  }

  /** Writes everything that is not flushed again, then flushes it: only that makes it count. */
  async #repair(): Promise<void> {
    const log = this.#log
    const target = log.written
    try {
      while (log.flushed < target) {
        const to = Math.min(target, log.segments.startOf(log.flushed) + log.segments.segmentBytes)
        await rewriteUnflushed(log, to)
        await flushed(log)
        log.flushed = to
      }
    } catch (error) {
      this.#logger.warn(
        { err: error, offset: log.flushed },
        'the commit log still cannot be flushed; messages stay refused',
      )
      this.#repairLater()
      return
    }
    this.#failure = undefined
    this.#logger.info({ offset: target }, 'the commit log has been written and flushed again')
    this.#settle()
  }

  #setTimer(): void {
    this.#isTimerSet = true
    this.#timers.after(TIMEOUT_TICK_MS, () => {
      this.#isTimerSet = false
      this.#waiters.releaseOlderThan(
        this.#clock.monotonicMs() - this.#policy.timeoutMs,
        'FLUSH_DISK_TIMEOUT',
      )
      if (this.#waiters.size > 0) this.#setTimer()
    })
  }
}

function flushed(log: CommitLog): Promise<void> {
  return new Promise((resolve, reject) => {
    log.segments.fileAt(log.flushed).flush((error) => {
      if (error === undefined) resolve()
      else reject(error)
    })
  })
}
