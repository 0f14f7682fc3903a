// SPDX-License-Identifier: Apache-2.0
// The list of name servers: keep one that answers, go to the next when it does not.
import {
  NameServerDiscovery,
  RocketMQError,
  type NameServerDiscoveryOptions,
  type RemotingClient,
  type RequestOptions,
  type RequestType,
  type Response,
} from '@rocketmq-ts/remoting'
import type { Logger, Random } from '@rocketmq-ts/runtime'
import type { ClientConfig } from './config.ts'
import { invalid } from './settings.ts'

/** `a:9876;b:9876` or a list, as addresses. @throws RMQ_INVALID_ARGUMENT when there is none or one has no port. */
export function parseNamesrvAddr(namesrvAddr: string | readonly string[]): readonly string[] {
  const given = typeof namesrvAddr === 'string' ? namesrvAddr.split(';') : namesrvAddr
  const addresses = [...new Set(given.map((address) => address.trim()).filter((one) => one !== ''))]
  if (addresses.length === 0) {
    throw invalid(
      'namesrvAddr is empty, give the address of a name server, for instance localhost:9876',
    )
  }
  for (const address of addresses) {
    const port = Number(/:(\d+)$/.exec(address)?.[1])
    if (!(port > 0 && port < 65_536)) {
      throw invalid(`namesrvAddr ${address} is not host:port, for instance localhost:9876`)
    }
  }
  return addresses
}

/**
 * The name servers in an order of this client's own: the first is kept until it fails, then the next. The order is drawn, so that
 * the clients of one that has died spread over all others. As Java's clients (unlike its brokers), it keeps no connection to the
 * rest of them. Source: NettyRemotingClient's choice of a name server, MQClientInstance (setScanAvailableNameSrv).
 */
export class NameServers {
  readonly #remoting: RemotingClient
  readonly #timeoutMs: number
  readonly #random: Random
  readonly #discovery: NameServerDiscovery | undefined
  /** As given. */
  #addresses: readonly string[]
  /** As tried. */
  #order: readonly string[]
  #chosen = 0
  /** The first answer of the discovery. */
  #found: Promise<void> | undefined

  constructor(
    remoting: RemotingClient,
    addresses: readonly string[],
    options: {
      readonly random: Random
      readonly timeoutMs: number
      /** Finds the addresses and follows their changes. */
      readonly discovery?: Omit<NameServerDiscoveryOptions, 'onChange'>
    },
  ) {
    this.#remoting = remoting
    this.#timeoutMs = options.timeoutMs
    this.#random = options.random
    this.#addresses = addresses
    this.#order = shuffled(addresses, options.random)
    if (options.discovery === undefined) return
    this.#discovery = new NameServerDiscovery({
      ...options.discovery,
      onChange: (found) => this.update(found),
    })
    this.#found = this.#discovery.start()
  }

  /** Stops looking for other name servers. */
  close(): void {
    this.#discovery?.close()
  }

  /** The first request waits for the first answer; without one, each further request asks again. */
  async #find(discovery: NameServerDiscovery): Promise<void> {
    await (this.#found ?? discovery.refresh())
    this.#found = undefined
  }

  get addresses(): readonly string[] {
    return this.#addresses
  }

  /** Replaces the list; the one in use stays in use when it is still listed. */
  update(addresses: readonly string[]): void {
    const current = this.#order[this.#chosen]
    this.#addresses = addresses
    this.#order = shuffled(addresses, this.#random)
    const kept = this.#order.findIndex((address) => address === current)
    this.#chosen = Math.max(kept, 0)
  }

  /**
   * Asks one name server, and the others in turn when it cannot be reached. An answer of any code is an answer.
   * @throws RMQ_NO_NAME_SERVER when none answered; RMQ_ABORTED when `signal` ended it.
   */
  async request<Req, Res>(
    type: RequestType<Req, Res>,
    header: Req,
    options: RequestOptions = {},
  ): Promise<NameServerAnswer<Res>> {
    let failure: unknown
    if (this.#addresses.length === 0 && this.#discovery !== undefined) {
      await this.#find(this.#discovery)
    }
    const order = this.#order
    let chosen = this.#chosen
    for (let tried = 0; tried < order.length; tried++) {
      const address = order[chosen] ?? ''
      try {
        const response = await this.#remoting.request(address, type, header, {
          timeoutMs: this.#timeoutMs,
          ...options,
        })
        return { address, response }
      } catch (error) {
        if (RocketMQError.is(error) && !error.retryable) throw error
        failure = error
        const next = (chosen + 1) % order.length
        // Another call may have moved on already, or the list has changed: only the first of them changes the choice.
        if (this.#order === order && this.#chosen === chosen) this.#chosen = next
        chosen = next
      }
    }
    throw new RocketMQError(
      'RMQ_NO_NAME_SERVER',
      this.#addresses.length === 0
        ? `no name server is known to ask for ${type.name}`
        : `none of the name servers ${this.#addresses.join(', ')} answered ${type.name}`,
      { cause: failure },
    )
  }
}

function shuffled(addresses: readonly string[], random: Random): readonly string[] {
  const order = [...addresses]
  for (let last = order.length - 1; last > 0; last--) {
    const other = random.below(last + 1)
    const address = order[last] ?? ''
    order[last] = order[other] ?? ''
    order[other] = address
  }
  return order
}

/** The discovery a configuration asks for. */
export function discoveryOf(
  { nameServerSource, runtime }: ClientConfig,
  logger: Logger,
): { readonly discovery?: Omit<NameServerDiscoveryOptions, 'onChange'> } {
  return nameServerSource === undefined
    ? {}
    : { discovery: { runtime, source: nameServerSource, logger } }
}

/** Which name server answered, and what. */
export interface NameServerAnswer<Res> {
  readonly address: string
  readonly response: Response<Res>
}
