// SPDX-License-Identifier: Apache-2.0
// The side table of an orderly stop: where each queue stood, so that the next start need not open the files of all queues.
//
//    0          8       12      16           24          32        40             48 … 96      96         104        112         120     124     128
//    ├ RMQTQT01 ┼ crc32 ┼ count ┼ body bytes ┼ log start ┼ log end ┼ last entry's ┼ checkpoint ┼ its time ┼ …/simple ┼ …/batch ─┼ bytes ┼ bytes ┤
//
// "count" is the number of queues, "last entry's" the log offset of the last record with an entry. The three times (float64) are when the checkpoint and the two
// directories of queues were modified: whoever used the store since has changed at least one of them. The last two fields are the sizes of queue files.
// The checksum covers the body and then the header from byte 12. The body, for each topic:
//
//    ├ name bytes int16 ┼ type int16 ┼ queues int32 ┼ name … ┤ and for each queue
//    ├ id int32 ┼ files int32 ┼ first byte ┼ next entry ┼ next offset ┼ minimum ┼ its log offset ┤   each int64
import { int16At, int32At, int64At, putInt32, putInt64 } from '@rocketmq-ts/remoting/message'
import { crc32 } from 'node:zlib'
import { BatchConsumeQueue } from './batch-consume-queue.ts'
import type { Checkpoint } from './checkpoint.ts'
import type { ConsumeQueue } from './consume-queue.ts'
import type { Topic } from './topic.ts'

const MAGIC = 'RMQTQT01'
const SUMMED_FROM = 12
export const HEADER_BYTES = 128
export const TOPIC_BYTES = 8
export const QUEUE_BYTES = 48
const SIMPLE = 0
const BATCH = 1

/** What must not have changed since the table was written, and the figures that belong to it. */
export interface TableHeader {
  readonly queueCount: number
  readonly bodyBytes: number
  readonly logStart: number
  readonly logEnd: number
  readonly entryOffset: number
  readonly checkpoint: Checkpoint
  readonly checkpointModifiedMs: number
  readonly directoryModifiedMs: number
  readonly batchDirectoryModifiedMs: number
  readonly segmentBytes: number
  readonly batchSegmentBytes: number
}

const CHECKPOINT_FIELDS = [
  'physicMsgTimestampMs',
  'logicsMsgTimestampMs',
  'indexMsgTimestampMs',
  'masterFlushedOffset',
  'confirmPhyOffset',
  'logicsPhysicalOffset',
] as const

/** Adds a stretch of the body to its checksum. */
export function sumBody(bytes: Uint8Array, sum: number): number {
  return crc32(bytes, sum)
}

/** The header's bytes; `bodySum` is the checksum of the whole body. */
export function encodeHeader(header: TableHeader, bodySum: number): Uint8Array {
  const bytes = new Uint8Array(HEADER_BYTES)
  const view = new DataView(bytes.buffer)
  bytes.set(Buffer.from(MAGIC, 'latin1'))
  putInt32(bytes, 12, header.queueCount)
  putInt64(bytes, 16, header.bodyBytes)
  putInt64(bytes, 24, header.logStart)
  putInt64(bytes, 32, header.logEnd)
  putInt64(bytes, 40, header.entryOffset)
  CHECKPOINT_FIELDS.forEach((name, i) => putInt64(bytes, 48 + i * 8, header.checkpoint[name]))
  view.setFloat64(96, header.checkpointModifiedMs)
  view.setFloat64(104, header.directoryModifiedMs)
  view.setFloat64(112, header.batchDirectoryModifiedMs)
  putInt32(bytes, 120, header.segmentBytes)
  putInt32(bytes, 124, header.batchSegmentBytes)
  putInt32(bytes, 8, crc32(bytes.subarray(SUMMED_FROM), bodySum) | 0)
  return bytes
}

/** The header when it and the body, whose checksum is `bodySum`, are whole. */
export function decodeHeader(bytes: Uint8Array, bodySum: number): TableHeader | undefined {
  if (bytes.length < HEADER_BYTES) return undefined
  const head = bytes.subarray(0, HEADER_BYTES)
  if (Buffer.from(head.subarray(0, 8)).toString('latin1') !== MAGIC) return undefined
  if ((crc32(head.subarray(SUMMED_FROM), bodySum) | 0) !== int32At(head, 8)) return undefined
  const view = new DataView(head.buffer, head.byteOffset, HEADER_BYTES)
  const fields = CHECKPOINT_FIELDS.map((name, i) => [name, int64At(head, 48 + i * 8)])
  return {
    queueCount: int32At(head, 12),
    bodyBytes: int64At(head, 16),
    logStart: int64At(head, 24),
    logEnd: int64At(head, 32),
    entryOffset: int64At(head, 40),
    checkpoint: Object.fromEntries(fields) as Checkpoint,
    checkpointModifiedMs: view.getFloat64(96),
    directoryModifiedMs: view.getFloat64(104),
    batchDirectoryModifiedMs: view.getFloat64(112),
    segmentBytes: int32At(head, 120),
    batchSegmentBytes: int32At(head, 124),
  }
}

/** Lays out a topic's line at `at`; returns the position behind it. */
export function encodeTopic(bytes: Uint8Array, at: number, topic: Topic, queues: number): number {
  const name = topic.bytes
  putInt32(bytes, at, (name.length << 16) | (topic.type === 'BatchCQ' ? BATCH : SIMPLE))
  putInt32(bytes, at + 4, queues)
  bytes.set(name, at + TOPIC_BYTES)
  return at + TOPIC_BYTES + name.length
}

/** A topic's line; undefined when there is none at `at`. */
export function decodeTopic(
  bytes: Uint8Array,
  at: number,
):
  | {
      readonly name: string
      readonly isBatch: boolean
      readonly queues: number
      readonly end: number
    }
  | undefined {
  if (at + TOPIC_BYTES > bytes.length) return undefined
  const end = at + TOPIC_BYTES + int16At(bytes, at)
  const queues = int32At(bytes, at + 4)
  const isWhole =
    end > at + TOPIC_BYTES && queues >= 0 && end + queues * QUEUE_BYTES <= bytes.length
  if (!isWhole) return undefined
  const name = Buffer.from(bytes.subarray(at + TOPIC_BYTES, end)).toString('utf8')
  return { name, isBatch: int16At(bytes, at + 2) === BATCH, queues, end }
}

/** Lays out where a queue stands; one without files stands nowhere. */
export function encodeQueue(bytes: Uint8Array, at: number, queue: ConsumeQueue): number {
  const { segments } = queue
  bytes.fill(0, at, at + QUEUE_BYTES)
  putInt32(bytes, at, queue.queueId)
  if (segments.count === 0) return at + QUEUE_BYTES
  putInt32(bytes, at + 4, segments.count)
  putInt64(bytes, at + 8, segments.start)
  putInt64(bytes, at + 16, queue.next)
  putInt64(bytes, at + 24, queue.nextOffset)
  putInt64(bytes, at + 32, queue.minOffset)
  putInt64(bytes, at + 40, queue.minLogOffset)
  return at + QUEUE_BYTES
}

export function queueIdIn(bytes: Uint8Array, at: number): number {
  return int32At(bytes, at)
}

/** Puts a new queue where the table says it stood; false when that is no place for one. */
export function decodeQueue(bytes: Uint8Array, at: number, queue: ConsumeQueue): boolean {
  const count = int32At(bytes, at + 4)
  if (count === 0) return true
  const start = int64At(bytes, at + 8)
  const next = int64At(bytes, at + 16)
  const { segments, entryBytes } = queue
  segments.restore(start, count)
  const isInFiles = next * entryBytes >= start && next * entryBytes <= segments.end
  if (count < 0 || start < 0 || start % segments.segmentBytes !== 0 || !isInFiles) return false
  if (queue instanceof BatchConsumeQueue) queue.resume(next, int64At(bytes, at + 24))
  else queue.reset(next)
  queue.minOffset = int64At(bytes, at + 32)
  queue.minLogOffset = int64At(bytes, at + 40)
  return true
}
