// SPDX-License-Identifier: Apache-2.0
// Searches a queue by store time. Follows Java file by file, so that the answers are the same where a clock went back, too.
import { BatchConsumeQueue } from './batch-consume-queue.ts'
import type { ConsumeQueue } from './consume-queue.ts'
import type { Boundary } from './messages.ts'

/** What a search asks of the entry at an index. */
export interface Probe {
  /** Store time of its message; −1 when the log does not have the message, undefined when the entry cannot be read. */
  timeAt(index: number): Promise<number | undefined>
  /** True when the entry points below the log's start. */
  isGone(index: number): Promise<boolean>
  /** Queue offset of the first message of an entry. */
  queueOffsetAt(index: number): Promise<number>
}

/** A queue's entries in one of its files. */
interface File {
  readonly first: number
  /** Behind its last readable entry. */
  readonly end: number
}

/**
 * With LOWER the offset of the first message stored at `timestampMs` or later, with UPPER of the last one stored then or before.
 * A queue without messages answers where it begins. @see ConsumeQueueStore.getOffsetInQueueByTime
 */
export async function searchByTime(
  queue: ConsumeQueue,
  timestampMs: number,
  boundary: Boundary,
  probe: Probe,
): Promise<number> {
  const files = filesOf(queue)
  const found =
    files.length === 0
      ? 0
      : queue instanceof BatchConsumeQueue
        ? await inBatches(files, timestampMs, boundary, probe)
        : await inEntries(queue, files, timestampMs, boundary, probe)
  return Math.min(Math.max(found, queue.minOffset), queue.maxOffset)
}

function filesOf(queue: ConsumeQueue): File[] {
  const perFile = queue.segments.segmentBytes / queue.entryBytes
  const hasFiles = queue.segments.count > 0
  const start = hasFiles ? queue.segments.start / queue.entryBytes : queue.firstInMemory
  const files: File[] = []
  for (let first = start - (start % perFile); first < queue.readable; first += perFile) {
    files.push({ first, end: Math.min(first + perFile, queue.readable) })
  }
  return files
}

async function inEntries(
  queue: ConsumeQueue,
  files: readonly File[],
  timestampMs: number,
  boundary: Boundary,
  probe: Probe,
): Promise<number> {
  const file =
    boundary === 'LOWER'
      ? await firstEndingFrom(files, timestampMs, probe)
      : await lastBeginningUpTo(files, timestampMs, probe)
  if (file === undefined) return 0
  const floor = Math.max(queue.minOffset, file.first)
  const ceiling = file.end - 1
  const timeAt = async (index: number): Promise<number> => (await probe.timeAt(index)) ?? -1
  if ((await timeAt(ceiling)) < timestampMs) return boundary === 'LOWER' ? ceiling + 1 : ceiling
  if (floor > ceiling) return floor
  if ((await timeAt(floor)) > timestampMs) return boundary === 'LOWER' ? file.first : 0
  let low = floor
  let high = ceiling
  let left = -1
  let right = -1
  while (high >= low) {
    const middle = Math.floor((low + high) / 2)
    if (await probe.isGone(middle)) {
      left = middle
      low = middle + 1
      continue
    }
    const time = await timeAt(middle)
    if (time < 0) return 0
    if (time === timestampMs) return endOfEqual({ floor, ceiling }, middle, boundary, timeAt)
    if (time > timestampMs) {
      right = middle
      high = middle - 1
    } else {
      left = middle
      low = middle + 1
    }
  }
  return boundary === 'LOWER' ? right : left
}

/** The first file whose last entry is as late; the last file when none of those before it is. */
async function firstEndingFrom(
  files: readonly File[],
  timestampMs: number,
  probe: Probe,
): Promise<File | undefined> {
  for (const file of files.slice(0, -1)) {
    if (((await probe.timeAt(file.end - 1)) ?? -1) >= timestampMs) return file
  }
  return files.at(-1)
}

/** The last file whose first entry is as early. */
async function lastBeginningUpTo(
  files: readonly File[],
  timestampMs: number,
  probe: Probe,
): Promise<File | undefined> {
  for (const file of files.toReversed()) {
    if (((await probe.timeAt(file.first)) ?? -1) <= timestampMs) return file
  }
  return undefined
}

/** The outermost of the entries around `middle` that have its time: in growing steps, since there may be many. */
async function endOfEqual(
  { floor, ceiling }: { floor: number; ceiling: number },
  middle: number,
  boundary: Boundary,
  timeAt: (index: number) => Promise<number>,
): Promise<number> {
  const direction = boundary === 'LOWER' ? -1 : 1
  const most = boundary === 'LOWER' ? middle - floor : ceiling - middle
  const time = await timeAt(middle)
  const isEqual = async (steps: number): Promise<boolean> =>
    steps <= most && (await timeAt(middle + direction * steps)) === time
  let reached = 0
  let step = 1
  while (await isEqual(reached + step)) {
    reached += step
    step *= 2
  }
  for (; step >= 1; step = Math.floor(step / 2)) {
    if (await isEqual(reached + step)) reached += step
  }
  return middle + direction * reached
}

async function inBatches(
  files: readonly File[],
  timestampMs: number,
  boundary: Boundary,
  probe: Probe,
): Promise<number> {
  const file = await fileOfBatches(files, timestampMs, probe)
  if (file === undefined) return -1
  const last = file.end - 1
  const timeAt = async (index: number): Promise<number> => (await probe.timeAt(index)) ?? -1
  if (timestampMs >= (await timeAt(last))) return probe.queueOffsetAt(last)
  const found = await searchBatches(file.first, last, timestampMs, boundary, timeAt)
  return found < 0 ? -1 : probe.queueOffsetAt(found)
}

/** The last file when it begins early enough, otherwise the one that begins latest of those that do, or the first. */
async function fileOfBatches(
  files: readonly File[],
  timestampMs: number,
  probe: Probe,
): Promise<File | undefined> {
  let [found] = files
  let latestMs = -Infinity
  for (const file of files) {
    const beginsMs = (await probe.timeAt(file.first)) ?? -1
    if (beginsMs > timestampMs) continue
    if (beginsMs >= latestMs || file === files.at(-1)) {
      found = file
      latestMs = beginsMs
    }
  }
  return found
}

/** @see BatchConsumeQueue.binarySearchRight */
async function searchBatches(
  from: number,
  to: number,
  timestampMs: number,
  boundary: Boundary,
  timeAt: (index: number) => Promise<number>,
): Promise<number> {
  let left = from
  let right = to
  while (left <= right) {
    const middle = Math.floor((left + right) / 2)
    const time = await timeAt(middle)
    if (middle === right) return time >= timestampMs ? middle : -1
    if (middle === left) {
      if (time >= timestampMs) return middle
      left = middle + 1
    } else if (boundary === 'LOWER') {
      if (time < timestampMs) left = middle + 1
      else right = middle
    } else if (time <= timestampMs) left = middle
    else right = middle - 1
  }
  return -1
}
