// SPDX-License-Identifier: Apache-2.0
// Keeps a queue's minimum at its first entry that points into the log, and removes files that point nowhere.
import { BatchConsumeQueue } from './batch-consume-queue.ts'
import type { ConsumeQueue } from './consume-queue.ts'
import { type EntryAt, EntryReader } from './queue-recovery.ts'

/** Longer rows of entries that point nowhere fill the space before a queue's first message. */
const MOST_HOLE_ENTRIES = 4096

/**
 * Puts the minimum at the first entry that points at or above `logStart`, behind the last entry when none does.
 * @see ConsumeQueue.correctMinOffset
 */
export function correctMinOffset(queue: ConsumeQueue, logStart: number): void {
  const reader = new EntryReader(queue)
  const from = queue.segments.count > 0 ? Math.max(reader.start, 0) : queue.firstInMemory
  let index = reader.firstWhere(
    (entry) => isInLog(behindHole(reader, entry), logStart),
    Math.min(from, queue.next),
    queue.next,
  )
  while (index < queue.next && isFiller(reader.at(index))) index++
  const entry = index < queue.next ? reader.at(index) : undefined
  if (entry !== undefined) {
    queue.minOffset = entry.queueOffset
    queue.minLogOffset = entry.offset
    queue.ext?.removeBefore(entry.extPosition)
  } else {
    // Without any entry a queue says of itself what a new one says, whatever it held before it was cut.
    const isNew = queue.nextOffset === 0
    queue.minOffset = isNew && queue instanceof BatchConsumeQueue ? -1 : queue.nextOffset
    queue.minLogOffset = -1
  }
}

function isInLog(entry: EntryAt | undefined, logStart: number): boolean {
  return entry === undefined || entry.offset >= logStart
}

function isFiller(entry: EntryAt | undefined): boolean {
  return entry !== undefined && entry.offset < 0
}

/** Of an entry that points nowhere: the one behind the hole, which says on which side of the log's start the hole lies. */
function behindHole(reader: EntryReader, entry: EntryAt | undefined): EntryAt | undefined {
  let at = entry
  for (let steps = 0; steps < MOST_HOLE_ENTRIES && at !== undefined && at.offset < 0; steps++) {
    at = reader.at(at.nextOffset)
  }
  return at
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
