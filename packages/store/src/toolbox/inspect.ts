// SPDX-License-Identifier: Apache-2.0
// What lies in a store's directory: files, bounds, tables, and which features it uses. Reads heads and ends, not the whole log.
import { int64At, RecordLocation } from '@rocketmq-ts/remoting/message'
import { type Checkpoint, readCheckpoint } from '../checkpoint.ts'
import { decodeHeader, HEADER_BYTES, type IndexHeader } from '../index-file/index-format.ts'
import { isLmq } from '../multi-dispatch.ts'
import { compactedFolders, pairsOf, planOf } from './compacted-folder.ts'
import { type ConfigTable, configTables } from './config-tables.ts'
import type { FileRow } from './file-row.ts'
import { readPositions } from './positions.ts'
import { EntryBlocks, QueueEntries } from './queue-entries.ts'
import type { QueueDirectory, StoreFolder } from './store-folder.ts'

const FIRST_BYTES = 64 * 1024

/** A queue's bounds: `min` is the offset of the first entry that points into the log, `max` the one behind the last. */
export interface QueueSummary extends QueueDirectory {
  readonly min: number
  readonly max: number
  readonly files: number
}

/** A compacted queue. */
export interface CompactedSummary {
  readonly topic: string
  readonly queueId: number
  readonly files: number
  /** Queue offset that the compaction has looked at last; undefined when there was none. */
  readonly position: number | undefined
  /** A compaction was to replace its files and did not come to it. */
  readonly hasPlan: boolean
}

/** What {@link inspectStore} tells. */
export interface StoreSummary {
  readonly root: string
  /** The last stop was orderly. */
  readonly isClean: boolean
  readonly log: {
    readonly files: number
    readonly fileBytes: number
    readonly minOffset: number
    /** Behind the last record that a queue knows. */
    readonly maxKnownOffset: number
    readonly firstStoreTimestampMs: number | undefined
    readonly missingFiles: number
  }
  readonly queues: readonly QueueSummary[]
  /** Compacted queues; `files` are pairs of a log file and a file of units. */
  readonly compacted: readonly CompactedSummary[]
  readonly index: readonly ({ readonly name: string; readonly byteLength: number } & IndexHeader)[]
  readonly checkpoint: Checkpoint | undefined
  readonly tables: readonly ConfigTable[]
  /** What the store makes use of. */
  readonly features: readonly string[]
  /** Directories that are neither read nor written here. */
  readonly others: readonly string[]
}

/** Reads a store's directory. Memory: a few hundred bytes for each queue. */
export function inspectStore(folder: StoreFolder): StoreSummary {
  const { files, paths, log } = folder
  const blocks = new EntryBlocks()
  const queues: QueueSummary[] = []
  let maxKnownOffset = 0
  for (const queue of folder.queues()) {
    const row = folder.row(queue.path, folder.queueFileBytes(queue.kind))
    if (row.files.length === 0) continue
    const entries = new QueueEntries(row, queue.kind, blocks)
    const { min, max, end } = boundsOf(entries, log.start)
    maxKnownOffset = Math.max(maxKnownOffset, end)
    queues.push({ ...queue, min, max, files: row.files.length })
  }
  const hasCheckpoint = files.stat(paths.checkpoint) !== undefined
  return {
    root: paths.root,
    isClean: folder.isClean,
    log: {
      files: log.files.length,
      fileBytes: log.fileBytes,
      minOffset: log.start,
      maxKnownOffset,
      firstStoreTimestampMs: firstTimestamp(log),
      missingFiles: log.missing().length,
    },
    queues,
    compacted: compactedOf(folder),
    index: indexOf(folder),
    checkpoint: hasCheckpoint ? readCheckpoint(files, paths.checkpoint) : undefined,
    tables: configTables(folder),
    features: featuresOf(folder, queues),
    others: othersOf(folder),
  }
}

function boundsOf(
  entries: QueueEntries,
  logStart: number,
): { min: number; max: number; end: number } {
  const next = firstWhere(entries.start, entries.limit, (index) => entries.at(index) === undefined)
  const first = firstWhere(entries.start, next, (index) => {
    const entry = entries.at(index)
    return entry === undefined || (!entry.isFiller && entry.offset >= logStart)
  })
  const last = entries.at(next - 1)
  const lowest = first < next ? entries.at(first) : undefined
  const max = last?.batch === undefined ? next : last.batch.baseOffset + last.batch.count
  const min = lowest === undefined ? max : (lowest.batch?.baseOffset ?? first)
  const end = last === undefined || last.isFiller ? 0 : last.offset + last.recordBytes
  return { min, max, end }
}

function firstWhere(from: number, to: number, holds: (index: number) => boolean): number {
  let low = from
  let high = to
  while (low < high) {
    const middle = Math.floor((low + high) / 2)
    if (holds(middle)) high = middle
    else low = middle + 1
  }
  return low
}

function firstTimestamp(log: FileRow): number | undefined {
  const bytes = new Uint8Array(Math.min(FIRST_BYTES, log.fileBytes))
  // The head is enough: the record itself need not be whole in here.
  const bytesRead = log.read(log.start, bytes)
  const location = new RecordLocation()
  if (!location.locate(bytes, 0, bytesRead)) return undefined
  return int64At(bytes, location.storeTimestampAt)
}

function compactedOf(folder: StoreFolder): CompactedSummary[] {
  const { offsets } = readPositions(folder)
  return compactedFolders(folder).map((compacted) => {
    const { topic, queueId } = compacted
    const plan = planOf(folder.files, compacted)
    const files = pairsOf(folder, compacted, plan).length
    const position = offsets.get(`${topic}_${queueId}`)
    return { topic, queueId, files, position, hasPlan: plan !== undefined }
  })
}

function indexOf(folder: StoreFolder): StoreSummary['index'] {
  return folder.indexFiles().map((name) => {
    const path = `${folder.paths.index}/${name}`
    const bytes = new Uint8Array(HEADER_BYTES)
    folder.open.get(path, 'read').readSync(bytes, 0)
    const byteLength = folder.files.stat(path)?.byteLength ?? 0
    return { name, byteLength, ...decodeHeader(bytes) }
  })
}

function featuresOf(folder: StoreFolder, queues: readonly QueueSummary[]): string[] {
  const { files, paths } = folder
  const has = (path: string): boolean => files.list(path).length > 0
  const found: [boolean, string][] = [
    [paths.commitLogs.length > 1, 'several log directories'],
    [queues.some(({ kind }) => kind === 'BatchCQ'), 'queues of batches'],
    [queues.some(({ topic }) => isLmq(topic)), 'light queues'],
    [has(paths.consumeQueueExts), 'units beside queue entries'],
    [has(paths.index), 'index'],
    [has(`${paths.compaction}/compactionLog`), 'compacted topics'],
    [has(paths.checksums), 'checksums of log blocks'],
    [queues.some(({ topic }) => topic === 'SCHEDULE_TOPIC_XXXX'), 'delayed messages'],
    [queues.some(({ topic }) => topic.startsWith('RMQ_SYS_TRANS')), 'transactions'],
  ]
  return found.flatMap(([isUsed, name]) => (isUsed ? [name] : []))
}

function othersOf({ files, paths }: StoreFolder): string[] {
  const known = new Set([
    ...[...paths.commitLogs, paths.consumeQueues, paths.batchConsumeQueues],
    ...[paths.consumeQueueExts, paths.config, paths.index, paths.checksums],
    paths.compaction,
  ])
  return files
    .list(paths.root)
    .map((name) => `${paths.root}/${name}`)
    .filter((path) => !known.has(path) && files.stat(path)?.kind === 'directory')
}
