// SPDX-License-Identifier: Apache-2.0
// What all producers and consumers of one client id share: connections, routes, heartbeats and the schedule.
import { RemotingClient } from '@rocketmq-ts/remoting'
import type { ConsumerData, HeartbeatData } from '@rocketmq-ts/remoting/bodies'
import { unregisterClient } from '@rocketmq-ts/remoting/requests'
import type { Cancel, Logger, Runtime } from '@rocketmq-ts/runtime'
import { brokerRequestHandlers } from './broker-requests.ts'
import { clientIdOf, localAddress } from './client-id.ts'
import type { ClientConfig } from './config.ts'
import { Heartbeats } from './heartbeat.ts'
import { discoveryOf, NameServers } from './name-servers.ts'
import { RouteCache } from './route-cache.ts'
import { signer } from './signer.ts'

/** What an instance asks of a producer. */
export interface ProducerMember {
  readonly group: string
}

/** What an instance asks of a consumer. */
export interface ConsumerMember {
  readonly group: string
  /** The consumer's part of a heartbeat. */
  heartbeat(): ConsumerData
  /** The members of the group or the queues of a topic changed. */
  rebalanceSoon(): void
  /** Stores the offsets that changed; must not reject. */
  persistOffsets(): Promise<void>
}

/** Source: MQClientInstance. */
export class ClientInstance {
  readonly clientId: string
  readonly runtime: Runtime
  readonly remoting: RemotingClient
  readonly nameServers: NameServers
  readonly routes: RouteCache

  readonly #logger: Logger
  readonly #requestTimeoutMs: number
  readonly #heartbeats: Heartbeats
  readonly #producers = new Set<ProducerMember>()
  readonly #consumers = new Map<string, ConsumerMember>()
  readonly #timers: Cancel[]
  #closing: Promise<void> | undefined

  /** `instanceName` is final: DEFAULT was replaced before. */
  constructor(config: ClientConfig, instanceName: string) {
    const { runtime } = config
    this.runtime = runtime
    this.clientId = clientIdOf({
      clientIp: config.clientIp ?? localAddress(runtime),
      instanceName,
      unitName: config.unitName,
    })
    this.#logger = config.logger.child({ clientId: this.clientId })
    this.#requestTimeoutMs = config.requestTimeoutMs
    this.remoting = new RemotingClient({
      runtime,
      logger: this.#logger,
      serializeType: config.serializeType,
      ...config.network,
      handlers: brokerRequestHandlers(this),
      onConnect: (address) => this.#heartbeats.connected(address),
      ...(config.credentials === undefined ? {} : { sign: signer(config.credentials) }),
    })
    this.nameServers = new NameServers(this.remoting, config.nameServers, {
      random: runtime.random,
      timeoutMs: config.requestTimeoutMs,
      ...discoveryOf(config, this.#logger),
    })
    this.routes = new RouteCache(this.nameServers, this.#logger, () => this.#routeChanged())
    this.#heartbeats = new Heartbeats({
      remoting: this.remoting,
      routes: this.routes,
      logger: this.#logger,
      timeoutMs: config.requestTimeoutMs,
      compose: () => this.#heartbeatData(),
    })
    this.#timers = [
      runtime.timers.every(config.pollNameServerIntervalMs, () => void this.routes.poll()),
      runtime.timers.every(config.heartbeatBrokerIntervalMs, () => {
        this.routes.forgetOfflineBrokers()
        void this.#heartbeats.beatAll()
      }),
      runtime.timers.every(config.persistConsumerOffsetIntervalMs, () => {
        for (const consumer of this.#consumers.values()) void consumer.persistOffsets()
      }),
    ]
  }

  get closed(): boolean {
    return this.#closing !== undefined
  }

  hasConsumer(group: string): boolean {
    return this.#consumers.has(group)
  }

  consumer(group: string): ConsumerMember | undefined {
    return this.#consumers.get(group)
  }

  addProducer(member: ProducerMember): void {
    this.#producers.add(member)
    // Connections that are open already would otherwise tell of the group only at the next interval.
    void this.#heartbeats.beatAll()
  }

  addConsumer(member: ConsumerMember): void {
    this.#consumers.set(member.group, member)
  }

  /** Tells all brokers about the members of this moment; settles when each has answered or failed. */
  heartbeatNow(): Promise<void> {
    return this.#heartbeats.beatAll()
  }

  /** Signs off at all connected brokers; the last member to leave closes everything. */
  async removeProducer(member: ProducerMember): Promise<void> {
    if (!this.#producers.delete(member)) return
    const inUse = [...this.#producers].some((other) => other.group === member.group)
    await this.#leave(inUse ? undefined : { producerGroup: member.group, consumerGroup: undefined })
  }

  /** As {@link removeProducer}. */
  async removeConsumer(member: ConsumerMember): Promise<void> {
    if (this.#consumers.get(member.group) !== member) return
    this.#consumers.delete(member.group)
    await this.#leave({ producerGroup: undefined, consumerGroup: member.group })
  }

  async #leave(
    groups: { producerGroup: string | undefined; consumerGroup: string | undefined } | undefined,
  ): Promise<void> {
    // Decided before anything is awaited: a member that joins meanwhile must get an instance of its own.
    const isLast = this.#producers.size === 0 && this.#consumers.size === 0
    const done = this.#signOffAndClose(groups, isLast)
    if (isLast) this.#closing = done
    await done
  }

  async #signOffAndClose(
    groups: { producerGroup: string | undefined; consumerGroup: string | undefined } | undefined,
    isLast: boolean,
  ): Promise<void> {
    if (isLast) {
      for (const cancel of this.#timers) cancel()
      this.nameServers.close()
    }
    if (groups !== undefined) {
      const header = { clientID: this.clientId, ...groups }
      const addresses = this.#brokerAddresses().filter((one) => this.remoting.connected(one))
      const timeoutMs = Math.min(this.#requestTimeoutMs, signOffTimeoutMs)
      await Promise.all(
        addresses.map((address) =>
          this.remoting
            .request(address, unregisterClient, header, { timeoutMs })
            // A broker that misses the sign-off notices the closed connection or the missing heartbeats.
            .catch((err: unknown) =>
              this.#logger.debug({ broker: address, err }, 'cannot sign off'),
            ),
        ),
      )
    }
    if (isLast) await this.remoting.close()
  }

  #brokerAddresses(): string[] {
    return [...this.routes.brokers.values()].flatMap((addresses) => [...addresses.values()])
  }

  #routeChanged(): void {
    if (this.closed) return
    void this.#heartbeats.beatNew()
    for (const consumer of this.#consumers.values()) consumer.rebalanceSoon()
  }

  #heartbeatData(): HeartbeatData {
    return {
      clientID: this.clientId,
      producerDataSet: [...new Set([...this.#producers].map((member) => member.group))].map(
        (groupName) => ({ groupName }),
      ),
      consumerDataSet: [...this.#consumers.values()].map((member) => member.heartbeat()),
      heartbeatFingerprint: 0,
      isWithoutSub: false,
    }
  }
}

// Closing must not hang on a broker that is gone.
const signOffTimeoutMs = 1000
