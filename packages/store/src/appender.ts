// SPDX-License-Identifier: Apache-2.0
// Checks a message, gives it its offsets and hands it to the log. Allocates nothing per message.
import {
  messageVersionOf,
  type StoredRecordFields,
  storedRecordBytes,
  SysFlag,
  transactionTypeOf,
} from '@rocketmq-ts/remoting/message'
import type { Clock } from '@rocketmq-ts/runtime'
import { BatchItems } from './batch-body.ts'
import { BatchConsumeQueue } from './batch-consume-queue.ts'
import type { CommitLog } from './commit-log.ts'
import type { StoreConfig } from './config.ts'
import type { ConsumeQueue } from './consume-queue.ts'
import type { ConsumeQueues } from './consume-queues.ts'
import type { Topic } from './topic.ts'
import type { Dispatch } from './dispatch.ts'
import { enterBatch, INNER_BATCH, innerCountOf, withInnerBase } from './inner-batch.ts'
import {
  type Appended,
  type AppendedBatch,
  type BitMapOf,
  type MessageToStore,
  NO_BIT_MAP,
  type PutStatus,
} from './messages.ts'
import type { MultiDispatch } from './multi-dispatch.ts'
import { PROPERTY_CRC_BYTES, PropertyCrcRoom, withoutPropertyCrc } from './property-crc.ts'
import { isTellableFromTorn } from './record-check.ts'
import {
  BLANK_BYTES,
  MAX_PROPERTIES_BYTES,
  MAX_TOPIC_BYTES,
  MAX_V1_TOPIC_BYTES,
} from './record-limits.ts'
import { isScheduleTopic, parseDelayLevels, tagsCodeOf } from './tags-code.ts'

const NOTHING = new Uint8Array(0)
const HOST_BITS = SysFlag.BORN_HOST_V6 | SysFlag.STORE_HOST_V6

/** Appends single messages and batches. */
export class Appender {
  readonly #log: CommitLog
  readonly #queues: ConsumeQueues
  readonly #dispatch: Dispatch
  readonly #clock: Clock
  readonly #config: StoreConfig
  readonly #delaysMs: readonly number[]
  readonly #mostRecordBytes: number
  /** Messages appended since the store was opened. */
  appendedCount = 0
  readonly #appended: Appended = {
    status: 'PUT_OK',
    offset: 0,
    recordBytes: 0,
    queueOffset: 0,
    storeTimestampMs: 0,
  }
  readonly #batch: AppendedBatch = {
    status: 'PUT_OK',
    offset: 0,
    recordBytes: 0,
    queueOffset: 0,
    storeTimestampMs: 0,
    count: 0,
    offsets: new Float64Array(64),
  }
  readonly #fields: StoredRecordFields = {
    version: 1,
    bodyCrc: 0,
    queueId: 0,
    flag: 0,
    queueOffset: 0,
    physicalOffset: 0,
    sysFlag: 0,
    bornTimestampMs: 0,
    bornHost: NOTHING,
    storeTimestampMs: 0,
    storeHost: NOTHING,
    reconsumeTimes: 0,
    preparedTransactionOffset: 0,
    body: NOTHING,
    topic: NOTHING,
    properties: NOTHING,
  }
  readonly #crcRoom = new PropertyCrcRoom()
  readonly #propertyCrcBytes: number
  readonly #light: MultiDispatch | undefined
  readonly #bitMapOf: BitMapOf
  readonly #items = new BatchItems()

  constructor(options: {
    log: CommitLog
    queues: ConsumeQueues
    dispatch: Dispatch
    clock: Clock
    config: StoreConfig
    multiDispatch?: MultiDispatch | undefined
    bitMapOf?: BitMapOf | undefined
  }) {
    this.#light = options.multiDispatch
    this.#bitMapOf = options.bitMapOf ?? (() => undefined)
    this.#log = options.log
    this.#queues = options.queues
    this.#dispatch = options.dispatch
    this.#clock = options.clock
    this.#config = options.config
    this.#propertyCrcBytes = options.config.appendPropertyCrc ? PROPERTY_CRC_BYTES : 0
    this.#delaysMs = parseDelayLevels(options.config.messageDelayLevel)
    this.#mostRecordBytes = options.config.commitLogSegmentBytes - BLANK_BYTES
  }

  /** A refusal, in the object that {@link append} returns. */
  refuse(status: PutStatus): Appended {
    const appended = this.#appended
    appended.status = status
    appended.offset = -1
    appended.recordBytes = 0
    appended.queueOffset = -1
    appended.storeTimestampMs = 0
    return appended
  }

  refuseBatch(status: PutStatus): AppendedBatch {
    const batch = this.#batch
    batch.status = status
    batch.offset = -1
    batch.recordBytes = 0
    batch.queueOffset = -1
    batch.storeTimestampMs = 0
    batch.count = 0
    return batch
  }

  append(message: MessageToStore): Appended {
    const { body } = message
    const light = this.#light?.prepare(message)
    if (light !== undefined && light !== 'PUT_OK') return this.refuse(light)
    const sent = light === undefined ? message.properties : (this.#light?.properties ?? NOTHING)
    const inner = this.#innerBatch(message, sent)
    if (inner === undefined) return this.refuse('MESSAGE_ILLEGAL')
    const properties = this.#storedProperties(inner, true)
    const problem = this.#problemOf(message, body.length, properties.length)
    if (problem !== undefined) return this.refuse(problem)
    if (!isTellableFromTorn(properties)) return this.refuse('MESSAGE_ILLEGAL')
    const topic = this.#queues.topic(message.topic)
    if (topic.bytes.length > this.#maxTopicBytes()) return this.refuse('MESSAGE_ILLEGAL')
    const fields = this.#fill(message, topic)
    fields.flag = message.flag
    fields.body = body
    fields.properties = properties
    const recordBytes = this.#recordBytes(body.length, properties.length)
    if (recordBytes > this.#mostRecordBytes) return this.refuse('MESSAGE_ILLEGAL')
    if (!this.#log.prepare(recordBytes)) return this.refuse('OS_PAGE_CACHE_BUSY')
    const appended = this.#appended
    appended.status = 'PUT_OK'
    appended.offset = this.#log.end
    appended.recordBytes = recordBytes
    appended.storeTimestampMs = fields.storeTimestampMs
    appended.queueOffset = this.#put(message, topic, message.tagsCode, recordBytes)
    if (light !== undefined) this.#putLight(message.tagsCode)
    return appended
  }

  /**
   * Stores each message of a batch body as a record of its own, with consecutive queue offsets, all in one segment.
   * `message.properties` are those of the request and go nowhere, as in Java. @see MessageExtEncoder.encode(MessageExtBatch)
   */
  appendBatch(message: MessageToStore): AppendedBatch {
    const topic = this.#queues.topic(message.topic)
    if (topic.bytes.length > this.#maxTopicBytes()) return this.refuseBatch('MESSAGE_ILLEGAL')
    const fields = this.#fill(message, topic)
    const items = this.#items
    if (!items.locate(message.body) || message.body.length > this.#config.maxMessageBytes) {
      return this.refuseBatch('MESSAGE_ILLEGAL')
    }
    const problem = this.#problemOfItems(message)
    if (problem !== undefined) return this.refuseBatch(problem)
    const totalBytes = this.#totalBytes()
    if (totalBytes > this.#mostRecordBytes) return this.refuseBatch('MESSAGE_ILLEGAL')
    if (!this.#log.prepare(totalBytes)) return this.refuseBatch('OS_PAGE_CACHE_BUSY')
    const batch = this.#batch
    const { count } = items
    if (batch.offsets.length < count) batch.offsets = new Float64Array(count * 2)
    batch.status = 'PUT_OK'
    batch.offset = this.#log.end
    batch.recordBytes = totalBytes
    batch.storeTimestampMs = fields.storeTimestampMs
    batch.count = 0
    for (let item = 0; item < count; item++) this.#putItem(message, topic, item)
    return batch
  }

  #problemOfItems(message: MessageToStore): PutStatus | undefined {
    const items = this.#items
    for (let item = 0; item < items.count; item++) {
      const propertiesBytes = items.propertiesBytesOf(item) + this.#propertyCrcBytes
      const problem = this.#problemOf(message, items.bodyBytesOf(item), propertiesBytes)
      if (problem !== undefined) return problem
      if (!isTellableFromTorn(items.propertiesOf(message.body, item))) return 'MESSAGE_ILLEGAL'
    }
    return undefined
  }

  /** Bytes of the records of all items. */
  #totalBytes(): number {
    const items = this.#items
    let total = 0
    for (let item = 0; item < items.count; item++) {
      const propertiesBytes = items.propertiesBytesOf(item) + this.#propertyCrcBytes
      total += this.#recordBytes(items.bodyBytesOf(item), propertiesBytes)
    }
    return total
  }

  #putItem(message: MessageToStore, topic: Topic, item: number): void {
    const fields = this.#fields
    const items = this.#items
    fields.flag = items.flagOf(message.body, item)
    fields.body = items.bodyOf(message.body, item)
    const own = items.propertiesOf(message.body, item)
    // Java separates the checksum of a single message only.
    fields.properties = this.#storedProperties(own, false)
    const { properties } = fields
    const { name } = topic
    const tagsCode = tagsCodeOf(
      name,
      properties,
      0,
      properties.length,
      fields.storeTimestampMs,
      this.#delaysMs,
    )
    const recordBytes = this.#recordBytes(fields.body.length, properties.length)
    const batch = this.#batch
    batch.offsets[batch.count] = this.#log.end
    const queueOffset = this.#put(message, topic, tagsCode, recordBytes)
    if (batch.count === 0) batch.queueOffset = queueOffset
    batch.count++
  }

  /** Lays the record of `#fields` out and queues its dispatch; returns its queue offset. */
  #put(message: MessageToStore, topic: Topic, tagsCode: number, recordBytes: number): number {
    const fields = this.#fields
    const type = transactionTypeOf(fields.sysFlag)
    const isHalf = type === SysFlag.TRANSACTION_PREPARED || type === SysFlag.TRANSACTION_ROLLBACK
    // Half and rolled back records are in no queue, and carry queue offset 0.
    const queue = isHalf ? undefined : this.#queues.queueOf(topic, message.queueId)
    fields.queueOffset = queue?.nextOffset ?? 0
    if (queue !== undefined) this.#enter(queue, topic, tagsCode, recordBytes)
    this.#log.append(fields, recordBytes)
    this.#dispatch.push(queue, this.#log.end, fields.storeTimestampMs)
    this.appendedCount++
    return fields.queueOffset
  }

  /** Gives the record of `#fields` its entry. */
  #enter(queue: ConsumeQueue, topic: Topic, tagsCode: number, recordBytes: number): void {
    const { properties, storeTimestampMs, queueOffset, sysFlag } = this.#fields
    const logOffset = this.#log.end
    if (queue instanceof BatchConsumeQueue) {
      const record = { logOffset, recordBytes, tagsCode, storeTimestampMs, queueOffset, sysFlag }
      enterBatch(queue, { ...record, bytes: properties, start: 0, end: properties.length })
      return
    }
    const code = isScheduleTopic(topic.name) ? this.#scheduledCode(topic) : tagsCode
    if (queue.ext === undefined) {
      queue.put(logOffset, recordBytes, code)
    } else {
      const bitMap = this.#bitMapOf(topic.name, properties) ?? NO_BIT_MAP
      queue.putWithUnit(logOffset, recordBytes, { tagsCode: code, storeTimestampMs, bitMap })
    }
  }

  /** Gives the record that was just laid out its entries in light queues. */
  #putLight(tagsCode: number): void {
    const { offset, recordBytes, storeTimestampMs } = this.#appended
    for (const queue of this.#light?.targets ?? []) {
      queue.put(offset, recordBytes, tagsCode)
      this.#dispatch.push(queue, this.#log.end, storeTimestampMs)
    }
  }

  /** Properties with the place of an inner batch in its queue; those of other messages as they are. Undefined refuses the message. */
  #innerBatch(message: MessageToStore, properties: Uint8Array): Uint8Array | undefined {
    const isInner = (message.sysFlag & INNER_BATCH) !== 0
    if (!isInner) return properties
    const topic = this.#queues.topic(message.topic)
    const count = innerCountOf(properties, 0, properties.length)
    if (topic.type !== 'BatchCQ' || count < 0 || message.queueId < 0) return undefined
    return withInnerBase(properties, this.#queues.queueOf(topic, message.queueId).nextOffset)
  }

  #scheduledCode(topic: Topic): number {
    const { properties, storeTimestampMs } = this.#fields
    return tagsCodeOf(
      topic.name,
      properties,
      0,
      properties.length,
      storeTimestampMs,
      this.#delaysMs,
    )
  }

  /** Takes over what all messages of a batch share. */
  #fill(message: MessageToStore, topic: Topic): StoredRecordFields {
    const fields = this.#fields
    const born = message.bornHost.length === 20 ? SysFlag.BORN_HOST_V6 : 0
    const store = message.storeHost.length === 20 ? SysFlag.STORE_HOST_V6 : 0
    fields.version = messageVersionOf(topic.bytes.length)
    fields.queueId = message.queueId
    fields.sysFlag = (message.sysFlag & ~HOST_BITS) | born | store
    fields.bornTimestampMs = message.bornTimestampMs
    fields.bornHost = message.bornHost
    fields.storeTimestampMs = this.#clock.nowMs()
    fields.storeHost = message.storeHost
    fields.reconsumeTimes = message.reconsumeTimes
    fields.preparedTransactionOffset = message.preparedTransactionOffset
    fields.topic = topic.bytes
    return fields
  }

  /** Properties as they go into the record, with room for the checksum where there is to be one. */
  #storedProperties(properties: Uint8Array, isSingle: boolean): Uint8Array {
    const { appendPropertyCrc, verifyPropertyCrc } = this.#config
    if (!appendPropertyCrc && !verifyPropertyCrc) return properties
    // A checksum that came with a message would be taken for ours, and the record for damaged.
    const isOwn = isSingle || !appendPropertyCrc
    const kept = isOwn ? withoutPropertyCrc(properties) : properties
    if (!appendPropertyCrc || kept.length > MAX_PROPERTIES_BYTES) return kept
    return this.#crcRoom.append(kept, isSingle)
  }

  #recordBytes(bodyBytes: number, propertiesBytes: number): number {
    const { topic, sysFlag, version } = this.#fields
    return storedRecordBytes(bodyBytes, topic.length, propertiesBytes, sysFlag, version)
  }

  #maxTopicBytes(): number {
    return this.#config.longTopics ? MAX_TOPIC_BYTES : MAX_V1_TOPIC_BYTES
  }

  #problemOf(
    message: MessageToStore,
    bodyBytes: number,
    propertiesBytes: number,
  ): PutStatus | undefined {
    if (propertiesBytes > MAX_PROPERTIES_BYTES) return 'PROPERTIES_SIZE_EXCEEDED'
    if (bodyBytes > this.#config.maxMessageBytes) return 'MESSAGE_ILLEGAL'
    if (message.topic.length === 0 || message.topic.endsWith('\0')) return 'MESSAGE_ILLEGAL'
    if (message.queueId < 0) return 'MESSAGE_ILLEGAL'
    return undefined
  }
}
