// SPDX-License-Identifier: Apache-2.0
// The machine's clocks.
import type { Clock } from '../clock.ts'

/** Wall time from Date, monotonic time from the performance counter. */
export const nodeClock: Clock = {
  nowMs: () => Date.now(),
  monotonicMs: () => performance.now(),
}
