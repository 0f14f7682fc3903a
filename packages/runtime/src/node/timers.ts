// SPDX-License-Identifier: Apache-2.0
// The event loop's timers.
import type { Timers } from '../timers.ts'

/** Node refuses delays beyond 2^31 − 1 ms by firing at once; a month is as good as for ever here. */
const LONGEST_DELAY_MS = 2 ** 31 - 1

/** `after` keeps the process alive, `every` does not. */
export const nodeTimers: Timers = {
  after(delayMs, run) {
    const timer = setTimeout(run, Math.min(delayMs, LONGEST_DELAY_MS))
    return () => clearTimeout(timer)
  },
  every(periodMs, run) {
    const timer = setInterval(run, Math.min(periodMs, LONGEST_DELAY_MS))
    timer.unref()
    return () => clearInterval(timer)
  },
}
