// SPDX-License-Identifier: Apache-2.0
// Tells every broker in use which groups live here: on a schedule, on a change, and on a new connection.
import type { RemotingClient } from '@rocketmq-ts/remoting'
import { encodeHeartbeatData, type HeartbeatData } from '@rocketmq-ts/remoting/bodies'
import { expectSuccess } from '@rocketmq-ts/remoting'
import { heartBeat } from '@rocketmq-ts/remoting/requests'
import type { Logger } from '@rocketmq-ts/runtime'
import type { RouteCache } from './route-cache.ts'
import { MASTER_ID } from './route-queues.ts'

/** What heartbeats need. */
export interface HeartbeatOptions {
  readonly remoting: RemotingClient
  readonly routes: RouteCache
  readonly logger: Logger
  readonly timeoutMs: number
  /** The members of this moment. */
  readonly compose: () => HeartbeatData
}

/** Source: MQClientInstance.sendHeartbeatToAllBroker. */
export class Heartbeats {
  readonly #options: HeartbeatOptions
  /** Addresses with a heartbeat under way: the connection it makes needs no second one. */
  readonly #beating = new Map<string, Promise<void>>()

  constructor(options: HeartbeatOptions) {
    this.#options = options
  }

  /** One heartbeat to every broker; a broker that cannot be reached is logged and tried again next time. */
  async beatAll(): Promise<void> {
    const data = this.#options.compose()
    if (data.producerDataSet.length === 0 && data.consumerDataSet.length === 0) return
    await Promise.all(this.#addresses(data).map((address) => this.#beat(address, data)))
  }

  /** A connection was made: if a broker is at its other end, it must hear of us before anything else. */
  connected(address: string): void {
    if (this.#beating.has(address)) return
    const data = this.#options.compose()
    if (this.#addresses(data).includes(address)) void this.#beat(address, data)
  }

  /** Heartbeats to those brokers that have no connection to us yet. */
  async beatNew(): Promise<void> {
    const data = this.#options.compose()
    if (data.producerDataSet.length === 0 && data.consumerDataSet.length === 0) return
    const fresh = this.#addresses(data).filter((one) => !this.#options.remoting.connected(one))
    await Promise.all(
      fresh.map((address) => this.#beating.get(address) ?? this.#beat(address, data)),
    )
  }

  /** Producers only speak to masters. */
  #addresses(data: HeartbeatData): string[] {
    const addresses: string[] = []
    for (const broker of this.#options.routes.brokers.values()) {
      for (const [id, address] of broker) {
        if (id === MASTER_ID || data.consumerDataSet.length > 0) addresses.push(address)
      }
    }
    return addresses
  }

  async #beat(address: string, data: HeartbeatData): Promise<void> {
    const { remoting, timeoutMs, logger } = this.#options
    const beat = remoting
      .request(address, heartBeat, {}, { body: encodeHeartbeatData(data), timeoutMs })
      .then((response) => void expectSuccess(response, address))
      .catch((err: unknown) => logger.warn({ broker: address, err }, 'heartbeat failed'))
      .finally(() => {
        if (this.#beating.get(address) === beat) this.#beating.delete(address)
      })
    this.#beating.set(address, beat)
    return beat
  }
}
