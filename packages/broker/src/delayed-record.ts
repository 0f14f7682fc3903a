// SPDX-License-Identifier: Apache-2.0
// A stored record of the schedule topic as the message it stands for.
import {
  int32At,
  int64At,
  PropertyScanner,
  RecordLocation,
  RecordPosition,
  tagHashOfUtf8,
} from '@rocketmq-ts/remoting/message'
import type { MessageToStore } from '@rocketmq-ts/store'

const scanned = ['REAL_TOPIC', 'REAL_QID', 'TAGS'] as const
const REAL_TOPIC = 0
const REAL_QID = 1
const TAGS = 2
const NOTHING = new Uint8Array(0)

/** Reads one record after another; the message is overwritten by the next. Properties are kept as they are, as Java does. */
export class DelayedRecord {
  readonly #where = new RecordLocation()
  readonly #scanner = new PropertyScanner(scanned)
  readonly #message: MessageToStore = {
    topic: '',
    queueId: 0,
    flag: 0,
    sysFlag: 0,
    bornTimestampMs: 0,
    bornHost: NOTHING,
    storeHost: NOTHING,
    reconsumeTimes: 0,
    preparedTransactionOffset: 0,
    tagsCode: 0,
    body: NOTHING,
    properties: NOTHING,
  }

  /** Bytes of the record read last. */
  recordBytes = 0

  /**
   * The message of the record at `at`, with views of `bytes`; undefined when it names no real topic.
   * @throws {RangeError} when there is no whole record: the store gives out whole records only.
   */
  read(bytes: Uint8Array, at: number, storeHost: Uint8Array): MessageToStore | undefined {
    const where = this.#where
    if (!where.locate(bytes, at)) throw new RangeError(`no whole record at byte ${at} of a read`)
    this.recordBytes = where.recordBytes
    this.#scanner.scan(bytes, where.propertiesStart, where.propertiesEnd)
    const topic = this.#text(bytes, REAL_TOPIC)
    const queueId = Number(this.#text(bytes, REAL_QID) ?? Number.NaN)
    if (topic === undefined || !Number.isInteger(queueId) || queueId < 0) return undefined
    const message = this.#message
    message.topic = topic
    message.queueId = queueId
    message.flag = int32At(bytes, at + RecordPosition.FLAG)
    message.sysFlag = where.sysFlag
    message.bornTimestampMs = int64At(bytes, at + RecordPosition.BORN_TIMESTAMP)
    message.bornHost = bytes.subarray(at + RecordPosition.BORN_HOST, where.storeTimestampAt)
    message.storeHost = storeHost
    message.reconsumeTimes = int32At(bytes, where.reconsumeTimesAt)
    message.preparedTransactionOffset = int64At(bytes, where.preparedTransactionOffsetAt)
    message.tagsCode =
      this.#scanner.start(TAGS) < 0
        ? 0
        : tagHashOfUtf8(bytes, this.#scanner.start(TAGS), this.#scanner.end(TAGS))
    message.body = bytes.subarray(where.bodyStart, where.bodyEnd)
    message.properties = bytes.subarray(where.propertiesStart, where.propertiesEnd)
    return message
  }

  #text(bytes: Uint8Array, slot: number): string | undefined {
    const start = this.#scanner.start(slot)
    if (start < 0) return undefined
    return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString(
      'utf8',
      start,
      this.#scanner.end(slot),
    )
  }
}
