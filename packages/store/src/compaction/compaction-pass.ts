// SPDX-License-Identifier: Apache-2.0
// One compaction of one queue: of the messages in full files, the newest of each key stays, unless it has no body.
//
// Java looks at the keys of files that came since its last pass only; older ones have each key once already. What does not fit into
// the map of keys is left as it is for the next pass. Reads go on meanwhile, and so do new messages: they are in the last file.
import {
  findProperty,
  MessageProperty,
  propertyEnd,
  queueOffsetAt,
  type RecordLocation,
} from '@rocketmq-ts/remoting/message'
import { StoreError } from '../errors.ts'
import { isBlankKey } from './blank-key.ts'
import { NewestOffsets } from './newest-offsets.ts'
import { PairAppender } from './pair-appender.ts'
import type { Pair, PairFiles } from './pair-files.ts'
import { scanPair } from './pair-scan.ts'
import { compactingRow, discard, finish, replace } from './replacement.ts'

const KEYS = Buffer.from(MessageProperty.KEYS)

/** What a pass works on. */
export interface PassOptions {
  readonly row: PairFiles
  readonly topic: string
  /** Queue offset that the last pass came to, −1 before the first. */
  readonly position: number
  readonly maxMapBytes: number
  /** True when the result is no longer wanted. */
  readonly isStopped: () => boolean
}

/** What a pass did. */
export interface Passed {
  /** Queue offset up to which each key is there once. */
  readonly position: number
  readonly before: number
  readonly after: number
}

/** The value of KEYS, all of which is one key here; undefined when it is missing or blank. */
export function keyOf(record: Uint8Array, location: RecordLocation): Uint8Array | undefined {
  const { propertiesStart, propertiesEnd } = location
  const at = findProperty(record, KEYS, propertiesStart, propertiesEnd)
  if (at < 0) return undefined
  const key = record.subarray(at, propertyEnd(record, at, propertiesEnd))
  return isBlankKey(key) ? undefined : key
}

/** Undefined when there was nothing to do, or the result was no longer wanted. */
export async function compactRow(options: PassOptions): Promise<Passed | undefined> {
  const { row, position, isStopped } = options
  finish(row)
  const full = row.pairs.slice(0, -1)
  const fresh = full.filter(({ units, lastOffset }) => units > 0 && lastOffset > position)
  // While the last pair is empty nobody could say where the queue ends when those before it have gone.
  if (fresh.length === 0 || row.last?.units === 0) return undefined
  const newest = await newestOffsets(options, fresh)
  const compacting = compactingRow(row)
  const appender = new PairAppender(compacting)
  try {
    for (const pair of full) {
      await eachRecord(options, pair, async (record, location) => {
        if (isKept(record, location, newest)) await appender.put(options.topic, record, location)
        return !isStopped()
      })
      if (isStopped()) break
    }
    await appender.write()
    await appender.flush()
    if (isStopped()) {
      discard(compacting)
      return undefined
    }
    const before = unitsOf(full)
    replace(row, full.length, compacting)
    return { position: newest.lastOffset, before, after: unitsOf(compacting.pairs) }
  } catch (error) {
    // A replacement that has begun is gone on with.
    if (row.unfinished === undefined) forget(compacting)
    throw error
  }
}

/** @see CompactionLog.getOffsetMap */
async function newestOffsets(options: PassOptions, fresh: readonly Pair[]): Promise<NewestOffsets> {
  const newest = new NewestOffsets(options.maxMapBytes)
  let isFull = false
  for (const pair of fresh) {
    await eachRecord(options, pair, async (record, location) => {
      const queueOffset = queueOffsetAt(record, 0)
      const key = keyOf(record, location)
      if (queueOffset > options.position && key !== undefined)
        isFull = !newest.put(key, queueOffset)
      return !isFull && !options.isStopped()
    })
    if (isFull || options.isStopped()) break
  }
  return newest
}

/** @see CompactionLog.shouldRetainMsg */
function isKept(record: Uint8Array, location: RecordLocation, newest: NewestOffsets): boolean {
  const queueOffset = queueOffsetAt(record, 0)
  if (queueOffset > newest.lastOffset) return true
  const key = keyOf(record, location)
  const hasBody = location.bodyEnd > location.bodyStart
  return key !== undefined && hasBody && queueOffset >= newest.get(key)
}

async function eachRecord(
  { row, isStopped }: PassOptions,
  pair: Pair,
  take: (record: Uint8Array, location: RecordLocation) => Promise<boolean>,
): Promise<void> {
  let isEnded = false
  const passed = await scanPair(row, pair, pair.logBytes, async (record, location) => {
    const goesOn = await take(record, location)
    isEnded = !goesOn
    return goesOn
  })
  if (passed === pair.logBytes || isEnded || isStopped()) return
  throw new StoreError(
    'RMQ_STORE_IO',
    `${row.logPath(pair.start)} holds no sound record at byte ${passed}: this queue is not compacted`,
  )
}

/** What cannot be removed now is removed before the next attempt. */
function forget(compacting: PairFiles): void {
  try {
    discard(compacting)
  } catch {
    // The error that is under way says more.
  }
}

function unitsOf(pairs: readonly Pair[]): number {
  return pairs.reduce((sum, { units }) => sum + units, 0)
}
