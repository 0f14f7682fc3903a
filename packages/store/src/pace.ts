// SPDX-License-Identifier: Apache-2.0
// Shares the event loop during long work: some milliseconds of it, then everything else that waits.
import type { Clock, Turn } from '@rocketmq-ts/runtime'

const WORK_MS = 8
/** Also where the clock does not move while work is done. */
const MOST_STEPS = 2000

/** Ask {@link isDue} after each step, and {@link rest} when it says so. */
export class Pace {
  readonly #clock: Clock
  readonly #turn: Turn
  #steps = 0
  #sinceMs: number

  constructor(clock: Clock, turn: Turn) {
    this.#clock = clock
    this.#turn = turn
    this.#sinceMs = clock.monotonicMs()
  }

  /** True when others have waited long enough. */
  isDue(): boolean {
    return ++this.#steps >= MOST_STEPS || this.#clock.monotonicMs() - this.#sinceMs >= WORK_MS
  }

  async rest(): Promise<void> {
    await new Promise<void>((resolve) => this.#turn.atEnd(resolve))
    this.#steps = 0
    this.#sinceMs = this.#clock.monotonicMs()
  }
}
