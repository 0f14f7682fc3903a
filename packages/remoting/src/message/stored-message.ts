// SPDX-License-Identifier: Apache-2.0
// The layout of a message on disk and in pull answers: sizes, writing a record, and finding its parts.
//
//     size  field                           size    field
//     4     record bytes                    8       store timestamp, ms
//     4     magic: V1 or V2                 8 / 20  store host
//     4     body CRC                        4       reconsume times
//     4     queue id                        8       prepared transaction offset
//     4     flag                            4 + n   body length, body
//     8     queue offset                    1 + n   topic length, topic (2 + n in V2)
//     8     physical offset                 2 + n   properties length, properties
//     4     system flag
//     8     born timestamp, ms
//     8/20  born host                       All integers are big endian.
import { int16At, int32At, int64At, putInt32, putInt64 } from './integers.ts'
import { bornHostBytes, storeHostBytes } from './sys-flag.ts'

/** Magic of a record whose topic length takes one byte. */
export const MESSAGE_MAGIC_V1: number = 0xdaa320a7 | 0
/** Magic of a record whose topic length takes two bytes: for topics above 127 bytes. */
export const MESSAGE_MAGIC_V2: number = 0xdaa320ab | 0
/** Magic of the rest of a segment that held no further record. */
export const BLANK_MAGIC: number = 0xcbd43194 | 0

/** Positions that no flag moves. */
export const RecordPosition = {
  RECORD_BYTES: 0,
  MAGIC: 4,
  BODY_CRC: 8,
  QUEUE_ID: 12,
  FLAG: 16,
  QUEUE_OFFSET: 20,
  PHYSICAL_OFFSET: 28,
  SYS_FLAG: 36,
  BORN_TIMESTAMP: 40,
  BORN_HOST: 48,
} as const

/** Bytes of a V1 record with IPv4 hosts besides body, topic and properties. */
const FIXED_BYTES = 91
const MAX_V1_TOPIC_BYTES = 127
/** Below this a loop copies faster than the engine's call. */
const SHORT_COPY_BYTES = 32

export type MessageVersion = 1 | 2

/** The version a topic needs. */
export function messageVersionOf(topicBytes: number): MessageVersion {
  return topicBytes > MAX_V1_TOPIC_BYTES ? 2 : 1
}

/** Bytes of a whole record. */
export function storedRecordBytes(
  bodyBytes: number,
  topicBytes: number,
  propertyBytes: number,
  sysFlag: number,
  version: MessageVersion,
): number {
  const hosts = bornHostBytes(sysFlag) + storeHostBytes(sysFlag) - 16
  return FIXED_BYTES + hosts + (version - 1) + bodyBytes + topicBytes + propertyBytes
}

/** What a record holds; the caller may reuse one object. Hosts are 8 or 20 bytes as sysFlag says. */
export interface StoredRecordFields {
  version: MessageVersion
  bodyCrc: number
  queueId: number
  flag: number
  queueOffset: number
  physicalOffset: number
  sysFlag: number
  bornTimestampMs: number
  bornHost: Uint8Array
  storeTimestampMs: number
  storeHost: Uint8Array
  reconsumeTimes: number
  preparedTransactionOffset: number
  body: Uint8Array
  /** UTF-8. */
  topic: Uint8Array
  /** UTF-8 of the encoded properties. */
  properties: Uint8Array
}

/** Writes a record at `at`; returns the position behind it. The caller has made sure it fits. Allocates nothing. */
export function writeStoredRecord(
  target: Uint8Array,
  at: number,
  fields: StoredRecordFields,
): number {
  const { body, topic, properties, version } = fields
  putInt32(
    target,
    at,
    storedRecordBytes(body.length, topic.length, properties.length, fields.sysFlag, version),
  )
  putInt32(target, at + 4, version === 1 ? MESSAGE_MAGIC_V1 : MESSAGE_MAGIC_V2)
  putInt32(target, at + 8, fields.bodyCrc)
  putInt32(target, at + 12, fields.queueId)
  putInt32(target, at + 16, fields.flag)
  putInt64(target, at + 20, fields.queueOffset)
  putInt64(target, at + 28, fields.physicalOffset)
  putInt32(target, at + 36, fields.sysFlag)
  putInt64(target, at + 40, fields.bornTimestampMs)
  let end = putBytes(target, at + 48, fields.bornHost)
  end = putInt64(target, end, fields.storeTimestampMs)
  end = putBytes(target, end, fields.storeHost)
  end = putInt32(target, end, fields.reconsumeTimes)
  end = putInt64(target, end, fields.preparedTransactionOffset)
  end = putBytes(target, putInt32(target, end, body.length), body)
  if (version === 2) {
    target[end] = topic.length >> 8
    end += 1
  }
  target[end] = topic.length
  end = putBytes(target, end + 1, topic)
  target[end] = properties.length >> 8
  target[end + 1] = properties.length
  return putBytes(target, end + 2, properties)
}

function putBytes(target: Uint8Array, at: number, bytes: Uint8Array): number {
  const length = bytes.length
  if (length < SHORT_COPY_BYTES) {
    for (let index = 0; index < length; index += 1) target[at + index] = bytes[index] as number
  } else {
    target.set(bytes, at)
  }
  return at + length
}

export function recordBytesAt(bytes: Uint8Array, at: number): number {
  return int32At(bytes, at)
}

export function magicAt(bytes: Uint8Array, at: number): number {
  return int32At(bytes, at + RecordPosition.MAGIC)
}

export function bodyCrcAt(bytes: Uint8Array, at: number): number {
  return int32At(bytes, at + RecordPosition.BODY_CRC)
}

export function queueIdAt(bytes: Uint8Array, at: number): number {
  return int32At(bytes, at + RecordPosition.QUEUE_ID)
}

export function queueOffsetAt(bytes: Uint8Array, at: number): number {
  return int64At(bytes, at + RecordPosition.QUEUE_OFFSET)
}

export function physicalOffsetAt(bytes: Uint8Array, at: number): number {
  return int64At(bytes, at + RecordPosition.PHYSICAL_OFFSET)
}

export function sysFlagAt(bytes: Uint8Array, at: number): number {
  return int32At(bytes, at + RecordPosition.SYS_FLAG)
}

export function bornTimestampAt(bytes: Uint8Array, at: number): number {
  return int64At(bytes, at + RecordPosition.BORN_TIMESTAMP)
}

export function storeTimestampAt(bytes: Uint8Array, at: number): number {
  return int64At(bytes, at + RecordPosition.BORN_HOST + bornHostBytes(sysFlagAt(bytes, at)))
}

/** Where the parts of a record are. Reused: it holds the record located last. */
export class RecordLocation {
  recordBytes = 0
  version: MessageVersion = 1
  sysFlag = 0
  storeTimestampAt = 0
  storeHostAt = 0
  reconsumeTimesAt = 0
  preparedTransactionOffsetAt = 0
  bodyStart = 0
  bodyEnd = 0
  topicStart = 0
  topicEnd = 0
  propertiesStart = 0
  propertiesEnd = 0

  /** Finds the parts of the record at `at`; false when there is no whole, consistent record before `limit`. */
  locate(bytes: Uint8Array, at: number, limit: number = bytes.length): boolean {
    if (limit - at < FIXED_BYTES) return false
    this.recordBytes = recordBytesAt(bytes, at)
    const magic = magicAt(bytes, at)
    const end = at + this.recordBytes
    if (magic !== MESSAGE_MAGIC_V1 && magic !== MESSAGE_MAGIC_V2) return false
    if (this.recordBytes < FIXED_BYTES || end > limit) return false
    this.version = magic === MESSAGE_MAGIC_V1 ? 1 : 2
    this.sysFlag = sysFlagAt(bytes, at)
    this.storeTimestampAt = at + RecordPosition.BORN_HOST + bornHostBytes(this.sysFlag)
    this.storeHostAt = this.storeTimestampAt + 8
    this.reconsumeTimesAt = this.storeHostAt + storeHostBytes(this.sysFlag)
    this.preparedTransactionOffsetAt = this.reconsumeTimesAt + 4
    return this.#locateParts(bytes, this.preparedTransactionOffsetAt + 8, end)
  }

  #locateParts(bytes: Uint8Array, lengthAt: number, end: number): boolean {
    if (lengthAt + 4 > end) return false
    const bodyBytes = int32At(bytes, lengthAt)
    this.bodyStart = lengthAt + 4
    this.bodyEnd = this.bodyStart + bodyBytes
    if (bodyBytes < 0 || this.bodyEnd + this.version > end) return false
    this.topicStart = this.bodyEnd + this.version
    const topicBytes =
      this.version === 1 ? (bytes[this.bodyEnd] as number) : int16At(bytes, this.bodyEnd)
    this.topicEnd = this.topicStart + topicBytes
    if (this.topicEnd + 2 > end) return false
    this.propertiesStart = this.topicEnd + 2
    this.propertiesEnd = this.propertiesStart + int16At(bytes, this.topicEnd)
    return this.propertiesEnd === end
  }
}
