// SPDX-License-Identifier: Apache-2.0
// Finds the entry of a queue of batches that holds a queue offset, step by step: entries that are not in memory must be loaded first.
import { type BatchConsumeQueue, baseOffsetAt, messageCountAt } from './batch-consume-queue.ts'
import type { EntryWindows } from './entry-windows.ts'

/** How far a search has come; a search that had to wait goes on from here. */
export interface Seek {
  /** The entry lies at or above this index; −1 at the start. */
  low: number
  /** And below this one. */
  high: number
  /** The entry to be loaded. */
  middle: number
  /** Where it ended, or −1. */
  found: number
}

/** A search that has not begun. */
export function newSeek(): Seek {
  return { low: -1, high: -1, middle: -1, found: -1 }
}

/**
 * Index of the last entry that begins at or below `queueOffset`, or of the one behind it when that one ends before; −1 when
 * `seek.middle` must be loaded first. @see BatchConsumeQueue.getBatchMsgIndexBuffer
 */
export function seekBatch(
  queue: BatchConsumeQueue,
  queueOffset: number,
  seek: Seek,
  windows: EntryWindows,
): number {
  if (seek.found >= 0) return seek.found
  if (seek.low < 0) begin(queue, queueOffset, seek, windows)
  while (seek.high - seek.low > 1) {
    const middle = Math.floor((seek.low + seek.high) / 2)
    const base = baseOf(queue, middle, windows)
    if (base === undefined) {
      seek.middle = middle
      return -1
    }
    if (base <= queueOffset) seek.low = middle
    else seek.high = middle
  }
  const end = endOf(queue, seek.low, windows)
  if (end === undefined) {
    seek.middle = seek.low
    return -1
  }
  seek.found = end <= queueOffset ? seek.low + 1 : seek.low
  return seek.found
}

/** Narrows the search by what is in memory. */
function begin(
  queue: BatchConsumeQueue,
  queueOffset: number,
  seek: Seek,
  windows: EntryWindows,
): void {
  seek.low = queue.segments.count > 0 ? queue.segments.start / queue.entryBytes : 0
  seek.high = queue.readable
  const { firstInMemory } = queue
  const firstBase = baseOf(queue, firstInMemory, windows)
  if (firstBase !== undefined && firstInMemory < queue.readable) {
    if (firstBase <= queueOffset) seek.low = Math.max(seek.low, firstInMemory)
    else seek.high = firstInMemory
  }
  const window = windows.of(queue)
  if (window === undefined) return
  const last = window.first + window.count - 1
  if ((baseOf(queue, window.first, windows) ?? Infinity) <= queueOffset) {
    seek.low = Math.max(seek.low, window.first)
  }
  if ((endOf(queue, last, windows) ?? -1) > queueOffset) seek.high = Math.min(seek.high, last + 1)
}

function baseOf(
  queue: BatchConsumeQueue,
  index: number,
  windows: EntryWindows,
): number | undefined {
  const slot = queue.slotOf(index)
  if (slot >= 0) return baseOffsetAt(queue.ring, slot)
  const window = windows.find(queue, index)
  if (window === undefined) return undefined
  return baseOffsetAt(window.bytes, (index - window.first) * queue.entryBytes)
}

function endOf(queue: BatchConsumeQueue, index: number, windows: EntryWindows): number | undefined {
  const base = baseOf(queue, index, windows)
  if (base === undefined) return undefined
  const slot = queue.slotOf(index)
  if (slot >= 0) return base + messageCountAt(queue.ring, slot)
  const window = windows.find(queue, index)
  if (window === undefined) return undefined
  return base + messageCountAt(window.bytes, (index - window.first) * queue.entryBytes)
}
