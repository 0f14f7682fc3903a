// SPDX-License-Identifier: Apache-2.0
// Finds where consume queues end in their files, and cuts entries that cannot be trusted.
import { int32At, int64At } from '@rocketmq-ts/remoting/message'
import type { OpenFile } from '@rocketmq-ts/runtime'
import { type ConsumeQueue, ENTRY_BYTES, FILLER_SIZE } from './consume-queue.ts'

const entry = new Uint8Array(ENTRY_BYTES)

/** Log offset and size of an entry; fillers count as offset −1, missing entries as undefined. */
export interface EntryAt {
  readonly offset: number
  readonly recordBytes: number
}

/** Reads entry `index` from the queue's files; undefined when nothing was written there. */
export function entryInFile(queue: ConsumeQueue, index: number): EntryAt | undefined {
  const { segments } = queue
  const position = index * ENTRY_BYTES
  if (!segments.holds(position)) return undefined
  const file = segments.fileAt(position)
  if (file.readSync(entry, position - segments.startOf(position)) < ENTRY_BYTES) return undefined
  const recordBytes = int32At(entry, 8)
  if (recordBytes <= 0) return undefined
  return { offset: recordBytes === FILLER_SIZE ? -1 : int64At(entry, 0), recordBytes }
}

/** First index in `from` … `to` for which `isBehind` holds, given that it never turns false again. */
function firstIndex(from: number, to: number, isBehind: (index: number) => boolean): number {
  let low = from
  let high = to
  while (low < high) {
    const middle = Math.floor((low + high) / 2)
    if (isBehind(middle)) high = middle
    else low = middle + 1
  }
  return low
}

/** Where the entries end whose messages lie wholly below `logEnd`: entries grow with the log, and unwritten ones read as zero. */
export function entriesBelow(queue: ConsumeQueue, logEnd: number): number {
  const { segments } = queue
  return firstIndex(segments.start / ENTRY_BYTES, segments.end / ENTRY_BYTES, (index) => {
    const found = entryInFile(queue, index)
    if (found === undefined) return true
    return found.offset >= 0 && found.offset + found.recordBytes > logEnd
  })
}

/** First entry that points at or above `logStart`; `queue.next` when none does. */
export function firstEntryFrom(queue: ConsumeQueue, logStart: number): number {
  return firstIndex(queue.segments.start / ENTRY_BYTES, queue.next, (index) => {
    const found = entryInFile(queue, index)
    return found === undefined || found.offset >= logStart
  })
}

/** Removes the entries from `end` on and sets the queue's counters; returns the file that must be flushed. */
export function cutEntries(queue: ConsumeQueue, end: number): OpenFile | undefined {
  queue.reset(end)
  return queue.segments.cut(end * ENTRY_BYTES)
}
