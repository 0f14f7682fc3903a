// SPDX-License-Identifier: Apache-2.0
// The timer seam: run something later, once or again and again.

/** Stops a timer; calling it again, or after the timer has fired, does nothing. */
export type Cancel = () => void

/** Where delays come from. */
export interface Timers {
  /** Runs `run` once after at least `delayMs` milliseconds. Keeps the process alive until it has fired. */
  after(delayMs: number, run: () => void): Cancel
  /** Runs `run` every `periodMs` milliseconds, first after one period. Does not keep the process alive. */
  every(periodMs: number, run: () => void): Cancel
}
