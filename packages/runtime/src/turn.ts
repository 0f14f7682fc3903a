// SPDX-License-Identifier: Apache-2.0
// The turn seam: once all sockets of an event-loop turn have been handled, flush what they left.

/** Where the end of the current event-loop turn is announced. */
export interface Turn {
  /**
   * Runs `run` once, after every socket that is readable in this event-loop turn has been handled.
   * This is where the one gathered log write and the one write per connection happen: microtasks run between
   * two sockets of one turn, so nothing could be gathered with them. What `run` schedules runs at the end of the next turn.
   */
  atEnd(run: () => void): void
}
