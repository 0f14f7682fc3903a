// SPDX-License-Identifier: Apache-2.0
// Records that take the place of damaged ones: whole and sound, but in no queue and under no key, for Java as for us.
import {
  bodyCrc,
  BLANK_MAGIC,
  putInt32,
  storedRecordBytes,
  SysFlag,
  writeStoredRecord,
} from '@rocketmq-ts/remoting/message'
import { StoreError } from '../errors.ts'
import { BLANK_BYTES, SMALLEST_RECORD_BYTES } from '../record-limits.ts'

/** Whoever reads the log by offset sees why there is nothing. */
const TOPIC = Buffer.from('rmq_sys_damaged')
const SHORT_TOPIC = Buffer.from('D')
const MOST_BODY_BYTES = 1024 * 1024
const HOST = new Uint8Array(8)

/** The head of a blank: the rest of a file, of so many bytes, without a record. */
export function blank(byteLength: number): Uint8Array {
  const bytes = new Uint8Array(BLANK_BYTES)
  putInt32(bytes, 0, byteLength)
  putInt32(bytes, 4, BLANK_MAGIC)
  return bytes
}

/**
 * Records that fill a gap. They are rolled back halves of transactions, which neither queues nor the index take. Where there is room
 * they are two or more, so that no queue entry fits one of them.
 * @throws {StoreError} RMQ_STORE_LAYOUT when the gap is too small for a record.
 */
export function standIns(gap: {
  readonly from: number
  readonly to: number
  readonly storeTimestampMs: number
}): Uint8Array[] {
  const records: Uint8Array[] = []
  const least = SMALLEST_RECORD_BYTES + TOPIC.length
  let at = gap.from
  while (at < gap.to) {
    const room = gap.to - at
    const isFirst = records.length === 0
    let bytes = Math.min(room, MOST_BODY_BYTES)
    if (isFirst && room >= 2 * least) bytes = least
    // The rest must have room for a record too.
    if (room - bytes > 0 && room - bytes < least) bytes -= least
    records.push(standIn(at, bytes, gap.storeTimestampMs))
    at += bytes
  }
  return records
}

function standIn(offset: number, byteLength: number, storeTimestampMs: number): Uint8Array {
  const topic = byteLength >= SMALLEST_RECORD_BYTES + TOPIC.length ? TOPIC : SHORT_TOPIC
  const bodyBytes = byteLength - storedRecordBytes(0, topic.length, 0, 0, 1)
  if (bodyBytes < 0) {
    throw new StoreError(
      'RMQ_STORE_LAYOUT',
      `the ${byteLength} damaged bytes at ${offset} of the log are too few for a record; restore the file from a copy`,
    )
  }
  const body = new Uint8Array(bodyBytes)
  const bytes = new Uint8Array(byteLength)
  writeStoredRecord(bytes, 0, {
    version: 1,
    bodyCrc: bodyCrc(body, 0, body.length),
    queueId: 0,
    flag: 0,
    queueOffset: 0,
    physicalOffset: offset,
    sysFlag: SysFlag.TRANSACTION_ROLLBACK,
    bornTimestampMs: storeTimestampMs,
    bornHost: HOST,
    storeTimestampMs,
    storeHost: HOST,
    reconsumeTimes: 0,
    preparedTransactionOffset: 0,
    body,
    topic,
    properties: new Uint8Array(0),
  })
  return bytes
}
