// SPDX-License-Identifier: Apache-2.0
// Takes entries and units off a queue so that they stay off: what was changed on disk is flushed before the checkpoint moves.
import type { ConsumeQueue } from './consume-queue.ts'
import { cutEntries, lastExtPosition, type QueueEnd } from './queue-recovery.ts'
import type { QueueWriter } from './queue-writer.ts'
import type { SegmentFiles } from './segment-files.ts'

/** Cuts a queue's entries behind `end`, and has what that changed flushed in the next round. */
export function cutQueue(writer: QueueWriter, queue: ConsumeQueue, end: QueueEnd): void {
  const { segments } = queue
  const { count } = segments
  const file = cutEntries(queue, end.next, end.last)
  if (file !== undefined) writer.unflushed.set(file.path, segments)
  // A file that was removed must not come back after the checkpoint has moved over the offsets that it speaks of.
  if (segments.count < count) writer.unflushedDirectories.add(segments.directory)
  const lastAt = end.last !== undefined && end.last.offset >= 0 ? end.next - 1 : -1
  noteNames(writer, segments, lastAt * queue.entryBytes)
}

/** Cuts the units that no entry refers to any more. */
export function recoverUnits(writer: QueueWriter, queue: ConsumeQueue): void {
  const { ext } = queue
  if (ext === undefined) return
  const { count } = ext.segments
  const lastAt = count === 0 ? -1 : lastExtPosition(queue, queue.next)
  const file = ext.recover(lastAt)
  if (file !== undefined) writer.unflushed.set(file.path, ext.segments)
  if (ext.segments.count < count) writer.unflushedDirectories.add(ext.segments.directory)
  noteNames(writer, ext.segments, lastAt)
}

// What the checkpoint vouches for has its name on disk. Of a file without anything such, the name may have come from a process that
// was killed before it had flushed it, and nobody else would.
function noteNames(writer: QueueWriter, segments: SegmentFiles, trustedAt: number): void {
  if (segments.count === 0 || trustedAt >= segments.end - segments.segmentBytes) return
  writer.noteDirectories(segments.directory)
}
