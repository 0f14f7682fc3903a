// SPDX-License-Identifier: Apache-2.0
// Which brokers have been heard of lately, on which connection, and with which version of their topics.
import type { DataVersion } from '@rocketmq-ts/remoting/bodies'

/** A broker process: a cluster and an address. Several names of a broker never share an address. */
export interface BrokerAddress {
  readonly clusterName: string
  readonly brokerAddr: string
}

/** What is known of a broker process while it lives. */
export interface LiveBroker<C> extends BrokerAddress {
  readonly connection: C
  readonly dataVersion: DataVersion
  readonly haServerAddr: string
  readonly heartbeatTimeoutMs: number
  /** Monotonic time at which it was last heard of. */
  heardAtMs: number
}

/** Live brokers by cluster and address. */
export class LiveBrokers<C> {
  readonly #brokers = new Map<string, LiveBroker<C>>()
  /** The same by connection: most connections that close are those of clients. */
  readonly #byConnection = new Map<C, Set<LiveBroker<C>>>()

  get size(): number {
    return this.#brokers.size
  }

  get(broker: BrokerAddress): LiveBroker<C> | undefined {
    return this.#brokers.get(keyOf(broker))
  }

  put(live: LiveBroker<C>): void {
    this.delete(live)
    this.#brokers.set(keyOf(live), live)
    let brokers = this.#byConnection.get(live.connection)
    if (brokers === undefined) this.#byConnection.set(live.connection, (brokers = new Set()))
    brokers.add(live)
  }

  delete(broker: BrokerAddress): void {
    const live = this.get(broker)
    if (live === undefined) return
    this.#brokers.delete(keyOf(live))
    const brokers = this.#byConnection.get(live.connection)
    brokers?.delete(live)
    if (brokers?.size === 0) this.#byConnection.delete(live.connection)
  }

  /** Notes that the broker was heard of; nothing happens when it is not known. */
  heard(broker: BrokerAddress, nowMs: number): void {
    const live = this.get(broker)
    if (live !== undefined) live.heardAtMs = nowMs
  }

  /** Brokers that have been silent for longer than their own time-out. */
  expired(nowMs: number): readonly LiveBroker<C>[] {
    return [...this.#brokers.values()].filter(
      (live) => live.heardAtMs + live.heartbeatTimeoutMs < nowMs,
    )
  }

  /** Brokers that registered last on this connection. */
  on(connection: C): readonly LiveBroker<C>[] {
    return [...(this.#byConnection.get(connection) ?? [])]
  }
}

/** No address holds a line feed, so the parts cannot run into each other. */
function keyOf({ clusterName, brokerAddr }: BrokerAddress): string {
  return `${brokerAddr}\n${clusterName}`
}
