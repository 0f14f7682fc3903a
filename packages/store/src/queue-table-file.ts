// SPDX-License-Identifier: Apache-2.0
// Keeps the side table of queues on disk: written by an orderly stop, taken away by the next start before anything changes.
//
// It is a shortcut and nothing else. Without it, and whenever anything it says of the store's surroundings is not so any more, the queues are found in their files.
import type { Clock, Files, Logger, OpenFile, Turn } from '@rocketmq-ts/runtime'
import { readCheckpoint } from './checkpoint.ts'
import type { ConsumeQueue } from './consume-queue.ts'
import type { ConsumeQueues } from './consume-queues.ts'
import { StoreError } from './errors.ts'
import type { OpenProgress } from './messages.ts'
import { Pace } from './pace.ts'
import type { StorePaths } from './paths.ts'
import {
  decodeHeader,
  decodeQueue,
  decodeTopic,
  encodeHeader,
  encodeQueue,
  encodeTopic,
  HEADER_BYTES,
  QUEUE_BYTES,
  queueIdIn,
  sumBody,
  type TableHeader,
  TOPIC_BYTES,
} from './queue-table.ts'
import type { SegmentFiles } from './segment-files.ts'

const BLOCK_BYTES = 1024 * 1024
/** Far more than the queues that a process has memory for. */
const MOST_BYTES = 1024 * 1024 * 1024
/** Queues between two reports. */
const QUEUES_PER_REPORT = 20_000

/** What the table is about. */
export interface QueueTableOptions {
  readonly files: Files
  readonly paths: StorePaths
  readonly queues: ConsumeQueues
  /** The log's. */
  readonly segments: SegmentFiles
  readonly clock: Clock
  readonly turn: Turn
  readonly logger: Logger
}

/** What a table vouches for. */
export interface KnownQueues {
  /** Every record below has its entries in the queues' files, and they begin where their minimums say. */
  readonly end: number
  /** Log offset of the last record that has an entry. */
  readonly entryOffset: number
}

/**
 * Reads the table, removes it, and makes the queues it knows; undefined when there is none that can be relied on, and then there are no queues yet.
 * The removal reaches the disk with the next flush of the root directory: call it before anything in the store changes.
 */
export async function takeQueueTable(
  options: QueueTableOptions & {
    readonly isClean: boolean
    readonly progress: ((progress: OpenProgress) => void) | undefined
  },
): Promise<KnownQueues | undefined> {
  const { files, paths, isClean, queues, logger } = options
  if (files.stat(paths.queueTable) === undefined) return undefined
  const bytes = isClean ? await readWhole(options) : undefined
  files.remove(paths.queueTable)
  if (bytes === undefined) return undefined
  const header = bytes.header
  if (header === undefined || !isUpToDate(options, header)) {
    logger.info({}, 'the table of queues is out of date: looking into their files')
    return undefined
  }
  await restore(options, bytes.body, header)
  if (queues.count !== header.queueCount) throw damaged(paths)
  return { end: header.logEnd, entryOffset: header.entryOffset }
}

/** Writes the table after everything else was flushed; nothing but a slower start follows when it cannot be written. */
export async function writeQueueTable(
  options: QueueTableOptions & { readonly entryOffset: number; readonly logEnd: number },
): Promise<void> {
  const { files, paths, logger } = options
  const temporary = `${paths.queueTable}.tmp`
  try {
    const surroundings = surroundingsOf(options)
    if (surroundings === undefined || ![...options.queues].every(isAtRest)) return
    const file = files.open(temporary, 'create')
    try {
      file.truncate(0)
      const { logEnd, entryOffset } = options
      await writeRows(options, file, { ...surroundings, logEnd, entryOffset })
    } finally {
      file.close()
    }
    files.rename(temporary, paths.queueTable)
  } catch (error) {
    logger.warn(
      { err: error },
      'the table of queues cannot be written; the next start takes longer',
    )
  }
}

type Surroundings = Omit<TableHeader, 'queueCount' | 'bodyBytes' | 'logEnd' | 'entryOffset'>

/** Undefined for a store that cannot have a table. */
function surroundingsOf({
  files,
  paths,
  queues,
  segments,
}: QueueTableOptions): Surroundings | undefined {
  const { layout } = queues
  const checkpointModifiedMs = files.stat(paths.checkpoint)?.modifiedMs
  // Units have ends of their own, which are found in the files.
  if (checkpointModifiedMs === undefined || layout.ext !== undefined) return undefined
  return {
    logStart: segments.start,
    checkpoint: readCheckpoint(files, paths.checkpoint),
    checkpointModifiedMs,
    directoryModifiedMs: files.stat(layout.directory)?.modifiedMs ?? 0,
    batchDirectoryModifiedMs: files.stat(layout.batchDirectory)?.modifiedMs ?? 0,
    segmentBytes: layout.segmentBytes,
    batchSegmentBytes: layout.batchSegmentBytes,
  }
}

function isUpToDate(options: QueueTableOptions, header: TableHeader): boolean {
  const now = surroundingsOf(options)
  if (now === undefined) return false
  const { checkpoint: then, logEnd } = header
  const isSame = (Object.keys(now) as (keyof Surroundings)[]).every(
    (name) => name === 'checkpoint' || now[name] === header[name],
  )
  const isSameCheckpoint = (Object.keys(then) as (keyof typeof then)[]).every(
    (name) => now.checkpoint[name] === then[name],
  )
  return isSame && isSameCheckpoint && logEnd >= header.logStart && logEnd <= options.segments.end
}

/** All entries are readable and in the files. */
function isAtRest(queue: ConsumeQueue): boolean {
  return queue.persisted === queue.next && queue.readable === queue.next
}

async function readWhole(
  options: QueueTableOptions,
): Promise<{ header: TableHeader | undefined; body: Uint8Array } | undefined> {
  const { files, paths, logger } = options
  const pace = new Pace(options.clock, options.turn)
  try {
    const file = files.open(paths.queueTable, 'read')
    try {
      const byteLength = file.byteLength()
      if (byteLength < HEADER_BYTES || byteLength > MOST_BYTES) return undefined
      const bytes = new Uint8Array(byteLength)
      let sum = 0
      for (let at = 0; at < byteLength; at += BLOCK_BYTES) {
        const block = bytes.subarray(at, at + BLOCK_BYTES)
        await readBlock(file, block, at)
        sum = sumBody(block.subarray(at === 0 ? HEADER_BYTES : 0), sum)
        if (pace.isDue()) await pace.rest()
      }
      const header = decodeHeader(bytes, sum)
      const body = bytes.subarray(HEADER_BYTES)
      return { header: header?.bodyBytes === body.length ? header : undefined, body }
    } finally {
      file.close()
    }
  } catch (error) {
    logger.warn({ err: error }, 'the table of queues cannot be read: looking into their files')
    return undefined
  }
}

function readBlock(file: OpenFile, block: Uint8Array, at: number): Promise<void> {
  return new Promise((resolve, reject) => {
    file.read(block, at, (error, bytesRead) => {
      if (error !== undefined) reject(error)
      else if (bytesRead < block.length) reject(new Error(`${file.path} ends at ${at + bytesRead}`))
      else resolve()
    })
  })
}

async function restore(
  options: QueueTableOptions & {
    readonly progress: ((progress: OpenProgress) => void) | undefined
  },
  body: Uint8Array,
  { queueCount }: TableHeader,
): Promise<void> {
  const { queues, paths, progress } = options
  const pace = new Pace(options.clock, options.turn)
  let reported = 0
  let at = 0
  while (at < body.length) {
    const line = decodeTopic(body, at)
    if (line === undefined || line.name.includes('/')) throw damaged(paths)
    at = line.end
    const topic = queues.topicOfType(line.name, line.isBatch ? 'BatchCQ' : 'SimpleCQ')
    for (let i = 0; i < line.queues; i++) {
      const queue = queues.queueOf(topic, queueIdIn(body, at))
      if (!decodeQueue(body, at, queue)) throw damaged(paths)
      at += QUEUE_BYTES
      if (pace.isDue()) await pace.rest()
    }
    if (queues.count - reported < QUEUES_PER_REPORT) continue
    reported = queues.count
    progress?.({ step: 'queues', done: reported, of: queueCount })
  }
  progress?.({ step: 'queues', done: queues.count, of: queueCount })
}

function damaged(paths: StorePaths): StoreError {
  // It has been removed already.
  return new StoreError(
    'RMQ_STORE_LAYOUT',
    `${paths.queueTable} did not make sense although its checksum was right; start again, it is built without it`,
  )
}

async function writeRows(
  options: QueueTableOptions,
  file: OpenFile,
  known: Omit<TableHeader, 'queueCount' | 'bodyBytes'>,
): Promise<void> {
  const pace = new Pace(options.clock, options.turn)
  const { queues, files } = options
  let block = new Uint8Array(BLOCK_BYTES)
  let used = 0
  let bodyBytes = 0
  let sum = 0
  let queueCount = 0
  const put = async (): Promise<void> => {
    const bytes = block.subarray(0, used)
    sum = sumBody(bytes, sum)
    await write(file, bytes, HEADER_BYTES + bodyBytes)
    bodyBytes += used
    used = 0
  }
  for (const topic of queues.topics()) {
    const rows = topic.queues.filter((queue) => isOnDisk(files, queue))
    if (rows.length === 0) continue
    const needed = TOPIC_BYTES + topic.bytes.length + rows.length * QUEUE_BYTES
    if (used + needed > block.length) await put()
    if (needed > block.length) block = new Uint8Array(needed)
    used = encodeTopic(block, used, topic, rows.length)
    for (const queue of rows) used = encodeQueue(block, used, queue)
    queueCount += rows.length
    if (pace.isDue()) await pace.rest()
  }
  await put()
  await write(file, encodeHeader({ ...known, queueCount, bodyBytes }, sum), 0)
  await new Promise<void>((resolve, reject) => {
    file.flush((error) => (error === undefined ? resolve() : reject(error)))
  })
}

/** A start without the table finds a queue by its directory. */
function isOnDisk(files: Files, { segments }: ConsumeQueue): boolean {
  return segments.count > 0 || files.stat(segments.directory) !== undefined
}

function write(file: OpenFile, bytes: Uint8Array, position: number): Promise<void> {
  return new Promise((resolve, reject) => {
    file.write([bytes], position, (error) => (error === undefined ? resolve() : reject(error)))
  })
}
