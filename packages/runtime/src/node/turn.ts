// SPDX-License-Identifier: Apache-2.0
// The end of an event-loop turn: libuv's check phase, which follows the handling of all readable sockets.
import type { Turn } from '../turn.ts'

/** One immediate per turn, however many ask for its end. */
export function createNodeTurn(): Turn {
  let waiting: (() => void)[] = []
  let running: (() => void)[] = []

  function runAll(): void {
    // Swapped, so that what is scheduled from here on runs at the end of the next turn.
    const due = waiting
    waiting = running
    running = due
    try {
      // An index, not an iterator: `due` does not grow while it runs.
      for (let index = 0; index < due.length; index += 1) due[index]?.()
    } finally {
      due.length = 0
    }
  }

  return {
    atEnd(run) {
      waiting.push(run)
      if (waiting.length === 1) setImmediate(runAll)
    },
  }
}
