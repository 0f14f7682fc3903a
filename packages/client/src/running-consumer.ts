// SPDX-License-Identifier: Apache-2.0
// A push consumer between start and close: wires its parts together and takes them down in order.
import type { ConsumerData, SubscriptionData } from '@rocketmq-ts/remoting/bodies'
import type { Cancel, Logger } from '@rocketmq-ts/runtime'
import { Assignment } from './assignment.ts'
import { consumeFromWhereOf, type PushConsumerConfig } from './consumer-config.ts'
import { Consumption, type HeldMessage } from './consumption.ts'
import type { ClientInstance, ConsumerMember } from './instance.ts'
import { RemoteOffsetStore } from './offset-store-remote.ts'
import type { OffsetStore } from './offset-store.ts'
import { Rebalance } from './rebalance.ts'
import { SendBack } from './send-back.ts'

/** All parts of a consumer that has joined its group. Source: DefaultMQPushConsumerImpl. */
export class RunningConsumer implements ConsumerMember {
  readonly instance: ClientInstance
  readonly group: string
  readonly consumption: Consumption
  readonly assignment: Assignment
  readonly rebalance: Rebalance
  readonly sendBack: SendBack
  readonly #config: PushConsumerConfig
  readonly #subscriptions: Map<string, SubscriptionData>
  readonly #offsets: OffsetStore
  readonly #logger: Logger
  readonly #watched = new Map<string, () => void>()
  readonly #retries = new Set<Cancel>()
  #sweep: Cancel | undefined
  #state: 'starting' | 'running' | 'closed' = 'starting'

  constructor(
    instance: ClientInstance,
    config: PushConsumerConfig,
    subscriptions: Map<string, SubscriptionData>,
    logger: Logger,
  ) {
    const { requestTimeoutMs } = config.client
    const { group, maxReconsumeTimes } = config
    this.instance = instance
    this.group = group
    this.#config = config
    this.#subscriptions = subscriptions
    this.#logger = logger
    this.sendBack = new SendBack({ instance, logger, group, maxReconsumeTimes })
    this.#offsets = new RemoteOffsetStore(instance, group, requestTimeoutMs, logger)
    this.consumption = new Consumption({
      clock: instance.runtime.clock,
      logger,
      concurrency: config.concurrency,
      settling: {
        consumed: (held) => this.assignment.finish(held),
        later: (held, delayLevel) => void this.#later(held, delayLevel),
      },
    })
    this.assignment = new Assignment({
      instance,
      config,
      logger,
      offsets: this.#offsets,
      consumption: this.consumption,
      subscription: (topic) => subscriptions.get(topic),
      changed: (topic) => this.#assignmentChanged(topic),
      rebalanceSoon: () => this.rebalanceSoon(),
    })
    this.rebalance = new Rebalance({
      instance,
      logger,
      group,
      allocation: config.allocation,
      intervalMs: config.rebalanceIntervalMs,
      requestTimeoutMs,
      topics: () => this.#subscriptions.keys(),
      assign: (topic, queues) => this.assignment.assign(topic, queues),
    })
  }

  async start(): Promise<void> {
    const topics = [...this.#subscriptions.keys()]
    for (const topic of topics) this.watch(topic)
    await Promise.all(topics.map((topic) => this.instance.routes.refresh(topic)))
    // Brokers refuse pulls of a subscription they have not heard of.
    await this.instance.heartbeatNow()
    if (this.#state === 'closed') return
    this.#state = 'running'
    await this.rebalance.now()
    const sweepMs = Math.min(this.#config.consumeTimeoutMs, sweepIntervalMs)
    this.#sweep = this.instance.runtime.timers.every(sweepMs, () => this.#sendBackOverdue())
  }

  watch(topic: string): void {
    if (!this.#watched.has(topic)) this.#watched.set(topic, this.instance.routes.watch(topic))
  }

  unwatch(topic: string): void {
    this.#watched.get(topic)?.()
    this.#watched.delete(topic)
  }

  heartbeat(): ConsumerData {
    return {
      groupName: this.group,
      consumeType: 'CONSUME_PASSIVELY',
      messageModel: 'CLUSTERING',
      consumeFromWhere: consumeFromWhereOf(this.#config.consumeFrom),
      subscriptionDataSet: [...this.#subscriptions.values()],
      unitMode: false,
    }
  }

  rebalanceSoon(): void {
    // Before the first heartbeat no broker could tell the members of the group.
    if (this.#state === 'running') void this.rebalance.now()
  }

  persistOffsets(): Promise<void> {
    return this.#offsets.persist({ settle: false })
  }

  async close(): Promise<void> {
    if (this.#state === 'closed') return
    this.#state = 'closed'
    this.#sweep?.()
    await this.rebalance.stop()
    this.assignment.stopPulling()
    await this.#drain()
    for (const cancel of this.#retries) cancel()
    this.assignment.drop()
    await this.#offsets.persist({ settle: true })
    for (const unwatch of this.#watched.values()) unwatch()
    await this.instance.removeConsumer(this)
  }

  /** Waits for handlers at work, but not for ever. */
  async #drain(): Promise<void> {
    const stopped = this.consumption.stop()
    if (this.consumption.active === 0) return stopped
    const { drainTimeoutMs } = this.#config
    let cancel: Cancel | undefined
    const late = new Promise<void>((resolve) => {
      cancel = this.instance.runtime.timers.after(drainTimeoutMs, () => {
        const { active } = this.consumption
        this.#logger.warn({ active, drainTimeoutMs }, 'closing although handlers are still at work')
        this.consumption.abort(() => true, 'the consumer was closed')
        resolve()
      })
    })
    await Promise.race([stopped, late])
    cancel?.()
  }

  /** A new version makes brokers notice that this member asks for other queues; they drop nothing by it. */
  #assignmentChanged(topic: string): void {
    const subscription = this.#subscriptions.get(topic)
    if (subscription === undefined || this.#state === 'closed') return
    const subVersion = this.instance.runtime.clock.nowMs()
    this.#subscriptions.set(topic, { ...subscription, subVersion })
    void this.instance.heartbeatNow()
  }

  async #later(held: HeldMessage, delayLevel: number): Promise<void> {
    try {
      await this.sendBack.send(held.message, delayLevel)
    } catch (err) {
      const { topic, msgId } = held.message
      this.#logger.warn(
        { topic, msgId, err },
        'cannot send the message back, it is tried again here',
      )
      this.#tryAgainHere(held)
      return
    }
    this.assignment.finish(held)
  }

  #tryAgainHere(held: HeldMessage): void {
    if (this.#state === 'closed') return
    held.startedMs = undefined
    held.message = { ...held.message, reconsumeTimes: held.message.reconsumeTimes + 1 }
    const cancel = this.instance.runtime.timers.after(tryAgainMs, () => {
      this.#retries.delete(cancel)
      this.consumption.submit([held])
    })
    this.#retries.add(cancel)
  }

  /** Source: ProcessQueue.cleanExpiredMsg. */
  #sendBackOverdue(): void {
    for (const held of this.assignment.overdue(this.#config.consumeTimeoutMs)) {
      const { topic, msgId } = held.message
      this.#logger.warn(
        { topic, msgId },
        'the message handler takes too long, the message is sent back',
      )
      this.consumption.abort((other) => other === held, 'the time to consume the message is up')
      void this.#later(held, overdueDelayLevel)
    }
  }
}

const sweepIntervalMs = 60_000
const tryAgainMs = 5000
const overdueDelayLevel = 3
