// SPDX-License-Identifier: Apache-2.0
// Gives records that are in the log already their queue entries: those that recovery has checked, and those that replication delivers.
import {
  int64At,
  queueIdAt,
  queueOffsetAt,
  type RecordLocation,
  SysFlag,
  transactionTypeOf,
} from '@rocketmq-ts/remoting/message'
import type { Logger } from '@rocketmq-ts/runtime'
import { BatchConsumeQueue } from './batch-consume-queue.ts'
import type { ConsumeQueue } from './consume-queue.ts'
import type { ConsumeQueues } from './consume-queues.ts'
import { enterBatch } from './inner-batch.ts'
import { type BitMapOf, NO_BIT_MAP } from './messages.ts'
import { enterLight, type MultiDispatch } from './multi-dispatch.ts'
import { cutQueue, recoverUnits } from './queue-cuts.ts'
import { EntryReader } from './queue-recovery.ts'
import type { QueueWriter } from './queue-writer.ts'
import type { Place } from './record-check.ts'
import { tagsCodeOf } from './tags-code.ts'
import { TopicCache } from './topic-cache.ts'

/** What records are dispatched to. */
export interface ReplayOptions {
  readonly queues: ConsumeQueues
  readonly writer: QueueWriter
  readonly delaysMs: readonly number[]
  /** Undefined when there are no light queues. */
  readonly multiDispatch: MultiDispatch | undefined
  readonly bitMapOf: BitMapOf
  readonly logger: Logger
}

/** Dispatches scanned records to the consume queues, each at most once. */
export class Replay {
  readonly #options: ReplayOptions
  readonly #taken: (queue: ConsumeQueue, entries: number) => void
  readonly #topics: TopicCache
  /** Where the last entry of a queue points whose entries are in files only. */
  readonly #lasts = new Map<ConsumeQueue, number>()
  storeTimestampMs = 0
  entryOffset = -1
  entryTimestampMs = 0
  records = 0
  dispatched = 0

  /** @param taken Called for each queue that a record has given entries: its own, and before it those that fill a hole. */
  constructor(options: ReplayOptions, taken: (queue: ConsumeQueue, entries: number) => void) {
    this.#options = options
    this.#taken = taken
    this.#topics = new TopicCache(options.queues)
  }

  /** Looks at a record whose entries are known to be there; false when it has none. */
  pass(place: Place, location: RecordLocation): boolean {
    this.records++
    this.storeTimestampMs = int64At(place.bytes, location.storeTimestampAt)
    const type = transactionTypeOf(location.sysFlag)
    if (type === SysFlag.TRANSACTION_PREPARED || type === SysFlag.TRANSACTION_ROLLBACK) return false
    this.entryOffset = place.offset
    this.entryTimestampMs = this.storeTimestampMs
    return true
  }

  /** Gives a record its entries where it has none yet. */
  take(place: Place, location: RecordLocation): void {
    if (!this.pass(place, location)) return
    const { bytes, at } = place
    const topic = this.#topics.find(bytes, location.topicStart, location.topicEnd)
    const queue = this.#options.queues.queueOf(topic, queueIdAt(bytes, at))
    const { propertiesStart: start, propertiesEnd: end, recordBytes } = location
    const { delaysMs, multiDispatch } = this.#options
    const { storeTimestampMs } = this
    const tagsCode = tagsCodeOf(topic.name, bytes, start, end, storeTimestampMs, delaysMs)
    const queueOffset = queueOffsetAt(bytes, at)
    const logOffset = place.offset
    if (queue instanceof BatchConsumeQueue) {
      const { sysFlag } = location
      const record = { logOffset, recordBytes, tagsCode, storeTimestampMs, queueOffset, sysFlag }
      if (enterBatch(queue, { ...record, bytes, start, end })) this.#entered(queue)
    } else {
      const hasUnits = queue.ext !== undefined && queueOffset >= queue.next
      const properties = hasUnits ? bytes.subarray(start, end) : undefined
      this.#enter(queue, queueOffset, { logOffset, recordBytes, tagsCode, properties })
    }
    multiDispatch?.eachOf(topic.name, bytes, start, end, (light, lightOffset) => {
      if (enterLight(light, lightOffset, { logOffset, recordBytes, tagsCode })) this.#entered(light)
    })
  }

  #enter(
    queue: ConsumeQueue,
    queueOffset: number,
    record: {
      logOffset: number
      recordBytes: number
      tagsCode: number
      properties: Uint8Array | undefined
    },
  ): void {
    const { logOffset, recordBytes, tagsCode, properties } = record
    if (queueOffset < queue.next) {
      // A queue that lost its first file as well as what it held starts again with what the log still has.
      const isEmpty = queue.segments.count === 0 && queue.slotOf(queue.next - 1) < 0
      if (isEmpty) startAt(queue, queueOffset)
      else if (!this.#isBehind(queue, logOffset)) return
      else this.#beginAnew(queue, queueOffset)
    }
    const isNew = queue.next === 0 && queue.segments.count === 0
    const from = isNew ? queueOffset : queue.next
    if (queueOffset > queue.next) this.#skipTo(queue, queueOffset)
    if (properties !== undefined) {
      const bitMap = this.#options.bitMapOf(queue.topic, properties) ?? NO_BIT_MAP
      const { storeTimestampMs } = this
      queue.putWithUnit(logOffset, recordBytes, { tagsCode, storeTimestampMs, bitMap })
    } else {
      queue.put(logOffset, recordBytes, tagsCode)
    }
    this.#entered(queue, queue.next - from)
  }

  /** True when a record lies behind the one that the queue's last entry points to. */
  #isBehind(queue: ConsumeQueue, logOffset: number): boolean {
    const last = this.#lastOf(queue)
    return last >= 0 && last < logOffset
  }

  /** Log offset of a queue's last entry; −1 when that points nowhere. */
  #lastOf(queue: ConsumeQueue): number {
    const slot = queue.slotOf(queue.next - 1)
    if (slot >= 0) return int64At(queue.ring, slot)
    let offset = this.#lasts.get(queue)
    if (offset === undefined) {
      offset = new EntryReader(queue).at(queue.next - 1)?.offset ?? -1
      this.#lasts.set(queue, offset)
    }
    return offset
  }

  // A later message with an earlier queue offset: the topic had been deleted in between, and its old entries have no meaning.
  #beginAnew(queue: ConsumeQueue, queueOffset: number): void {
    this.#options.writer.forget(queue)
    queue.removed = false
    cutQueue(this.#options.writer, queue, { next: queueOffset, last: undefined })
    recoverUnits(this.#options.writer, queue)
    if (queue.segments.count === 0) startAt(queue, queueOffset)
    else if (queue.minOffset > queueOffset) setMinimum(queue, queueOffset)
  }

  #entered(queue: ConsumeQueue, entries: number = 1): void {
    this.#taken(queue, entries)
    this.dispatched++
  }

  // A queue's first record may be any when older ones have left the log; a hole further on means that entries were lost.
  #skipTo(queue: ConsumeQueue, queueOffset: number): void {
    if (queue.segments.count > 0 || queue.next > 0) {
      this.#options.logger.warn(
        { topic: queue.topic, queueId: queue.queueId, from: queue.next, to: queueOffset },
        'a consume queue misses entries: the hole is filled with entries that point nowhere',
      )
    }
    queue.skipTo(queueOffset)
  }
}

/** Begins a queue without entries at an offset; the minimum as well, which nobody else looks at while the store is open. */
function startAt(queue: ConsumeQueue, queueOffset: number): void {
  queue.reset(queueOffset)
  setMinimum(queue, queueOffset)
}

function setMinimum(queue: ConsumeQueue, queueOffset: number): void {
  queue.minOffset = queueOffset
  queue.minLogOffset = -1
}
