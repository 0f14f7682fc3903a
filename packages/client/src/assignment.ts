// SPDX-License-Identifier: Apache-2.0
// The queues this member reads: takes new ones up where the group stopped, gives lost ones away.
import type { SubscriptionData } from '@rocketmq-ts/remoting/bodies'
import type { Logger } from '@rocketmq-ts/runtime'
import type { ConsumedMessage } from './consumed-message.ts'
import type { PushConsumerConfig } from './consumer-config.ts'
import type { Consumption, HeldMessage } from './consumption.ts'
import type { ClientInstance } from './instance.ts'
import { queueKey, type MessageQueue } from './message-queue.ts'
import { advance, type OffsetStore, type QueueOffset } from './offset-store.ts'
import { ProcessQueue } from './process-queue.ts'
import { QueuePuller } from './queue-puller.ts'
import { startOffset } from './start-offset.ts'

/** What the assignment needs of its consumer. */
export interface AssignmentOptions {
  readonly instance: ClientInstance
  readonly config: PushConsumerConfig
  readonly logger: Logger
  readonly offsets: OffsetStore
  readonly consumption: Consumption
  readonly subscription: (topic: string) => SubscriptionData | undefined
  /** The queues of a topic changed; called once per change. */
  readonly changed: (topic: string) => void
  /** A queue must be taken up again although the assignment is the same. */
  readonly rebalanceSoon: () => void
}

interface ReadQueue {
  readonly held: ProcessQueue<ConsumedMessage>
  readonly stored: QueueOffset
  readonly puller: QueuePuller
}

/** Source: RebalanceImpl.updateProcessQueueTableInRebalance. */
export class Assignment {
  readonly #options: AssignmentOptions
  /** By {@link queueKey}, and again by what finished messages refer to. */
  readonly #reading = new Map<string, ReadQueue>()
  readonly #holding = new Map<ProcessQueue<ConsumedMessage>, ReadQueue>()
  #suspended = false
  #stopped = false

  constructor(options: AssignmentOptions) {
    this.#options = options
  }

  /** The queues being read. */
  get queues(): MessageQueue[] {
    return [...this.#reading.values()].map(({ held }) => held.queue)
  }

  /** Reads exactly `queues` of the topic from now on. False when some of them could not be taken up. */
  async assign(topic: string, queues: readonly MessageQueue[]): Promise<boolean> {
    const wanted = new Set(queues.map(queueKey))
    const nowMs = this.#options.instance.runtime.clock.monotonicMs()
    const released: Promise<void>[] = []
    for (const [key, { held }] of this.#reading) {
      if (held.queue.topic !== topic) continue
      if (wanted.has(key) && !held.pullExpired(nowMs)) continue
      released.push(this.#giveAway(key))
    }
    await Promise.all(released)
    const fresh = queues.filter((queue) => !this.#reading.has(queueKey(queue)))
    const taken = await Promise.all(fresh.map((queue) => this.#takeUp(queue)))
    if (released.length > 0 || taken.includes(true)) this.#options.changed(topic)
    return !taken.includes(false)
  }

  /** Gives away every queue of the topic. */
  async unassign(topic: string): Promise<void> {
    await this.assign(topic, [])
  }

  /** A message was consumed, or needs no more consuming. */
  finish(message: HeldMessage): void {
    const { home } = message
    const offset = home.finish(message, this.#options.instance.runtime.clock.monotonicMs())
    if (home.dropped) return
    const reading = this.#holding.get(home)
    if (reading === undefined) return
    advance(reading.stored, offset)
    reading.puller.roomMade()
  }

  /** The messages whose handler has run for too long; at most one per queue, the oldest. */
  *overdue(timeoutMs: number): Iterable<HeldMessage> {
    const nowMs = this.#options.instance.runtime.clock.monotonicMs()
    for (const { held } of this.#reading.values()) {
      const message = held.overdue(nowMs, timeoutMs)
      if (message !== undefined) yield message
    }
  }

  suspend(): void {
    this.#suspended = true
    for (const { puller } of this.#reading.values()) puller.suspend()
  }

  resume(): void {
    this.#suspended = false
    for (const { puller } of this.#reading.values()) puller.resume()
  }

  /** Pulls nothing more. The queues stay ours, so that handlers at work may still move their offsets on. */
  stopPulling(): void {
    this.#stopped = true
    for (const { puller } of this.#reading.values()) puller.stop()
  }

  /** From now on nothing that finishes counts. */
  drop(): void {
    for (const { held } of this.#reading.values()) held.dropped = true
    this.#reading.clear()
    this.#holding.clear()
  }

  async #takeUp(queue: MessageQueue): Promise<boolean> {
    const { instance, config, logger, offsets } = this.#options
    let nextOffset: number
    try {
      nextOffset = await offsets.read(queue)
      if (nextOffset < 0) {
        const { requestTimeoutMs } = config.client
        nextOffset = await startOffset(instance, queue, config.consumeFrom, requestTimeoutMs)
      }
    } catch (err) {
      logger.warn({ queue, err }, 'cannot find where to begin, the queue is taken up later')
      return false
    }
    if (this.#stopped || this.#reading.has(queueKey(queue))) return true
    this.#read(queue, nextOffset)
    return true
  }

  #read(queue: MessageQueue, nextOffset: number): void {
    const { instance, config, logger, offsets, consumption } = this.#options
    const held = new ProcessQueue<ConsumedMessage>(queue, instance.runtime.clock.monotonicMs())
    const stored = offsets.entry(queue)
    const puller = new QueuePuller({
      instance,
      config,
      logger,
      held,
      stored,
      nextOffset,
      subscription: () => this.#options.subscription(queue.topic),
      arrived: (batch) => consumption.submit(batch),
      offsetMoved: (offset) => void this.#offsetMoved(queue, stored, offset),
    })
    const reading = { held, stored, puller }
    this.#reading.set(queueKey(queue), reading)
    this.#holding.set(held, reading)
    if (this.#suspended) puller.suspend()
    void puller.run()
  }

  async #giveAway(key: string): Promise<void> {
    const reading = this.#reading.get(key)
    if (reading === undefined) return
    const { held, puller } = reading
    this.#reading.delete(key)
    this.#holding.delete(held)
    held.dropped = true
    puller.stop()
    this.#options.consumption.abort(
      ({ home }) => home === held,
      'the queue went to another consumer',
    )
    await this.#options.offsets.release(held.queue)
  }

  /** What was pulled from the wrong place is dropped with the queue; the rebalance takes it up at the new offset. */
  async #offsetMoved(queue: MessageQueue, stored: QueueOffset, offset: number): Promise<void> {
    stored.offset = offset
    await this.#giveAway(queueKey(queue))
    this.#options.rebalanceSoon()
  }
}
