// SPDX-License-Identifier: Apache-2.0
// Brings log and consume queues into agreement when a store is opened, after a clean stop as after a crash.
//
// 1. Trusted point: everything below it is in the consume queues' files. After a clean stop that is everything,
//    after a crash what the checkpoint says, or the start of a file that is older than the checkpoint's times.
// 2. Queue entries at or above the trusted point are cut (after a crash), so that none can be half true.
// 3. The log is checked record by record from the last record below the trusted point that a queue knows; its end is found there.
// 4. What lies behind the end is made to read as zero, and queue entries that point there are cut.
// 5. Records that the queues do not have are dispatched again.
//
// Where an orderly stop left a table of the queues, steps 1, 2 and 5 are spared: it says where each queue stands, and what they hold. Below the trusted point those are records of deleted topics: the
//    checkpoint then vouches for less until their entries are flushed.
import { int64At, type RecordLocation } from '@rocketmq-ts/remoting/message'
import type { Clock, Turn } from '@rocketmq-ts/runtime'
import type { Checkpoint } from './checkpoint.ts'
import type { ConsumeQueue } from './consume-queue.ts'
import type { ConsumeQueues } from './consume-queues.ts'
import { StoreError } from './errors.ts'
import type { OpenProgress } from './messages.ts'
import { Pace } from './pace.ts'
import { cutQueue, recoverUnits } from './queue-cuts.ts'
import { correctMinOffset } from './queue-minimum.ts'
import { entriesBelow, firstBehindGap, resumeBehind } from './queue-recovery.ts'
import type { KnownQueues } from './queue-table-file.ts'
import type { Place } from './record-check.ts'
import { Replay, type ReplayOptions } from './replay.ts'
import { rewrite } from './rewrite.ts'
import { recordAt, scan } from './scan.ts'
import { ScanProgress } from './scan-progress.ts'
import type { SegmentFiles } from './segment-files.ts'

/** How much older than the checkpoint's times a file must be to be trusted without a checkpointed offset, as in Java before 5.5. */
const TIME_MARGIN_MS = 3000
/** Queues between two reports, and between two lines in the log file. */
const QUEUES_PER_REPORT = 5000
const QUEUES_PER_LINE = 100_000

/** What recovery works on. */
export interface RecoveryOptions extends ReplayOptions {
  readonly segments: SegmentFiles
  readonly checkpoint: Checkpoint
  /** Makes the checkpoint vouch for nothing at and behind an offset, on disk before this returns. */
  readonly lowerCheckpoint: (offset: number) => void
  /** The last stop was orderly. */
  readonly isClean: boolean
  /** What a table of the queues vouches for; they stand where it says. */
  readonly known?: KnownQueues | undefined
  readonly progress?: ((progress: OpenProgress) => void) | undefined
  readonly verifyPropertyCrc: boolean
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
  const { segments, queues, logger, known } = options
  if (segments.count === 0) {
    if (queues.count > 0) logger.warn({}, 'there is no commit log: all consume queues are removed')
    queues.removeAll()
    return {
      ...{ end: 0, flushed: 0, storeTimestampMs: 0, entryOffset: -1, entryTimestampMs: 0 },
      ...{ records: 0, dispatched: 0 },
    }
  }
  const trusted = known === undefined ? closeGaps(options, trustedPoint(options)) : segments.end
  const furthest = known?.entryOffset ?? (await cutQueues(options, trusted))
  const from = scanStart(options, trusted, furthest)
  if (!options.isClean) logger.info({ trusted, from }, 'the last stop was a crash: recovering')
  const progress = new ScanProgress({
    ...{ clock: options.clock, logger, tell: options.progress },
    ...{ step: 'log', from, to: segments.end },
  })
  /** Queues whose minimum has to be looked for again. */
  const touched = new Set<ConsumeQueue>()
  const replay = new Replay(options, (queue, entries) => {
    // The entry of a topic that had been deleted: until its file is flushed the checkpoint may not vouch for it.
    if (replay.entryOffset < options.checkpoint.logicsPhysicalOffset) {
      options.lowerCheckpoint(replay.entryOffset)
    }
    touched.add(queue)
    for (let i = 0; i < entries; i++) queue.arrive()
    options.writer.note(queue)
  })
  const { end, reason } = await scan({
    segments,
    from,
    checksWhole: options.verifyPropertyCrc,
    turn: options.turn,
    take: (place, location) => {
      if (known !== undefined && place.offset < known.end) replay.pass(place, location)
      else replay.take(place, location)
    },
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
  // Entries that were dispatched now lie below the end; of those that were trusted none may lie above it either.
  if (furthest >= end || (known !== undefined && known.end > end)) {
    await cutQueuesBehind(options, end)
  } else {
    const { start } = segments
    // Of what a table says of minimums, the log may have lost the beginning.
    const behind =
      known === undefined ? [] : [...queues].filter((queue) => startsBelow(queue, start))
    await eachQueue(options, new Set([...touched, ...behind]), (queue) => {
      correctMinOffset(queue, start)
    })
  }
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
function closeGaps(options: RecoveryOptions, trusted: number): number {
  const { segments, queues, checkpoint, logger } = options
  let lowest = trusted
  for (const queue of queues) {
    if (queue.segments.behindGap.length === 0) continue
    const { topic, queueId } = queue
    logger.warn({ topic, queueId }, 'a file of a consume queue is missing: rebuilding from there')
    if (firstBehindGap(queue) < trusted) lowest = segments.start
  }
  // Before anything is cut: a recovery that dies half-way must not leave less than the checkpoint vouches for.
  if (lowest < checkpoint.logicsPhysicalOffset) options.lowerCheckpoint(0)
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

/** Cuts what is not trusted from the queues, and finds where each begins; returns the offset of the last record below `trusted` that one of them knows, or −1. */
async function cutQueues(options: RecoveryOptions, trusted: number): Promise<number> {
  let furthest = -1
  await eachQueue(options, options.queues, (queue) => {
    const end = entriesBelow(queue, trusted)
    const { last } = end
    // After an orderly stop nothing but zeros follows; otherwise lost sectors may hide entries further on.
    if (options.isClean) resumeBehind(queue, end.next, last)
    else cutQueue(options.writer, queue, end)
    recoverUnits(options.writer, queue)
    correctMinOffset(queue, options.segments.start)
    if (last !== undefined && last.offset > furthest) furthest = last.offset
  })
  return furthest
}

function scanStart(options: RecoveryOptions, trusted: number, furthest: number): number {
  const { segments } = options
  if (furthest >= segments.start && recordAt(segments, furthest) !== undefined) return furthest
  return lastSegmentFrom(options, Math.min(trusted, furthest + 1), () => true)
}

/**
 * Cuts the entries of all queues that point at or behind `end`, and puts each queue's minimum at the first that points into the log.
 * All entries must be in the queues' files.
 */
export function cutQueuesBehind(options: RecoveryOptions, end: number): Promise<void> {
  return eachQueue(options, options.queues, (queue) => {
    const below = entriesBelow(queue, end)
    if (below.next < queue.next) {
      cutQueue(options.writer, queue, below)
      recoverUnits(options.writer, queue)
    }
    correctMinOffset(queue, options.segments.start)
  })
}

function startsBelow(queue: ConsumeQueue, logStart: number): boolean {
  return queue.minLogOffset < logStart && queue.minOffset < queue.nextOffset
}

async function eachQueue(
  { queues, clock, turn, logger, progress }: RecoveryOptions,
  some: Iterable<ConsumeQueue>,
  visit: (queue: ConsumeQueue) => void,
): Promise<void> {
  const pace = new Pace(clock, turn)
  let visited = 0
  for (const queue of some) {
    visit(queue)
    visited++
    if (visited % QUEUES_PER_REPORT === 0) {
      progress?.({ step: 'entries', done: visited, of: queues.count })
    }
    if (visited % QUEUES_PER_LINE === 0) {
      logger.info({ visited, of: queues.count }, 'looking through the consume queues')
    }
    if (pace.isDue()) await pace.rest()
  }
  if (visited > 0) progress?.({ step: 'entries', done: visited, of: queues.count })
}

function hasFiles(queues: ConsumeQueues): boolean {
  for (const queue of queues) if (queue.segments.count > 0) return true
  return false
}
