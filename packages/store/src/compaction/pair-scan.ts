// SPDX-License-Identifier: Apache-2.0
// Goes through the records of one log file of a compacted queue, checking each.
import { recordBytesAt, RecordLocation } from '@rocketmq-ts/remoting/message'
import { readAt } from '../index-file/index-io.ts'
import { checkRecord, type Place } from '../record-check.ts'
import { BLANK_BYTES } from '../record-limits.ts'
import { isUnitAt, positionAt, UNIT_BYTES, unitRecordBytesAt } from './compaction-format.ts'
import type { Pair, PairFiles } from './pair-files.ts'

const READ_BYTES = 512 * 1024

/** Takes a record that is valid until the promise is kept; false ends the scan. */
export type TakePairRecord = (record: Uint8Array, location: RecordLocation) => Promise<boolean>

/** Calls `take` for each sound record below `limit` bytes of the file; resolves with the bytes passed over, less than `limit` when one is not sound. */
export async function scanPair(
  row: PairFiles,
  pair: Pair,
  limit: number,
  take: TakePairRecord,
): Promise<number> {
  const location = new RecordLocation()
  let bytes = new Uint8Array(Math.min(READ_BYTES, limit))
  let at = 0
  let filled = 0
  let passed = 0
  while (passed < limit) {
    const place: Place = {
      ...{ bytes, at, limit: filled, offset: pair.start + passed },
      roomBytes: limit - passed,
    }
    const found = checkRecord(place, location)
    if (found === 'incomplete') {
      const size = filled - at >= 4 ? recordBytesAt(bytes, at) : 0
      const wanted = Math.max(size, BLANK_BYTES)
      if (passed + wanted > limit) break
      bytes = moved(bytes, at, filled, wanted)
      filled -= at
      at = 0
      const into = bytes.subarray(filled, Math.min(bytes.length, limit - passed))
      filled += await readAt(row.logFile(pair.start), into, passed + filled)
      if (filled < wanted) break
      continue
    }
    if (found !== 'record') break
    const { recordBytes } = location
    const record = bytes.subarray(at, at + recordBytes)
    location.locate(record, 0)
    if (!(await take(record, location))) break
    at += recordBytes
    passed += recordBytes
  }
  return passed
}

function moved(
  bytes: Uint8Array<ArrayBuffer>,
  from: number,
  to: number,
  wanted: number,
): Uint8Array<ArrayBuffer> {
  if (wanted <= bytes.length) {
    bytes.copyWithin(0, from, to)
    return bytes
  }
  const larger = new Uint8Array(wanted)
  larger.set(bytes.subarray(from, to))
  return larger
}

/**
 * Finds how far each pair of a loaded row goes. After a crash the last pair is cut behind its last unit that points at a sound record:
 * the pairs before it were on disk before it was made.
 */
export async function measure(row: PairFiles, isClean: boolean): Promise<void> {
  for (const pair of row.pairs) {
    pair.units = row.countUnits(pair)
    if (pair.units > 0) {
      pair.logBytes = row.endOf(pair, pair.units)
      pair.firstOffset = row.queueOffsetOf(pair, 0)
      pair.lastOffset = row.queueOffsetOf(pair, pair.units - 1)
    }
  }
  const { last } = row
  if (isClean || last === undefined) return
  const { units, logBytes } = await soundUnits(row, last)
  row.cut(last, units, logBytes)
}

async function soundUnits(
  row: PairFiles,
  pair: Pair,
): Promise<{ units: number; logBytes: number }> {
  const bytes = new Uint8Array(pair.units * UNIT_BYTES)
  await readAt(row.unitsFile(pair.start), bytes, 0)
  const { logFileBytes } = row.disk.sizes
  let units = 0
  let logBytes = 0
  await scanPair(row, pair, Math.min(pair.logBytes, logFileBytes), async (record) => {
    const at = units * UNIT_BYTES
    const isHere =
      units < pair.units &&
      isUnitAt(bytes, at) &&
      positionAt(bytes, at) === pair.start + logBytes &&
      unitRecordBytesAt(bytes, at) === record.length
    if (!isHere) return false
    units++
    logBytes += record.length
    return true
  })
  return { units, logBytes }
}
