// SPDX-License-Identifier: Apache-2.0
// Decides again and again which queues this member reads: on a schedule, on a change, and soon again when it could not.
import type { Cancel, Logger } from '@rocketmq-ts/runtime'
import type { AllocationStrategy } from './allocation.ts'
import { consumerIds } from './broker-calls.ts'
import type { ClientInstance } from './instance.ts'
import { compareText, type MessageQueue } from './message-queue.ts'
import { MASTER_ID } from './route-queues.ts'
import type { TopicRoute } from './route-cache.ts'

/** What a rebalance needs of its consumer. */
export interface RebalanceOptions {
  readonly instance: ClientInstance
  readonly logger: Logger
  readonly group: string
  readonly allocation: AllocationStrategy
  readonly intervalMs: number
  readonly requestTimeoutMs: number
  readonly topics: () => Iterable<string>
  /** These are this member's queues of the topic now. Resolves to whether all of them are being read. */
  readonly assign: (topic: string, queues: readonly MessageQueue[]) => Promise<boolean>
}

/** Source: RebalanceService and RebalanceImpl. */
export class Rebalance {
  readonly #options: RebalanceOptions
  #timer: Cancel | undefined
  #running: Promise<void> | undefined
  #askedAgain = false
  #failures = 0
  #stopped = false

  constructor(options: RebalanceOptions) {
    this.#options = options
  }

  /** Rebalances now, or right after the round under way. Resolves after a round that began later than this call. */
  now(): Promise<void> {
    if (this.#stopped) return Promise.resolve()
    if (this.#running !== undefined) {
      this.#askedAgain = true
      return this.#running
    }
    this.#running = this.#rounds().finally(() => {
      this.#running = undefined
    })
    return this.#running
  }

  /** No round begins after this; resolves when the one under way has ended. */
  async stop(): Promise<void> {
    this.#stopped = true
    this.#timer?.()
    await this.#running
  }

  async #rounds(): Promise<void> {
    this.#timer?.()
    let balanced: boolean
    do {
      this.#askedAgain = false
      balanced = await this.#round()
    } while (this.#askedAgain && !this.#stopped)
    if (this.#stopped) return
    this.#failures = balanced ? 0 : this.#failures + 1
    // Soon again at first, then less and less often: a topic may stay without a route for days.
    const delayMs = balanced
      ? this.#options.intervalMs
      : Math.min(this.#options.intervalMs, soonMs * 2 ** Math.min(this.#failures - 1, 10))
    this.#timer = this.#options.instance.runtime.timers.every(delayMs, () => void this.now())
  }

  async #round(): Promise<boolean> {
    const members = new Map<string, Promise<readonly string[]>>()
    const done = await Promise.all(
      [...this.#options.topics()].map((topic) => this.#topic(topic, members)),
    )
    return done.every((balanced) => balanced)
  }

  async #topic(topic: string, members: Map<string, Promise<readonly string[]>>): Promise<boolean> {
    const { instance, allocation, group, logger } = this.#options
    try {
      const route = instance.routes.route(topic) ?? (await instance.routes.refresh(topic))
      const address = route === undefined ? undefined : this.#anyBroker(route)
      if (route === undefined || address === undefined) {
        logger.debug({ topic }, 'the topic has no route yet')
        return false
      }
      // One broker often serves several topics: it is asked for the members once per round.
      let ids = members.get(address)
      if (ids === undefined) members.set(address, (ids = this.#members(address)))
      const clientIds = [...(await ids)].sort(compareText)
      if (this.#stopped) return true
      const { clientId } = instance
      const queues = allocation.allocate({ group, clientId, queues: route.readable, clientIds })
      const reading = await this.#options.assign(topic, queues)
      return reading && clientIds.includes(clientId)
    } catch (err) {
      logger.warn({ topic, err }, 'cannot rebalance, the queues stay as they are')
      return false
    }
  }

  #members(address: string): Promise<readonly string[]> {
    const { instance, group, requestTimeoutMs } = this.#options
    return consumerIds(instance.remoting, address, group, { timeoutMs: requestTimeoutMs })
  }

  /** A master at random, else any broker of the topic. Source: MQClientInstance.findBrokerAddrByTopic. */
  #anyBroker(route: TopicRoute): string | undefined {
    const { instance } = this.#options
    const brokers = route.data.brokerDatas
    if (brokers.length === 0) return undefined
    const broker = brokers[instance.runtime.random.below(brokers.length)]
    const addresses = broker?.brokerAddrs
    return addresses?.get(MASTER_ID) ?? addresses?.values().next().value
  }
}

const soonMs = 1000
