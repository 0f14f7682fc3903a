// SPDX-License-Identifier: Apache-2.0
// Inner batches: one record whose body holds several messages. The sender says how many, the store where they begin in their queue.
import { findProperty, propertyEnd } from '@rocketmq-ts/remoting/message'
import { type BatchConsumeQueue, MAX_BATCH_COUNT } from './batch-consume-queue.ts'

/** Bit of the system flag: the body is a batch that stays one record. (Java: MessageSysFlag.INNER_BATCH_FLAG) */
export const INNER_BATCH = 0x80
const COUNT = Buffer.from('INNER_NUM')
const BASE = Buffer.from('INNER_BASE')
const PROPERTY_END = 2

/** Number of messages that properties announce; 0 when they say nothing, −1 when it is no count. */
export function innerCountOf(properties: Uint8Array, start: number, end: number): number {
  const text = valueOf(properties, COUNT, start, end)
  if (text === undefined) return 0
  const count = /^\d{1,5}$/.test(text) ? Number(text) : 0
  return count >= 1 && count <= MAX_BATCH_COUNT ? count : -1
}

/** The properties with the queue offset of the batch's first message. */
export function withInnerBase(properties: Uint8Array, baseOffset: number): Uint8Array {
  const needsEnd = properties.length > 0 && properties[properties.length - 1] !== PROPERTY_END
  const added = Buffer.from(`${needsEnd ? '\u0002' : ''}INNER_BASE\u0001${baseOffset}\u0002`)
  const joined = new Uint8Array(properties.length + added.length)
  joined.set(properties)
  joined.set(added, properties.length)
  return joined
}

/** A stored record that may belong to a queue of batches. */
export interface StoredBatch {
  readonly logOffset: number
  readonly recordBytes: number
  readonly tagsCode: number
  readonly storeTimestampMs: number
  readonly queueOffset: number
  readonly sysFlag: number
  /** Bytes that hold the properties from `start` up to `end`. */
  readonly bytes: Uint8Array
  readonly start: number
  readonly end: number
}

/** Gives a stored record its entry: an inner batch one for all its messages, any other record one for itself. False when the queue has it. */
export function enterBatch(queue: BatchConsumeQueue, record: StoredBatch): boolean {
  const { bytes, start, end, queueOffset } = record
  const isInner = (record.sysFlag & INNER_BATCH) !== 0
  const count = isInner ? innerCountOf(bytes, start, end) : 0
  const base = count > 0 ? valueOf(bytes, BASE, start, end) : undefined
  const hasPlace = base !== undefined && /^\d{1,15}$/.test(base)
  const baseOffset = hasPlace ? Number(base) : queueOffset
  if (baseOffset < queue.nextOffset) return false
  queue.putBatch({ ...record, baseOffset, count: hasPlace ? count : 1 })
  return true
}

function valueOf(
  bytes: Uint8Array,
  name: Uint8Array,
  start: number,
  end: number,
): string | undefined {
  const at = findProperty(bytes, name, start, end)
  if (at < 0) return undefined
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString(
    'latin1',
    at,
    propertyEnd(bytes, at, end),
  )
}
