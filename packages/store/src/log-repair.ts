// SPDX-License-Identifier: Apache-2.0
// Writes the part of the log again that a failed flush has put in doubt: from memory, or from the file where each record still proves whole.
import type { CommitLog } from './commit-log.ts'
import { StoreError } from './errors.ts'
import { eachSoundRecord } from './scan.ts'

const MOST_WRITE_BYTES = 4 * 1024 * 1024
const PAGE_BYTES = 4096

/**
 * Writes the log again from `log.flushed` up to `to`, both in one segment, so that the kernel takes it for new.
 * @throws {StoreError} RMQ_STORE_IO when a record is neither in memory nor whole in the file.
 */
export async function rewriteUnflushed(log: CommitLog, to: number): Promise<void> {
  const inMemoryFrom = Math.min(to, Math.max(log.flushed, log.tail.start))
  if (log.flushed < inMemoryFrom) rewriteFromFile(log, inMemoryFrom)
  await rewriteFromMemory(log, inMemoryFrom, to)
}

async function rewriteFromMemory(log: CommitLog, from: number, to: number): Promise<void> {
  const { segments, tail } = log
  // What shares a page with lost bytes was written together with them.
  const pageStart = Math.max(from - (from % PAGE_BYTES), segments.startOf(from))
  let at = from < to && tail.start <= pageStart ? pageStart : from
  while (at < to) {
    const slices: Uint8Array[] = []
    const next = tail.gather(at, to, MOST_WRITE_BYTES, slices)
    const position = at % segments.segmentBytes
    const file = segments.fileAt(at)
    await new Promise<void>((resolve, reject) => {
      file.write(slices, position, (error) => (error === undefined ? resolve() : reject(error)))
    })
    at = next
  }
}

// The page cache usually still has the bytes although it calls them clean. The very bytes that proved whole are written, never others.
function rewriteFromFile(log: CommitLog, to: number): void {
  const { segments } = log
  const reached = eachSoundRecord(segments, log.flushed, to, (bytes, offset) => {
    segments.fileAt(offset).writeSync([bytes], offset % segments.segmentBytes)
  })
  if (reached >= to) return
  throw new StoreError(
    'RMQ_STORE_IO',
    `a failed flush lost the commit log from ${reached} on: it is whole neither in memory nor in ${segments.path(segments.startOf(reached))}; ` +
      'stop the broker, check the disk, and let the next start recover',
  )
}
