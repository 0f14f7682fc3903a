// SPDX-License-Identifier: Apache-2.0
// Compares the table of queues, which spares the next start a look into their files, with those files.
import { int32At, int64At } from '@rocketmq-ts/remoting/message'
import { readCheckpoint } from '../checkpoint.ts'
import {
  decodeHeader,
  decodeTopic,
  HEADER_BYTES,
  QUEUE_BYTES,
  queueIdIn,
  sumBody,
  type TableHeader,
} from '../queue-table.ts'
import type { FileRow } from './file-row.ts'
import type { Findings } from './findings.ts'
import { EntryBlocks, QueueEntries } from './queue-entries.ts'
import type { QueueDirectory, StoreFolder } from './store-folder.ts'

/** True when the next start would believe something that is not so. A table that it does not believe does no harm. */
export function isQueueTableWrong(folder: StoreFolder, findings: Findings): boolean {
  const { files, paths, isClean } = folder
  const bytes = isClean ? files.readFile(paths.queueTable) : undefined
  if (bytes === undefined || bytes.length < HEADER_BYTES) return false
  const body = bytes.subarray(HEADER_BYTES)
  const header = decodeHeader(bytes, sumBody(body, 0))
  if (header === undefined || !isBelieved(folder, header) || header.bodyBytes !== body.length) {
    return false
  }
  const wrong = new Set<string>()
  const add = (what: string): void => {
    wrong.add(what)
    findings.add('QUEUE_TABLE_WRONG', { path: paths.queueTable }, what)
  }
  const known = new Set<string>()
  const blocks = new EntryBlocks()
  for (let at = 0; at < body.length;) {
    const line = decodeTopic(body, at)
    if (line === undefined) {
      add('it cannot be read although its checksum is right')
      break
    }
    at = line.end
    const { name: topic, isBatch } = line
    const directory = isBatch ? paths.batchConsumeQueues : paths.consumeQueues
    for (let i = 0; i < line.queues; i++, at += QUEUE_BYTES) {
      const queueId = queueIdIn(body, at)
      const path = `${directory}/${topic}/${queueId}`
      known.add(path)
      const kind = isBatch ? 'BatchCQ' : 'SimpleCQ'
      const row = folder.row(path, isBatch ? header.batchSegmentBytes : header.segmentBytes)
      const difference = differenceAt(body, at, row, kind, blocks)
      if (difference !== undefined) add(`${topic} queue ${queueId}: ${difference}`)
    }
  }
  for (const { path, topic, queueId } of folder.queues()) {
    const isUnknown = !known.has(path) && folder.row(path).files.length > 0
    if (isUnknown) add(`${topic} queue ${queueId} has files, and is not in it`)
  }
  return wrong.size > 0
}

/** @see isUpToDate of the store's start: the same surroundings as when the table was written. */
function isBelieved({ files, paths, log }: StoreFolder, header: TableHeader): boolean {
  const modifiedMs = (path: string): number => files.stat(path)?.modifiedMs ?? 0
  if (files.stat(paths.checkpoint) === undefined) return false
  const checkpoint = readCheckpoint(files, paths.checkpoint)
  const isSame = (Object.keys(header.checkpoint) as (keyof typeof checkpoint)[]).every(
    (name) => checkpoint[name] === header.checkpoint[name],
  )
  return (
    isSame &&
    header.logStart === log.start &&
    header.logEnd <= log.end &&
    header.checkpointModifiedMs === modifiedMs(paths.checkpoint) &&
    header.directoryModifiedMs === modifiedMs(paths.consumeQueues) &&
    header.batchDirectoryModifiedMs === modifiedMs(paths.batchConsumeQueues)
  )
}

function differenceAt(
  body: Uint8Array,
  at: number,
  row: FileRow,
  kind: QueueDirectory['kind'],
  blocks: EntryBlocks,
): string | undefined {
  const files = int32At(body, at + 4)
  if (files !== row.files.length) return `it says ${files} files; there are ${row.files.length}`
  if (files === 0) return undefined
  const start = int64At(body, at + 8)
  if (start !== row.start) return `it says that the files begin at ${start}, not at ${row.start}`
  const next = int64At(body, at + 16)
  const entries = new QueueEntries(row, kind, blocks)
  const isEnd =
    (next === entries.start || entries.at(next - 1) !== undefined) && entries.at(next) === undefined
  return isEnd ? undefined : `it says that entry ${next} comes next; the entries end elsewhere`
}
