// SPDX-License-Identifier: Apache-2.0
// The clock seam: wall time for stamps that leave the process, monotonic time for every duration.

/** Where the time comes from. */
export interface Clock {
  /** Wall time in whole milliseconds since the Unix epoch; may jump. Only for stamps that leave the process. */
  nowMs(): number
  /** Milliseconds that only grow, with a fraction, from an unspecified origin. For every duration. */
  monotonicMs(): number
}
