// SPDX-License-Identifier: Apache-2.0
// Makes queues readable for Java around messages that are gone, while the log still has its very first file.
//
// For an entry that points nowhere Java passes over the rest of the log file that it names, and it names the first one: with that file
// still there, all of the queue's messages in it would be passed over. Such an entry gets the content of the next one instead: a
// consumer may see that message twice, and misses none.
import { ENTRY_BYTES } from '../consume-queue.ts'
import { EntryBlocks, QueueEntries, type QueueEntry } from './queue-entries.ts'
import type { QueueDirectory, StoreFolder } from './store-folder.ts'

/** A longer row of fillers before a queue's first message was made by a broker, not by damage. */
const MOST_LEADING = 1024

/** Calls `write` for each entry that must be changed. */
export function aimHoles(
  folder: StoreFolder,
  write: (path: string, position: number, bytes: Uint8Array) => void,
): void {
  const { log } = folder
  if (log.start !== 0) return
  const blocks = new EntryBlocks()
  for (const queue of folder.queues()) {
    if (queue.kind === 'SimpleCQ') aimHolesOf(folder, queue, blocks, write)
  }
}

/** True when an entry is but a copy of the one behind it. */
export function isCopy(entry: QueueEntry, following: QueueEntry | undefined): boolean {
  return (
    following !== undefined &&
    entry.offset === following.offset &&
    entry.recordBytes === following.recordBytes &&
    entry.tagsCode === following.tagsCode &&
    entry.extPosition === following.extPosition
  )
}

function aimHolesOf(
  folder: StoreFolder,
  queue: QueueDirectory,
  blocks: EntryBlocks,
  write: (path: string, position: number, bytes: Uint8Array) => void,
): void {
  const row = folder.row(queue.path, folder.queueFileBytes(queue.kind))
  if (row.files.length === 0) return
  const entries = new QueueEntries(row, queue.kind, blocks)
  let holes: number[] = []
  let hasMessages = false
  for (let index = entries.start; index < entries.limit; index++) {
    const entry = entries.at(index)
    if (entry === undefined) return
    if (entry.isFiller) {
      if (hasMessages || holes.length <= MOST_LEADING) holes.push(index)
      continue
    }
    if (entry.offset >= folder.log.fileBytes) return
    if (hasMessages || holes.length <= MOST_LEADING) {
      const bytes = new Uint8Array(ENTRY_BYTES)
      row.read(index * ENTRY_BYTES, bytes)
      for (const hole of holes) write(entries.pathOf(hole), entries.positionOf(hole), bytes)
    }
    hasMessages = true
    holes = []
  }
}
