// SPDX-License-Identifier: Apache-2.0
// Gives a segment that was made ahead its place on the disk and in the page cache, in steps so small that nobody waits for them.
import type { Logger, Timers } from '@rocketmq-ts/runtime'
import type { SegmentFiles } from './segment-files.ts'

const STEP_BYTES = 128 * 1024
const STEP_MS = 2
/** What is written is flushed after this much, so that the disk never has a lot to do at once. (Java: flushLeastPagesWhenWarmMapedFile) */
const FLUSH_BYTES = 16 * 1024 * 1024

/**
 * Writes zeros over a segment that nothing has been written to. One step is one write that is done when it returns, so none can be
 * under way when the log comes to the segment. A failure ends it: the log finds out by itself when it needs the room.
 */
export class WarmUp {
  readonly #segments: SegmentFiles
  readonly #timers: Timers
  readonly #logger: Logger
  readonly #mayWrite: (segmentStart: number) => boolean
  readonly #zeros: Uint8Array
  #isRunning = false

  /** @param options.mayWrite False for good once the log has come to the segment. */
  constructor(options: {
    segments: SegmentFiles
    timers: Timers
    logger: Logger
    mayWrite: (segmentStart: number) => boolean
  }) {
    this.#segments = options.segments
    this.#timers = options.timers
    this.#logger = options.logger
    this.#mayWrite = options.mayWrite
    this.#zeros = new Uint8Array(Math.min(STEP_BYTES, options.segments.segmentBytes))
  }

  /** Begins with the segment that starts at `start`. */
  begin(start: number): void {
    if (this.#isRunning) return
    this.#isRunning = true
    this.#next(start, 0)
  }

  #next(start: number, from: number): void {
    this.#timers.after(STEP_MS, () => {
      const isOver = from >= this.#segments.segmentBytes || !this.#mayWrite(start)
      if (isOver) this.#isRunning = false
      else this.#step(start, from)
    })
  }

  #step(start: number, from: number): void {
    const to = Math.min(from + this.#zeros.length, this.#segments.segmentBytes)
    try {
      const file = this.#segments.fileAt(start)
      file.writeSync([this.#zeros.subarray(0, to - from)], from)
      const isFlush = Math.floor(to / FLUSH_BYTES) > Math.floor(from / FLUSH_BYTES)
      if (isFlush) file.flush((error) => (error ? this.#end(error) : this.#next(start, to)))
      else this.#next(start, to)
    } catch (error) {
      this.#end(error)
    }
  }

  #end(error: unknown): void {
    this.#isRunning = false
    this.#logger.warn({ err: error }, 'the next commit log file cannot be prepared')
  }
}
