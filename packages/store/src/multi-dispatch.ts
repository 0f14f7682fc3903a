// SPDX-License-Identifier: Apache-2.0
// Java's LmqDispatch: gives one stored message entries in light queues, further queues that its sender names.
//
// INNER_MULTI_DISPATCH      %LMQ%a,%LMQ%b    the names, from the sender
// INNER_MULTI_QUEUE_OFFSET  3,17             the offsets, from here: recovery reads them from the record
import {
  findProperty,
  propertyEnd,
  SysFlag,
  transactionTypeOf,
} from '@rocketmq-ts/remoting/message'
import type { ConsumeQueue } from './consume-queue.ts'
import type { ConsumeQueues } from './consume-queues.ts'
import type { MessageToStore, PutStatus } from './messages.ts'
import { EntryReader } from './queue-recovery.ts'

const LMQ_PREFIX = '%LMQ%'
/** Each light queue has one queue, this one. */
const LMQ_QUEUE_ID = 0
const NAMES = Buffer.from('INNER_MULTI_DISPATCH')
const OFFSETS = Buffer.from('INNER_MULTI_QUEUE_OFFSET')
const PROPERTY_END = 2
/** A queue's name is a directory's name. */
const MAX_NAME_BYTES = 255

/** True for the name of a light queue. */
export function isLmq(topic: string): boolean {
  return topic.startsWith(LMQ_PREFIX)
}

function allowsLmq(topic: string): boolean {
  return !(
    topic.startsWith('%RETRY%') ||
    topic.startsWith('%DLQ%') ||
    topic.startsWith('rmq_sys_') ||
    topic === 'SCHEDULE_TOPIC_XXXX'
  )
}

/** Java's split: empty parts at the end do not count. */
function parts(text: string): string[] {
  const all = text.split(',')
  while (all.at(-1) === '') all.pop()
  return all
}

function textOf(bytes: Uint8Array, name: Uint8Array, start: number, end: number): string {
  const at = findProperty(bytes, name, start, end)
  if (at < 0) return ''
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString(
    'utf8',
    at,
    propertyEnd(bytes, at, end),
  )
}

/**
 * Gives a light queue the entry of a stored record, unless it has it. A new queue begins at the record's offset; in one that has
 * entries the next one follows, whatever the offset: offsets run ahead where a message took one without an entry, as in Java.
 */
export function enterLight(
  queue: ConsumeQueue,
  queueOffset: number,
  record: { readonly logOffset: number; readonly recordBytes: number; readonly tagsCode: number },
): boolean {
  const isNew = queue.segments.count === 0 && queue.slotOf(queue.next - 1) < 0
  if (queueOffset < queue.next) {
    if (!isNew) return false
    // A queue that lost its first file as well as what it held starts again with what the log still has.
    queue.reset(queueOffset)
  }
  if (isNew) queue.skipTo(queueOffset)
  const last = isNew ? undefined : new EntryReader(queue).at(queue.next - 1)
  if (last !== undefined && last.offset >= record.logOffset) return false
  queue.put(record.logOffset, record.recordBytes, record.tagsCode)
  return true
}

/** The light queues of one store. */
export class MultiDispatch {
  readonly #queues: ConsumeQueues
  readonly #maxQueues: number
  /** Queues that get an entry for the message that {@link prepare} looked at last; read them before the next. */
  readonly targets: ConsumeQueue[] = []
  /** How far the offsets given to messages are ahead of a queue's entries, for the few where they are. */
  readonly #ahead = new Map<ConsumeQueue, number>()
  /** Its properties as they are to be stored. */
  properties: Uint8Array = new Uint8Array(0)

  constructor(options: { queues: ConsumeQueues; maxQueues: number }) {
    this.#queues = options.queues
    this.#maxQueues = options.maxQueues
  }

  /**
   * Looks whether a message goes to light queues, and finds them and its properties with their next offsets.
   * Undefined for other messages, whose properties stay as they are.
   */
  prepare(message: MessageToStore): PutStatus | undefined {
    const { topic, properties } = message
    this.targets.length = 0
    if (findProperty(properties, NAMES) < 0 || !allowsLmq(topic)) return undefined
    const type = transactionTypeOf(message.sysFlag)
    // What gets no entry in its own queue gets none elsewhere.
    if (type === SysFlag.TRANSACTION_PREPARED || type === SysFlag.TRANSACTION_ROLLBACK) {
      return undefined
    }
    const text = textOf(properties, NAMES, 0, properties.length)
    if (text.trim() === '') return undefined
    const names = parts(text)
    const light = names.filter(isLmq)
    // Java gives other names no offset. Behind all light ones that keeps the message out of the queues; before one, Java cannot
    // dispatch anything any more.
    if (!names.slice(0, light.length).every(isLmq)) return 'MESSAGE_ILLEGAL'
    if (light.some((name) => Buffer.byteLength(name) > MAX_NAME_BYTES)) return 'MESSAGE_ILLEGAL'
    if (this.#isQuotaReached(light)) return 'LMQ_CONSUME_QUEUE_NUM_EXCEEDED'
    const hasEntries = light.length === names.length
    const offsets = names.map((name) => (isLmq(name) ? this.#nextOffset(name) : ''))
    // The offsets a message takes: one for each time a queue is named, also where it gets one entry or none.
    for (const name of light) this.#take(name, hasEntries)
    this.#addOffsets(properties, offsets.join(','))
    return 'PUT_OK'
  }

  /** Calls `found` with each light queue of a stored record and its offset there; the properties lie from `start` up to `end`. */
  eachOf(
    topic: string,
    bytes: Uint8Array,
    start: number,
    end: number,
    found: (queue: ConsumeQueue, queueOffset: number) => void,
  ): void {
    if (findProperty(bytes, NAMES, start, end) < 0 || !allowsLmq(topic)) return
    const names = parts(textOf(bytes, NAMES, start, end))
    const offsets = parts(textOf(bytes, OFFSETS, start, end))
    if (names.length !== offsets.length) return
    names.forEach((name, index) => {
      const offset = offsets[index] ?? ''
      if (!isLmq(name) || !/^\d{1,15}$/.test(offset)) return
      const queue = this.#queueOf(name)
      if (queue !== undefined) found(queue, Number(offset))
    })
  }

  #isQuotaReached(names: readonly string[]): boolean {
    if (this.#queues.lmqCount < this.#maxQueues) return false
    return names.some((name) => this.#queues.find(name, LMQ_QUEUE_ID) === undefined)
  }

  #nextOffset(name: string): number {
    const queue = this.#queueOf(name)
    return queue === undefined ? 0 : queue.next + (this.#ahead.get(queue) ?? 0)
  }

  #take(name: string, hasEntries: boolean): void {
    const queue = this.#queueOf(name)
    if (queue === undefined) return
    if (hasEntries && !this.targets.includes(queue)) this.targets.push(queue)
    else this.#ahead.set(queue, (this.#ahead.get(queue) ?? 0) + 1)
  }

  // A name that would leave the directory has no queue, as in Java.
  #queueOf(name: string): ConsumeQueue | undefined {
    if (name.includes('/') || name.includes('\0') || Buffer.byteLength(name) > MAX_NAME_BYTES) {
      return undefined
    }
    return this.#queues.queueOf(this.#queues.topic(name), LMQ_QUEUE_ID)
  }

  #addOffsets(properties: Uint8Array, offsets: string): void {
    const needsEnd = properties.length > 0 && properties[properties.length - 1] !== PROPERTY_END
    const text = `${needsEnd ? '\u0002' : ''}${OFFSETS.toString()}\u0001${offsets}\u0002`
    const added = Buffer.from(text)
    const joined = new Uint8Array(properties.length + added.length)
    joined.set(properties)
    joined.set(added, properties.length)
    this.properties = joined
  }
}
