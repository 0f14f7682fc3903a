// SPDX-License-Identifier: Apache-2.0
// Moves the log's flushed watermark: one fdatasync for everyone who waits, or one now and then.
import type { Clock, Logger, Timers } from '@rocketmq-ts/runtime'
import { AckQueue } from './ack-queue.ts'
import type { CommitLog } from './commit-log.ts'
import type { AckWaiter } from './messages.ts'

/** Waiters are looked over for a timeout this often. */
const TIMEOUT_TICK_MS = 100

/**
 * Group commit. Everyone who waits when a flush starts is released by it; those who come meanwhile share the next one.
 * After a failed flush nothing is ever called flushed again: the kernel may have dropped the bytes, so trying again would lie.
 */
export class Flush {
  readonly #log: CommitLog
  readonly #clock: Clock
  readonly #timers: Timers
  readonly #logger: Logger
  readonly #timeoutMs: number
  readonly #onFailure: (error: Error) => void
  readonly #waiters = new AckQueue()
  #underWay = false
  #failure: Error | undefined
  #isTimerSet = false
  #idle: (() => void)[] = []

  constructor(options: {
    log: CommitLog
    clock: Clock
    timers: Timers
    logger: Logger
    timeoutMs: number
    onFailure: (error: Error) => void
  }) {
    this.#log = options.log
    this.#clock = options.clock
    this.#timers = options.timers
    this.#logger = options.logger
    this.#timeoutMs = options.timeoutMs
    this.#onFailure = options.onFailure
  }

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

  /** The log has more written bytes; those who wait for them want a flush. */
  written(): void {
    this.#startIfWanted()
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

  /** Everyone who waits is told that the log cannot be relied on. */
  failWaiters(): void {
    this.#waiters.releaseAll('SERVICE_NOT_AVAILABLE')
  }

  // Only when somebody's bytes are written: an earlier flush would not release anybody.
  #startIfWanted(): void {
    if (this.#waiters.size > 0) this.start()
  }

  // Segment by segment: the one being left, then those behind it.
  #flushSegment(target: number): void {
    const log = this.#log
    const segmentEnd = log.segments.startOf(log.flushed) + log.segments.segmentBytes
    const to = Math.min(target, segmentEnd)
    this.#underWay = true
    const done = (error: Error | undefined): void => {
      this.#underWay = false
      if (error !== undefined) {
        this.#failed(error)
        return
      }
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

  #failed(error: Error): void {
    this.#failure = error
    this.#logger.error(
      { err: error, offset: this.#log.flushed },
      'the commit log cannot be flushed; messages are refused until the store is opened again',
    )
    this.failWaiters()
    this.#onFailure(error)
    this.#settle()
  }

  #setTimer(): void {
    this.#isTimerSet = true
    this.#timers.after(TIMEOUT_TICK_MS, () => {
      this.#isTimerSet = false
      this.#waiters.releaseOlderThan(
        this.#clock.monotonicMs() - this.#timeoutMs,
        'FLUSH_DISK_TIMEOUT',
      )
      if (this.#waiters.size > 0) this.#setTimer()
    })
  }
}
