// SPDX-License-Identifier: Apache-2.0
// Words for a record, also for one that is damaged.
import { queueIdAt, queueOffsetAt, RecordLocation } from '@rocketmq-ts/remoting/message'
import type { FileRow } from './file-row.ts'

const MOST_BYTES = 64 * 1024 * 1024

/** UTF-8 text that lies in `bytes`. */
export function textIn(bytes: Uint8Array, start: number, end: number): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('utf8', start, end)
}

/** Where a record belongs. */
export function recordName(bytes: Uint8Array, at: number, location: RecordLocation): string {
  const topic = textIn(bytes, location.topicStart, location.topicEnd)
  return `topic ${topic}, queue ${queueIdAt(bytes, at)}, offset ${queueOffsetAt(bytes, at)}`
}

/** What can still be read of a damaged stretch: the record it was, when its parts still fit together. */
export function damagedName(row: FileRow, from: number, to: number): string | undefined {
  if (to - from > MOST_BYTES) return undefined
  const bytes = new Uint8Array(to - from)
  const bytesRead = row.read(from, bytes)
  const location = new RecordLocation()
  if (!location.locate(bytes, 0, bytesRead)) return undefined
  return recordName(bytes, 0, location)
}
