// SPDX-License-Identifier: Apache-2.0
// Tells how far a long walk over the log has come: to a callback often, to the log file now and then with the time that is left.
import type { Clock, Logger } from '@rocketmq-ts/runtime'
import type { OpenProgress } from './messages.ts'

const LINE_MS = 3000

/** Progress from one log offset to another. */
export class ScanProgress {
  readonly #clock: Clock
  readonly #logger: Logger
  readonly #tell: ((progress: OpenProgress) => void) | undefined
  readonly #step: OpenProgress['step']
  readonly #from: number
  readonly #to: number
  readonly #startedMs: number
  #lineMs: number

  constructor(options: {
    clock: Clock
    logger: Logger
    tell: ((progress: OpenProgress) => void) | undefined
    step: OpenProgress['step']
    from: number
    /** Where it ends at the latest. */
    to: number
  }) {
    this.#clock = options.clock
    this.#logger = options.logger
    this.#tell = options.tell
    this.#step = options.step
    this.#from = options.from
    this.#to = options.to
    this.#startedMs = options.clock.monotonicMs()
    this.#lineMs = this.#startedMs
  }

  /** Everything below `offset` has been looked at. */
  reached(offset: number): void {
    const done = offset - this.#from
    const of = this.#to - this.#from
    this.#tell?.({ step: this.#step, done, of })
    const nowMs = this.#clock.monotonicMs()
    if (nowMs - this.#lineMs < LINE_MS || done <= 0) return
    this.#lineMs = nowMs
    const leftMs = ((nowMs - this.#startedMs) * (of - done)) / done
    this.#logger.info(
      { offset, percent: Math.floor((done * 100) / of), leftSeconds: Math.ceil(leftMs / 1000) },
      'checking the commit log',
    )
  }
}
