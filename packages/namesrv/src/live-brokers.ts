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

  get size(): number {
    return this.#brokers.size
  }

  get(broker: BrokerAddress): LiveBroker<C> | undefined {
    return this.#brokers.get(keyOf(broker))
  }

  /** Returns whether the broker was not known before. */
  put(live: LiveBroker<C>): boolean {
    const isNew = !this.#brokers.has(keyOf(live))
    this.#brokers.set(keyOf(live), live)
    return isNew
  }

  delete(broker: BrokerAddress): boolean {
    return this.#brokers.delete(keyOf(broker))
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
    return [...this.#brokers.values()].filter((live) => live.connection === connection)
  }
}

/** No address holds a line feed, so the parts cannot run into each other. */
function keyOf({ clusterName, brokerAddr }: BrokerAddress): string {
  return `${brokerAddr}\n${clusterName}`
}
