// SPDX-License-Identifier: Apache-2.0
// One store on one simulated disk, life after life: random work, a crash on a disk operation, recovery, comparison with the model.
import { encodeBatch, encodeHost, SysFlag, tagHash } from '@rocketmq-ts/remoting/message'
import {
  type CrashKind,
  type FaultHook,
  type FaultOdds,
  type FileOperation,
  randomFaults,
  type SimRandom,
  type SimulatedRuntime,
} from '@rocketmq-ts/runtime/simulated'
import {
  MessageStore,
  type MessageToStore,
  type QueueType,
  type StoreConfig,
} from '../../src/index.ts'
import { message, smallConfig } from '../support/store.ts'
import { BATCH_TOPIC, checkFound, checkStore, checkTimes } from './check.ts'
import { expectedRecord, type Placed } from './expected-record.ts'
import { type Features, NO_FEATURES } from './features.ts'
import {
  type Elsewhere,
  endOf,
  indexOf,
  Model,
  type ModelQueue,
  nextOf,
  type Sent,
} from './model.ts'
import { otherOperation } from './other-work.ts'

const HOST_V6 = encodeHost({ host: 'fe80::1', port: 10911 })
const LONG_TOPIC = 'Long'.padEnd(200, 'Topic')
const SCHEDULE_TOPIC = 'SCHEDULE_TOPIC_XXXX'
export const TOPICS: readonly string[] = ['TopicA', 'TopicB', LONG_TOPIC, SCHEDULE_TOPIC]
const DELAYS_MS = [1000, 5000, 10_000, 30_000]

/** What a life is made of. */
export interface LifeOptions {
  readonly config?: Partial<StoreConfig>
  readonly faults?: FaultOdds
  readonly features?: Features
}

/** Operations at which something on the disk changes. */
export function isChange(operation: FileOperation): boolean {
  return operation.kind !== 'read'
}

type Pick = (operation: FileOperation, count: number) => boolean

/** A store, its disk and what it should hold. */
export class StoreLife {
  runtime: SimulatedRuntime
  store: MessageStore | undefined
  readonly model: Model = new Model()
  readonly random: SimRandom
  config: StoreConfig
  readonly features: Features
  readonly #faults: FaultHook | undefined
  /** Disk operations of the life under way that changed something. */
  operations = 0
  #serial = 0
  /** The worst that has happened since the last comparison. */
  #worstKind: CrashKind = 'process'
  /** A flush has failed and bytes may be gone that the kernel had: until it has been made good nobody relies on them. */
  #lostFlush = false

  constructor(runtime: SimulatedRuntime, options: LifeOptions = {}) {
    this.runtime = runtime
    this.random = runtime.random.fork()
    this.config = smallConfig({
      flushIntervalMs: 20,
      consumeQueueWriteIntervalMs: 5,
      consumeQueueFlushIntervalMs: 30,
      ...options.config,
    })
    this.features = options.features ?? NO_FEATURES
    const { faults } = options
    this.#faults = faults === undefined ? undefined : randomFaults(runtime.random.fork(), faults)
  }

  /** Opens the store. A disk that fails may refuse that; it is then asked again. */
  async open(): Promise<MessageStore> {
    const { runtime, config } = this
    for (let attempt = 0; ; attempt++) {
      try {
        const queueTypeOf = (topic: string): QueueType =>
          topic === BATCH_TOPIC ? 'BatchCQ' : 'SimpleCQ'
        this.store = await runtime.settle(MessageStore.open({ runtime, config, queueTypeOf }))
        return this.store
      } catch (error) {
        if (this.#faults === undefined || attempt > 20 || runtime !== this.runtime) throw error
        if (attempt > 10) runtime.disk.fault = undefined
      }
    }
  }

  /** The running store, opened when there is none. */
  async running(): Promise<MessageStore> {
    return this.store ?? (await this.open())
  }

  async close(): Promise<void> {
    const { store } = this
    if (store !== undefined) await this.runtime.settle(store.close())
    // A process that stops while its disk fails leaves what a killed one leaves.
    if (this.#lostFlush) this.#note('process')
    this.#lostFlush = false
    this.store = undefined
  }

  /**
   * Runs `work` until the first operation that `isHere` picks; the process dies on it, before it happens.
   * Returns whether it came to that.
   */
  async untilCrash(kind: CrashKind, isHere: Pick, work: () => Promise<unknown>): Promise<boolean> {
    const { runtime } = this
    let next: SimulatedRuntime | undefined
    this.operations = 0
    runtime.disk.fault = (operation) => {
      if (isChange(operation)) this.operations++
      if (next === undefined && isChange(operation) && isHere(operation, this.operations)) {
        this.#note(kind)
        next = runtime.crash(kind)
        return undefined
      }
      const fault = this.#faults?.(operation)
      const isLogFlush = operation.kind === 'flush' && operation.path.includes('/commitlog/')
      if (fault?.error !== undefined && isLogFlush) this.#lostFlush = true
      return fault
    }
    try {
      await work()
    } catch (error) {
      // Whatever the dead process stumbles over; anything else is a finding.
      if (next === undefined) throw error
    }
    runtime.disk.fault = undefined
    if (next === undefined) return false
    this.#died(next)
    return true
  }

  /** The process dies now. */
  crash(kind: CrashKind): void {
    this.#note(kind)
    this.#died(this.runtime.crash(kind))
  }

  #note(kind: CrashKind): void {
    if (kind === 'power') this.#worstKind = 'power'
    const flushed = this.store?.status().flushedOffset ?? 0
    for (const sent of this.model.log) {
      if (sent.offset >= this.model.cutFrom) continue
      if (endOf(sent) <= flushed) sent.promised = 'power'
      else if (this.#lostFlush && sent.promised === 'process') sent.promised = 'nothing'
    }
  }

  #died(next: SimulatedRuntime): void {
    this.runtime = next
    this.store = undefined
    this.model.cutFrom = Number.POSITIVE_INFINITY
    this.#lostFlush = false
  }

  /** Compares the store with the model, after what the last crash may have taken has been taken out of it. */
  async check(): Promise<void> {
    const store = await this.running()
    const { model, runtime, random, config } = this
    while (model.cutFrom < Number.POSITIVE_INFINITY) await runtime.advance(20)
    store.confirmTo(undefined)
    if (this.features.cleans) model.forgetBelow(store.status().commitLogMinOffset)
    model.lose(store.status().commitLogMaxOffset, this.#worstKind)
    this.#worstKind = 'process'
    const segmentBytes = config.commitLogSegmentBytes
    const isSoundDisk = this.#faults === undefined
    await checkStore({ runtime, store, model, random, segmentBytes, isSoundDisk })
    // Whatever can be read is in the kernel.
    for (const sent of model.log) if (sent.promised === 'nothing') sent.promised = 'process'
  }

  /** Random work; ends early when the process dies. */
  async work(rounds: number): Promise<void> {
    const { runtime, random } = this
    const store = await this.running()
    for (let round = 0; round < rounds && runtime === this.runtime; round++) {
      const burst = 1 + random.below(5)
      for (let i = 0; i < burst && this.store === store; i++) this.#operation(store)
      await runtime.advance(random.once(20) ? random.below(200) : random.below(12))
    }
  }

  /** Lets old files of the log be removed. */
  async clean(): Promise<void> {
    const { runtime } = this
    const store = await this.running()
    store.deleteExpiredFiles()
    // The first round comes after a minute.
    await runtime.advance(61_000)
  }

  #operation(store: MessageStore): void {
    const { random } = this
    // While the log is cut it refuses everything; who asks just when that ends must know how it ended.
    const dice = this.model.cutFrom === Number.POSITIVE_INFINITY ? random.below(100) : 70
    if (dice < 50) this.append(this.message())
    else if (dice < 58) this.appendBatch(1 + random.below(5))
    else if (dice < 66) this.append(this.#halfMessage())
    else if (dice < 86) this.#read(store)
    else if (dice < 92) this.#readAt(store)
    else if (dice < 96) this.#search(store)
    else if (dice < 99) otherOperation(this, store)
    else if (dice === 99 && random.once(4)) this.deleteTopic(TOPICS[random.below(2)] ?? '')
  }

  /** A message with random content. */
  message(overrides: Partial<MessageToStore> = {}): MessageToStore {
    const { random } = this
    const serial = this.#serial++
    const topic = overrides.topic ?? TOPICS[random.below(TOPICS.length)] ?? ''
    const tag = `T${random.below(3)}`
    const level = topic === SCHEDULE_TOPIC ? `DELAY\u0001${1 + random.below(4)}\u0002` : ''
    const filling = 'p'.repeat(random.once(3) ? random.below(1900) : random.below(40))
    const text = `${level}TAGS\u0001${tag}\u0002n\u0001${serial}${filling}\u0002`
    const key = random.once(3) ? `KEYS\u0001k${random.below(9)}\u0002` : ''
    const hasProperties = level !== '' || !random.once(10)
    return message({
      topic,
      queueId: random.below(2),
      flag: serial,
      bornTimestampMs: 1_700_000_000_000 + serial,
      reconsumeTimes: random.below(3),
      ...(random.once(8) ? { bornHost: HOST_V6 } : {}),
      body: Buffer.alloc(random.once(10) ? 0 : random.below(700), `${serial} `),
      properties: Buffer.from(hasProperties ? text + key : ''),
      tagsCode: hasProperties ? tagHash(tag) : 0,
      ...overrides,
    })
  }

  #halfMessage(): MessageToStore {
    const isPrepared = this.random.once(2)
    const sysFlag = isPrepared ? SysFlag.TRANSACTION_PREPARED : SysFlag.TRANSACTION_ROLLBACK
    return this.message({ topic: 'TopicA', sysFlag, preparedTransactionOffset: 17 })
  }

  /** Appends, and waits for it one way or another. */
  append(toStore: MessageToStore = this.message()): Sent | undefined {
    const { store } = this
    const appended = store?.append(toStore)
    if (appended?.status !== 'PUT_OK') return undefined
    const isHalf = (toStore.sysFlag & SysFlag.TRANSACTION_PREPARED) !== 0
    const { queueOffset, offset, storeTimestampMs, recordBytes } = appended
    const sent = this.#sent(toStore, { offset, queueOffset, storeTimestampMs }, isHalf)
    this.awaits([sent], offset + recordBytes)
    return sent
  }

  appendBatch(count: number): void {
    const { store } = this
    const parts = Array.from({ length: count }, () => this.message({ topic: 'TopicB' }))
    const encoded = parts.map(({ flag, body, properties }) => {
      const pairs = Buffer.from(properties).toString().split('\u0002').filter(Boolean)
      const entries = pairs.map((pair) => pair.split('\u0001') as [string, string])
      return { flag, body, properties: Object.fromEntries(entries) }
    })
    const shared = this.message({ topic: 'TopicB', properties: Buffer.from('all\u0001yes\u0002') })
    const appended = store?.appendBatch({ ...shared, body: encodeBatch(encoded) })
    if (appended?.status !== 'PUT_OK') return
    const { queueOffset, offset, storeTimestampMs, recordBytes } = appended
    const all: Sent[] = []
    parts.forEach(({ flag, body, properties, tagsCode }, i) => {
      const part = { ...shared, flag, body, properties, tagsCode }
      const placed = {
        offset: appended.offsets[i] ?? -1,
        queueOffset: queueOffset + i,
        storeTimestampMs,
      }
      all.push(this.#sent(part, placed, false))
    })
    this.awaits(all, offset + recordBytes)
  }

  #sent(toStore: MessageToStore, placed: Placed, isHalf: boolean): Sent {
    return this.sent(toStore, { ...placed, queueOffset: isHalf ? -1 : placed.queueOffset }, 1, [])
  }

  /** Takes note of what the store has appended. Queue offset −1: it is in no queue. */
  sent(
    toStore: MessageToStore,
    placed: Placed,
    count: number,
    elsewhere: readonly Elsewhere[],
  ): Sent {
    const { topic, queueId } = toStore
    const isInQueue = placed.queueOffset >= 0
    const text = Buffer.from(toStore.properties).toString()
    const isRolledBack =
      (toStore.sysFlag & SysFlag.TRANSACTION_ROLLBACK) === SysFlag.TRANSACTION_ROLLBACK
    const sent: Sent = {
      topic,
      queueId,
      queueOffset: placed.queueOffset,
      count,
      offset: placed.offset,
      storeTimestampMs: placed.storeTimestampMs,
      tagsCode: codeOf(toStore, placed.storeTimestampMs),
      key: isRolledBack ? undefined : text.split('KEYS\u0001')[1]?.split('\u0002')[0],
      bytes: expectedRecord(toStore, {
        ...placed,
        queueOffset: isInQueue ? placed.queueOffset : 0,
      }),
      promised: 'nothing',
    }
    if (isInQueue) {
      const next = nextOf(this.model.queueOf(topic, queueId))
      if (placed.queueOffset !== next) {
        throw new Error(`${topic}/${queueId} gave queue offset ${placed.queueOffset} for ${next}`)
      }
    }
    this.model.append(sent, elsewhere)
    return sent
  }

  /** Waits for records in one way or another, and notes what is promised for them. */
  awaits(all: readonly Sent[], end: number): void {
    const { runtime, random, store, model } = this
    if (random.once(6)) return
    const { replicates, pool } = this.features
    const waitsReplica = replicates && random.once(2)
    const waitsFlush = random.below(3) > 0
    const isSync = waitsFlush && !waitsReplica && this.config.flushDiskType === 'SYNC_FLUSH'
    const isFromMemory = pool && !waitsReplica && this.config.flushDiskType === 'ASYNC_FLUSH'
    const acknowledged = (status: string): void => {
      if (status !== 'PUT_OK' || runtime !== this.runtime || isFromMemory) return
      for (const sent of all) {
        if (sent.offset < model.cutFrom) sent.promised = isSync ? 'power' : 'process'
      }
    }
    if (waitsReplica) store?.whenReplicated(end, { acknowledged })
    else store?.whenSafe(end, { acknowledged }, waitsFlush)
  }

  deleteTopic(topic: string): void {
    this.model.deleteTopic(topic)
    this.store?.deleteTopic(topic)
  }

  #anyQueue(): ModelQueue | undefined {
    const queues = [...this.model.queues.values()]
    return queues[this.random.below(queues.length)]
  }

  // What a reader gets while others write must be what was appended, whatever else happens.
  #read(store: MessageStore): void {
    const { random, runtime } = this
    const queue = this.#anyQueue()
    if (queue === undefined) return
    const { topic, queueId, first, records } = queue
    const queueOffset = first + random.below(nextOf(queue) - first + 2)
    const query = { topic, queueId, queueOffset, maxCount: 1 + random.below(32) }
    store.get({ ...query, maxBytes: 1 + random.below(100_000) }, (result) => {
      // Who reads while files are removed may miss what went.
      if (result.status === 'FOUND' && !this.features.cleans && runtime === this.runtime) {
        checkFound(result, records, indexOf(queue, queueOffset))
      }
      runtime.timers.after(random.below(30), () => result.release())
    })
  }

  #readAt(store: MessageStore): void {
    const { log } = this.model
    const sent = log[this.random.below(log.length)]
    if (sent === undefined) return
    store.readAt(sent.offset, (record) => {
      if (record !== undefined && !sent.bytes.equals(record)) {
        throw new Error(`readAt(${sent.offset}) gave another record`)
      }
    })
  }

  #search(store: MessageStore): void {
    const { random } = this
    const queue = this.#anyQueue()
    const time = queue?.records[random.below(queue.records.length)]?.storeTimestampMs
    if (queue === undefined || time === undefined) return
    // Compared in the check, when nothing is appended meanwhile.
    store.searchOffset(queue.topic, queue.queueId, time, 'LOWER').catch(() => undefined)
  }

  /** Compares a search by time in each queue. */
  async checkTimes(): Promise<void> {
    const { runtime, random } = this
    const store = await this.running()
    for (const queue of this.model.queues.values()) {
      await checkTimes({ runtime, store, random }, queue)
    }
  }
}

function codeOf({ topic, properties, tagsCode }: MessageToStore, storeTimestampMs: number): number {
  if (topic !== SCHEDULE_TOPIC) return tagsCode
  const level = Buffer.from(properties).toString().split('DELAY\u0001')[1]?.[0]
  return storeTimestampMs + (DELAYS_MS[Number(level) - 1] ?? 0)
}
