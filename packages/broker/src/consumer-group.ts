// SPDX-License-Identifier: Apache-2.0
// The members of one consumer group that are online, and what the group subscribes to.
import type {
  ConsumeFromWhere,
  ConsumerData,
  ConsumeType,
  MessageModel,
  SubscriptionData,
} from '@rocketmq-ts/remoting/bodies'
import type { Connection } from '@rocketmq-ts/remoting'
import { subscriptionOf, type Subscription } from './subscription.ts'

/** A client on its connection. */
export interface ClientChannel {
  readonly connection: Connection
  readonly clientId: string
  /** Number of `LanguageCode`; −1 when unknown. */
  readonly language: number
  readonly version: number
  /** Monotonic time of the last heartbeat. */
  lastHeartbeatMs: number
}

/** How a group consumes; the last heartbeat says. */
export interface GroupMode {
  readonly consumeType: ConsumeType | undefined
  readonly messageModel: MessageModel | undefined
  readonly consumeFromWhere: ConsumeFromWhere | undefined
}

/** One group with members online. */
export class ConsumerGroup {
  readonly name: string
  readonly #channels = new Map<Connection, ClientChannel>()
  readonly #subscriptions = new Map<string, Subscription>()
  #mode: GroupMode

  constructor(name: string, mode: GroupMode) {
    this.name = name
    this.#mode = mode
  }

  get mode(): GroupMode {
    return this.#mode
  }

  get isBroadcast(): boolean {
    return this.#mode.messageModel === 'BROADCASTING'
  }

  get isEmpty(): boolean {
    return this.#channels.size === 0
  }

  channels(): Iterable<ClientChannel> {
    return this.#channels.values()
  }

  clientIds(): readonly string[] {
    return [...this.#channels.values()].map(({ clientId }) => clientId)
  }

  subscription(topic: string): Subscription | undefined {
    return this.#subscriptions.get(topic)
  }

  subscriptions(): ReadonlyMap<string, Subscription> {
    return this.#subscriptions
  }

  /** Notes a heartbeat; true when the member is new. @see ConsumerGroupInfo.updateChannel */
  heartbeat(channel: ClientChannel, data: ConsumerData): boolean {
    const { consumeType, messageModel, consumeFromWhere } = data
    this.#mode = { consumeType, messageModel, consumeFromWhere }
    const known = this.#channels.get(channel.connection)
    if (known?.clientId === channel.clientId) {
      known.lastHeartbeatMs = channel.lastHeartbeatMs
      return false
    }
    this.#channels.set(channel.connection, channel)
    return true
  }

  /**
   * Takes over the subscriptions of a heartbeat; true when a topic was added or dropped.
   * A newer version of the same topic replaces it without counting as a change. @see ConsumerGroupInfo.updateSubscription
   */
  subscribe(wanted: readonly SubscriptionData[]): boolean {
    let changed = false
    for (const data of wanted) {
      const known = this.#subscriptions.get(data.topic)
      if (known !== undefined && data.subVersion <= known.data.subVersion) continue
      this.#subscriptions.set(data.topic, subscriptionOf(data))
      if (known === undefined) changed = true
    }
    const topics = new Set(wanted.map(({ topic }) => topic))
    for (const topic of this.#subscriptions.keys()) {
      if (topics.has(topic)) continue
      this.#subscriptions.delete(topic)
      changed = true
    }
    return changed
  }

  /** Removes a member; false when it was none. */
  remove(connection: Connection): boolean {
    return this.#channels.delete(connection)
  }
}
