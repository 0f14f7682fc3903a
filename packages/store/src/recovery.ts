// SPDX-License-Identifier: Apache-2.0
// Brings log and consume queues into agreement when a store is opened, after a clean stop as after a crash.
//
// 1. Trusted point: everything below it is in the consume queues' files. After a clean stop that is everything,
//    after a crash what the checkpoint says, or the start of a file that is older than the checkpoint's times.
// 2. Queue entries at or above the trusted point are cut (after a crash), so that none can be half true.
// 3. The log is checked record by record from the last record below the trusted point that a queue knows; its end is found there.
// 4. What lies behind the end is made to read as zero, and queue entries that point there are cut.
// 5. Records that the queues do not have are dispatched again.
import {
  int64At,
  queueIdAt,
  queueOffsetAt,
  type RecordLocation,
  SysFlag,
  transactionTypeOf,
} from '@rocketmq-ts/remoting/message'
import type { Clock, Logger, Turn } from '@rocketmq-ts/runtime'
import type { Checkpoint } from './checkpoint.ts'
import { BatchConsumeQueue } from './batch-consume-queue.ts'
import type { ConsumeQueue } from './consume-queue.ts'
import type { ConsumeQueues } from './consume-queues.ts'
import { StoreError } from './errors.ts'
import { enterBatch } from './inner-batch.ts'
import { enterLight, type MultiDispatch } from './multi-dispatch.ts'
import { type BitMapOf, NO_BIT_MAP, type OpenProgress } from './messages.ts'
import { correctMinOffset } from './queue-minimum.ts'
import {
  cutEntries,
  entriesBelow,
  EntryReader,
  firstBehindGap,
  lastExtPosition,
  type QueueEnd,
  resumeBehind,
} from './queue-recovery.ts'
import type { QueueWriter } from './queue-writer.ts'
import type { Place } from './record-check.ts'
import { rewrite } from './rewrite.ts'
import { recordAt, scan } from './scan.ts'
import { ScanProgress } from './scan-progress.ts'
import type { SegmentFiles } from './segment-files.ts'
import { tagsCodeOf } from './tags-code.ts'
import { TopicCache } from './topic-cache.ts'

/** How much older than the checkpoint's times a file must be to be trusted without a checkpointed offset, as in Java before 5.5. */
const TIME_MARGIN_MS = 3000
/** Other work gets its turn after this many queues. */
const QUEUES_PER_TURN = 500
const QUEUES_PER_LINE = 20_000

/** What recovery works on. */
export interface RecoveryOptions {
  readonly segments: SegmentFiles
  readonly queues: ConsumeQueues
  readonly writer: QueueWriter
  readonly checkpoint: Checkpoint
  /** Makes the checkpoint vouch for nothing, for good. */
  readonly distrust: () => Promise<void>
  /** The last stop was orderly. */
  readonly isClean: boolean
  readonly delaysMs: readonly number[]
  /** Undefined when there are no light queues. */
  readonly multiDispatch: MultiDispatch | undefined
  readonly bitMapOf: BitMapOf
  readonly progress?: ((progress: OpenProgress) => void) | undefined
  readonly verifyPropertyCrc: boolean
  readonly logger: Logger
  readonly turn: Turn
  readonly clock: Clock
}

/** What recovery found. */
export interface Recovered {
  /** Where the log ends. */
  readonly end: number
  /** Everything below is on disk for certain. */
  readonly flushed: number
  /** Store time of the last record, 0 when there is none. */
  readonly storeTimestampMs: number
  /** Where the last record that was checked and has an entry begins, −1 when there was none, and its store time. */
  readonly entryOffset: number
  readonly entryTimestampMs: number
  /** Records checked. */
  readonly records: number
  /** Records dispatched again. */
  readonly dispatched: number
}

/** Runs the steps above. */
export async function recover(options: RecoveryOptions): Promise<Recovered> {
  const { segments, queues, logger } = options
  if (segments.count === 0) {
    if (queues.count > 0) logger.warn({}, 'there is no commit log: all consume queues are removed')
    queues.removeAll()
    return {
      ...{ end: 0, flushed: 0, storeTimestampMs: 0, entryOffset: -1, entryTimestampMs: 0 },
      ...{ records: 0, dispatched: 0 },
    }
  }
  const trusted = await closeGaps(options, trustedPoint(options))
  const furthest = await cutQueues(options, trusted)
  const from = scanStart(options, trusted, furthest)
  if (!options.isClean) logger.info({ trusted, from }, 'the last stop was a crash: recovering')
  const progress = new ScanProgress({
    ...{ clock: options.clock, logger, tell: options.progress },
    ...{ step: 'log', from, to: segments.end },
  })
  const replay = new Replay(options, (queue, entries) => {
    for (let i = 0; i < entries; i++) queue.arrive()
    options.writer.note(queue)
  })
  const { end, reason } = await scan({
    segments,
    from,
    checksWhole: options.verifyPropertyCrc,
    turn: options.turn,
    take: (place, location) => replay.take(place, location),
    progress: async (offset) => {
      progress.reached(offset)
      await options.writer.writeAll()
    },
  })
  if (reason === 'damaged') {
    logger.warn({ offset: end }, 'the commit log is cut behind its last sound record')
  }
  const shortened = segments.cut(end)
  if (!options.isClean) {
    // What was cut must not come back with the next crash, mixed with what is written from now on.
    shortened?.flushSync()
    segments.flushNames()
    rewrite(segments, from, end)
  }
  await options.writer.writeAll()
  if (options.writer.failed) {
    throw new StoreError(
      'RMQ_STORE_IO',
      `cannot write consume queues below ${queues.layout.directory}`,
    )
  }
  await finishQueues(options, end, furthest)
  return {
    end,
    flushed: options.isClean ? end : Math.min(from, end),
    storeTimestampMs: replay.storeTimestampMs,
    entryOffset: replay.entryOffset,
    entryTimestampMs: replay.entryTimestampMs,
    records: replay.records,
    dispatched: replay.dispatched,
  }
}

function trustedPoint(options: RecoveryOptions): number {
  const { segments, queues, checkpoint, isClean } = options
  if (!hasFiles(queues)) return segments.start
  if (isClean) return segments.end
  if (checkpoint.logicsPhysicalOffset > 0) {
    return Math.min(Math.max(checkpoint.logicsPhysicalOffset, segments.start), segments.end)
  }
  const before =
    Math.min(checkpoint.physicMsgTimestampMs, checkpoint.logicsMsgTimestampMs) - TIME_MARGIN_MS
  return lastSegmentFrom(options, segments.end, (place, location) => {
    return int64At(place.bytes, location.storeTimestampAt) <= before
  })
}

/** Ends queues where one of their files is missing. A file that the trusted point vouched for brings that down to the log's start. */
async function closeGaps(options: RecoveryOptions, trusted: number): Promise<number> {
  const { segments, queues, checkpoint, logger } = options
  let lowest = trusted
  for (const queue of queues) {
    if (queue.segments.behindGap.length === 0) continue
    const { topic, queueId } = queue
    logger.warn({ topic, queueId }, 'a file of a consume queue is missing: rebuilding from there')
    if (firstBehindGap(queue) < trusted) lowest = segments.start
  }
  // Before anything is cut: a recovery that dies half-way must not leave less than the checkpoint vouches for.
  if (lowest < checkpoint.logicsPhysicalOffset) await options.distrust()
  for (const { segments: row, ext } of queues) {
    for (const cut of ext === undefined ? [row] : [row, ext.segments]) {
      if (cut.behindGap.length > 0) options.writer.unflushedDirectories.add(cut.directory)
      cut.removeBehindGap()
    }
  }
  return lowest
}

/** Start of the last segment below `limit` whose first record is sound and pleases `isGood`; the log's start when there is none. */
function lastSegmentFrom(
  { segments }: RecoveryOptions,
  limit: number,
  isGood: (place: Place, location: RecordLocation) => boolean,
): number {
  for (let start = segments.end - segments.segmentBytes; start > segments.start;) {
    const first = start < limit ? recordAt(segments, start) : undefined
    if (first !== undefined && isGood(first.place, first.location)) return start
    start -= segments.segmentBytes
  }
  return segments.start
}

/** Cuts what is not trusted from the queues; returns the offset of the last record below `trusted` that one of them knows, or −1. */
async function cutQueues(options: RecoveryOptions, trusted: number): Promise<number> {
  let furthest = -1
  await eachQueue(options, (queue) => {
    const end = entriesBelow(queue, trusted)
    const { last } = end
    // After an orderly stop nothing but zeros follows; otherwise lost sectors may hide entries further on.
    if (options.isClean) resumeBehind(queue, end.next, last)
    else noteCut(options, queue, end)
    recoverUnits(options, queue)
    if (last !== undefined && last.offset > furthest) furthest = last.offset
  })
  return furthest
}

function scanStart(options: RecoveryOptions, trusted: number, furthest: number): number {
  const { segments } = options
  if (furthest >= segments.start && recordAt(segments, furthest) !== undefined) return furthest
  return lastSegmentFrom(options, Math.min(trusted, furthest + 1), () => true)
}

/** Cuts entries that point behind the log's end, and puts each queue's minimum at the first that points into the log. */
async function finishQueues(
  options: RecoveryOptions,
  end: number,
  furthest: number,
): Promise<void> {
  // Entries that were dispatched now lie below the end; of those that were trusted none may lie above it either.
  const mustCut = furthest >= end
  await eachQueue(options, (queue) => {
    if (mustCut) {
      const below = entriesBelow(queue, end)
      if (below.next < queue.next) {
        noteCut(options, queue, below)
        recoverUnits(options, queue)
      }
    }
    correctMinOffset(queue, options.segments.start)
  })
}

/** Cuts the entries of all queues that point at or behind `end`. All entries must be in the queues' files. */
export function cutQueuesBehind(options: RecoveryOptions, end: number): Promise<void> {
  return finishQueues(options, end, end)
}

async function eachQueue(
  { queues, turn, logger, progress }: RecoveryOptions,
  visit: (queue: ConsumeQueue) => void,
): Promise<void> {
  let visited = 0
  for (const queue of queues) {
    visit(queue)
    visited++
    if (visited % QUEUES_PER_TURN === 0) {
      progress?.({ step: 'entries', done: visited, of: queues.count })
      await new Promise<void>((resolve) => turn.atEnd(resolve))
    }
    if (visited % QUEUES_PER_LINE === 0) {
      logger.info({ visited, of: queues.count }, 'looking through the consume queues')
    }
  }
}

function noteCut({ writer }: RecoveryOptions, queue: ConsumeQueue, end: QueueEnd): void {
  const { segments } = queue
  const { count } = segments
  const file = cutEntries(queue, end.next, end.last)
  if (file !== undefined) writer.unflushed.set(file.path, segments)
  // A file that was removed must not come back after the checkpoint has moved over the offsets that it speaks of.
  if (segments.count < count) writer.unflushedDirectories.add(segments.directory)
}

/** Cuts the units that no entry refers to any more. */
function recoverUnits({ writer }: RecoveryOptions, queue: ConsumeQueue): void {
  const { ext } = queue
  if (ext === undefined) return
  const { count } = ext.segments
  const file = ext.recover(count === 0 ? -1 : lastExtPosition(queue, queue.next))
  if (file !== undefined) writer.unflushed.set(file.path, ext.segments)
  if (ext.segments.count < count) writer.unflushedDirectories.add(ext.segments.directory)
}

function hasFiles(queues: ConsumeQueues): boolean {
  for (const queue of queues) if (queue.segments.count > 0) return true
  return false
}

/** Dispatches scanned records to the consume queues, each at most once. */
export class Replay {
  readonly #options: RecoveryOptions
  readonly #taken: (queue: ConsumeQueue, entries: number) => void
  readonly #topics: TopicCache
  /** Where the last entry of a queue points whose entries are in files only. */
  readonly #lasts = new Map<ConsumeQueue, number>()
  storeTimestampMs = 0
  entryOffset = -1
  entryTimestampMs = 0
  records = 0
  dispatched = 0

  /** @param taken Called for each queue that a record has given entries: its own, and before it those that fill a hole. */
  constructor(options: RecoveryOptions, taken: (queue: ConsumeQueue, entries: number) => void) {
    this.#options = options
    this.#taken = taken
    this.#topics = new TopicCache(options.queues)
  }

  take(place: Place, location: RecordLocation): void {
    this.records++
    const { bytes, at } = place
    this.storeTimestampMs = int64At(bytes, location.storeTimestampAt)
    const type = transactionTypeOf(location.sysFlag)
    if (type === SysFlag.TRANSACTION_PREPARED || type === SysFlag.TRANSACTION_ROLLBACK) return
    this.entryOffset = place.offset
    this.entryTimestampMs = this.storeTimestampMs
    const topic = this.#topics.find(bytes, location.topicStart, location.topicEnd)
    const queue = this.#options.queues.queueOf(topic, queueIdAt(bytes, at))
    const { propertiesStart: start, propertiesEnd: end, recordBytes } = location
    const { delaysMs, multiDispatch } = this.#options
    const { storeTimestampMs } = this
    const tagsCode = tagsCodeOf(topic.name, bytes, start, end, storeTimestampMs, delaysMs)
    const queueOffset = queueOffsetAt(bytes, at)
    const logOffset = place.offset
    if (queue instanceof BatchConsumeQueue) {
      const { sysFlag } = location
      const record = { logOffset, recordBytes, tagsCode, storeTimestampMs, queueOffset, sysFlag }
      if (enterBatch(queue, { ...record, bytes, start, end })) this.#entered(queue)
    } else {
      const hasUnits = queue.ext !== undefined && queueOffset >= queue.next
      const properties = hasUnits ? bytes.subarray(start, end) : undefined
      this.#enter(queue, queueOffset, { logOffset, recordBytes, tagsCode, properties })
    }
    multiDispatch?.eachOf(topic.name, bytes, start, end, (light, lightOffset) => {
      if (enterLight(light, lightOffset, { logOffset, recordBytes, tagsCode })) this.#entered(light)
    })
  }

  #enter(
    queue: ConsumeQueue,
    queueOffset: number,
    record: {
      logOffset: number
      recordBytes: number
      tagsCode: number
      properties: Uint8Array | undefined
    },
  ): void {
    const { logOffset, recordBytes, tagsCode, properties } = record
    if (queueOffset < queue.next) {
      // A queue that lost its first file as well as what it held starts again with what the log still has.
      const isEmpty = queue.segments.count === 0 && queue.slotOf(queue.next - 1) < 0
      if (isEmpty) queue.reset(queueOffset)
      else if (!this.#isBehind(queue, logOffset)) return
      else this.#beginAnew(queue, queueOffset)
    }
    const isNew = queue.next === 0 && queue.segments.count === 0
    const from = isNew ? queueOffset : queue.next
    if (queueOffset > queue.next) this.#skipTo(queue, queueOffset)
    if (properties !== undefined) {
      const bitMap = this.#options.bitMapOf(queue.topic, properties) ?? NO_BIT_MAP
      const { storeTimestampMs } = this
      queue.putWithUnit(logOffset, recordBytes, { tagsCode, storeTimestampMs, bitMap })
    } else {
      queue.put(logOffset, recordBytes, tagsCode)
    }
    this.#entered(queue, queue.next - from)
  }

  /** True when a record lies behind the one that the queue's last entry points to. */
  #isBehind(queue: ConsumeQueue, logOffset: number): boolean {
    const last = this.#lastOf(queue)
    return last >= 0 && last < logOffset
  }

  /** Log offset of a queue's last entry; −1 when that points nowhere. */
  #lastOf(queue: ConsumeQueue): number {
    const slot = queue.slotOf(queue.next - 1)
    if (slot >= 0) return int64At(queue.ring, slot)
    let offset = this.#lasts.get(queue)
    if (offset === undefined) {
      offset = new EntryReader(queue).at(queue.next - 1)?.offset ?? -1
      this.#lasts.set(queue, offset)
    }
    return offset
  }

  // A later message with an earlier queue offset: the topic had been deleted in between, and its old entries have no meaning.
  #beginAnew(queue: ConsumeQueue, queueOffset: number): void {
    this.#options.writer.forget(queue)
    queue.removed = false
    noteCut(this.#options, queue, { next: queueOffset, last: undefined })
    recoverUnits(this.#options, queue)
  }

  #entered(queue: ConsumeQueue, entries: number = 1): void {
    this.#taken(queue, entries)
    this.dispatched++
  }

  // A queue's first record may be any when older ones have left the log; a hole further on means that entries were lost.
  #skipTo(queue: ConsumeQueue, queueOffset: number): void {
    if (queue.segments.count > 0 || queue.next > 0) {
      this.#options.logger.warn(
        { topic: queue.topic, queueId: queue.queueId, from: queue.next, to: queueOffset },
        'a consume queue misses entries: the hole is filled with entries that point nowhere',
      )
    }
    queue.skipTo(queueOffset)
  }
}
