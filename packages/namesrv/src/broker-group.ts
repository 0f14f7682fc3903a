// SPDX-License-Identifier: Apache-2.0
// A broker name: its master and slaves by id.
import type { BrokerData } from '@rocketmq-ts/remoting/bodies'

export const MASTER_ID = 0

/** Brokers of one name. Java: BrokerData. */
export class BrokerGroup {
  readonly cluster: string
  readonly brokerName: string
  enableActingMaster = false
  zoneName: string | undefined
  /** Addresses in the order of their ids. Another object whenever they have changed. */
  #addresses: ReadonlyMap<number, string> = new Map()

  constructor(cluster: string, brokerName: string) {
    this.cluster = cluster
    this.brokerName = brokerName
  }

  get addresses(): ReadonlyMap<number, string> {
    return this.#addresses
  }

  get isEmpty(): boolean {
    return this.#addresses.size === 0
  }

  /** The smallest id: the master's, or that of the slave which may act for it. Undefined when empty. */
  get minId(): number | undefined {
    return this.#addresses.keys().next().value
  }

  get hasMaster(): boolean {
    return this.#addresses.has(MASTER_ID)
  }

  /** Puts an address under an id, and takes it away from any other id it had: a slave may have become master. */
  put(brokerId: number, address: string): void {
    if (this.#addresses.get(brokerId) === address && this.idOf(address) === brokerId) return
    const others = [...this.#addresses].filter(([id, one]) => id !== brokerId && one !== address)
    const entries = [...others, [brokerId, address] as const]
    this.#addresses = new Map(entries.toSorted(([a], [b]) => a - b))
  }

  /** Takes an address away, whatever its id. */
  delete(address: string): void {
    if (this.idOf(address) === undefined) return
    this.#addresses = new Map([...this.#addresses].filter(([, one]) => one !== address))
  }

  /** The id an address has. */
  idOf(address: string): number | undefined {
    return [...this.#addresses].find(([, one]) => one === address)?.[0]
  }

  toBrokerData(): BrokerData {
    const { brokerName, cluster, enableActingMaster, zoneName } = this
    return { brokerAddrs: this.#addresses, brokerName, cluster, enableActingMaster, zoneName }
  }
}
