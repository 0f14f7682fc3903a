// SPDX-License-Identifier: Apache-2.0
// Who is connected: producers and consumers by group, from their heartbeats until they leave, close or fall silent.
import type { Connection } from '@rocketmq-ts/remoting'
import type { ConsumerData } from '@rocketmq-ts/remoting/bodies'
import { notifyConsumerIdsChanged } from '@rocketmq-ts/remoting/requests'
import type { Logger, Runtime } from '@rocketmq-ts/runtime'
import type { BrokerSettings } from './config/settings.ts'
import { ConsumerGroup, type ClientChannel } from './consumer-group.ts'

/** What the registry needs of its broker. */
export interface ClientRegistryOptions {
  readonly runtime: Pick<Runtime, 'clock'>
  readonly logger: Logger
  readonly settings: BrokerSettings
}

/** How a consumer's heartbeat is taken. */
export interface ConsumerHeartbeat {
  /** Tell the members when the group changes. */
  readonly notify: boolean
  /** The subscriptions were left out: those known stay. */
  readonly withoutSubscriptions: boolean
}

/** All clients of one broker. */
export class ClientRegistry {
  readonly #options: ClientRegistryOptions
  readonly #consumers = new Map<string, ConsumerGroup>()
  readonly #producers = new Map<string, Map<Connection, ClientChannel>>()
  /** Hash of a group's subscriptions as the last heartbeat told it. */
  readonly #fingerprints = new Map<string, number>()

  constructor(options: ClientRegistryOptions) {
    this.#options = options
  }

  /** The group, when it has members online. */
  consumerGroup(group: string): ConsumerGroup | undefined {
    return this.#consumers.get(group)
  }

  consumerGroups(): ReadonlyMap<string, ConsumerGroup> {
    return this.#consumers
  }

  producerGroups(): ReadonlyMap<string, ReadonlyMap<Connection, ClientChannel>> {
    return this.#producers
  }

  /** Makes a channel from what a request tells of its sender. */
  channelOf(
    connection: Connection,
    client: { readonly clientId: string; readonly language: number; readonly version: number },
  ): ClientChannel {
    const { clientId, language, version } = client
    const lastHeartbeatMs = this.#options.runtime.clock.monotonicMs()
    return { connection, clientId, language, version, lastHeartbeatMs }
  }

  registerProducer(group: string, channel: ClientChannel): void {
    let channels = this.#producers.get(group)
    if (channels === undefined) {
      channels = new Map()
      this.#producers.set(group, channels)
    }
    const known = channels.get(channel.connection)
    if (known === undefined) channels.set(channel.connection, channel)
    else known.lastHeartbeatMs = channel.lastHeartbeatMs
  }

  unregisterProducer(group: string, connection: Connection): void {
    const channels = this.#producers.get(group)
    channels?.delete(connection)
    if (channels?.size === 0) this.#producers.delete(group)
  }

  /** Takes a consumer's heartbeat; true when members or topics changed. @see ConsumerManager.registerConsumer */
  registerConsumer(data: ConsumerData, channel: ClientChannel, how: ConsumerHeartbeat): boolean {
    const { groupName, consumeType, messageModel, consumeFromWhere } = data
    let group = this.#consumers.get(groupName)
    if (group === undefined) {
      group = new ConsumerGroup(groupName, { consumeType, messageModel, consumeFromWhere })
      this.#consumers.set(groupName, group)
    }
    const joined = group.heartbeat(channel, data)
    const changed = how.withoutSubscriptions ? false : group.subscribe(data.subscriptionDataSet)
    if (!joined && !changed) return false
    this.#options.logger.info(
      { group: groupName, clientId: channel.clientId, peer: channel.connection.remoteAddress },
      'consumer joined its group or changed its topics',
    )
    if (how.notify && !group.isBroadcast) this.#notify(group)
    return true
  }

  /** Takes a member out at its own wish. @see ConsumerManager.unregisterConsumer */
  unregisterConsumer(groupName: string, connection: Connection, notify: boolean): void {
    const group = this.#consumers.get(groupName)
    if (group?.remove(connection) === true) this.#left(group, notify)
  }

  /** Takes everything of a closed connection out and tells the groups. */
  connectionClosed(connection: Connection): void {
    for (const group of [...this.#producers.keys()]) this.unregisterProducer(group, connection)
    for (const group of [...this.#consumers.values()]) {
      if (group.remove(connection)) this.#left(group, true)
    }
  }

  /** Closes the connections of clients that have sent no heartbeat for too long. Run every ten seconds. */
  expire(): void {
    const limit =
      this.#options.runtime.clock.monotonicMs() - this.#options.settings.current.channelExpiryMs
    const silent = new Set<Connection>()
    const note = ({ lastHeartbeatMs, connection }: ClientChannel): void => {
      if (lastHeartbeatMs < limit) silent.add(connection)
    }
    for (const channels of this.#producers.values()) for (const one of channels.values()) note(one)
    for (const group of this.#consumers.values()) for (const one of group.channels()) note(one)
    for (const connection of silent) {
      this.#options.logger.warn({ peer: connection.remoteAddress }, 'client fell silent, closing')
      connection.close()
      this.connectionClosed(connection)
    }
  }

  /**
   * Notes the fingerprint of a group's subscriptions; true when another one was known, so that the client sends them in full.
   * @see ClientManageProcessor: consumerGroupHeartbeatTable
   */
  noteFingerprint(group: string, fingerprint: number): boolean {
    const known = this.#fingerprints.get(group)
    this.#fingerprints.set(group, fingerprint)
    return known !== undefined && known !== fingerprint
  }

  /** Without members a group is not online any more; its subscriptions go with it. */
  #left(group: ConsumerGroup, notify: boolean): void {
    if (group.isEmpty) this.#consumers.delete(group.name)
    else if (notify && !group.isBroadcast) this.#notify(group)
  }

  #notify(group: ConsumerGroup): void {
    if (!this.#options.settings.current.notifyConsumerIdsChanged) return
    for (const { connection } of group.channels()) {
      if (!connection.closed) {
        connection.oneway(notifyConsumerIdsChanged, { consumerGroup: group.name })
      }
    }
  }
}
