// SPDX-License-Identifier: Apache-2.0
// Keeps a queue's minimum at its first entry that points into the log, and removes files that point nowhere.
import type { ConsumeQueue } from './consume-queue.ts'
import { EntryReader } from './queue-recovery.ts'

/**
 * Puts the minimum at the first entry that points at or above `logStart`, behind the last entry when none does.
 * @see ConsumeQueue.correctMinOffset
 */
export function correctMinOffset(queue: ConsumeQueue, logStart: number): void {
  const reader = new EntryReader(queue)
  const from = queue.segments.count > 0 ? Math.max(reader.start, 0) : queue.firstInMemory
  const index = reader.firstWhere(
    (entry) => entry === undefined || entry.offset >= logStart,
    Math.min(from, queue.next),
    queue.next,
  )
  const entry = index < queue.next ? reader.at(index) : undefined
  if (entry !== undefined) {
    queue.minOffset = entry.queueOffset
    queue.minLogOffset = entry.offset
    queue.ext?.removeBefore(entry.extPosition)
  } else {
    // A queue that never had an entry keeps what it says of itself.
    if (queue.nextOffset > 0) queue.minOffset = queue.nextOffset
    queue.minLogOffset = -1
  }
}

/** Removes the files whose last entry points below `logStart`, but not the last file; returns how many. */
export function removeFilesBefore(queue: ConsumeQueue, logStart: number): number {
  const { segments, entryBytes } = queue
  let removed = 0
  while (segments.count > 1) {
    const behind = (segments.start + segments.segmentBytes) / entryBytes
    // Entries that are still on their way into a file are newer than all that may go.
    if (behind > queue.persisted) break
    const last = new EntryReader(queue).at(behind - 1)
    if (last === undefined || last.offset >= logStart) break
    segments.removeFirst()
    // On disk before the next one goes: a loss of power must not leave a gap.
    segments.flushNames()
    removed++
  }
  return removed
}
