// SPDX-License-Identifier: Apache-2.0
// Finds the name servers where nobody lists them: asks an HTTP address server, or the addresses of a host name, again and again.
import {
  silentLogger,
  type Cancel,
  type Clock,
  type Logger,
  type Network,
  type Timers,
} from '@rocketmq-ts/runtime'
import { RocketMQError } from '../errors.ts'
import { addressText, parseAddress } from './address.ts'

/** Where the list comes from. */
export type NameServerSource =
  | {
      readonly kind: 'http'
      /** See {@link addressServerUrl}. */
      readonly url: string
    }
  | {
      readonly kind: 'dns'
      /** A name and the port of all its addresses. */
      readonly address: string
    }

export interface NameServerDiscoveryOptions {
  readonly runtime: { readonly clock: Clock; readonly timers: Timers; readonly network: Network }
  readonly source: NameServerSource
  /** Called with every new list, the first one included. */
  readonly onChange: (addresses: readonly string[]) => void
  readonly logger?: Logger
  /** 120,000 unless told. */
  readonly pollIntervalMs?: number
}

/** Java's own: two minutes. */
const POLL_INTERVAL_MS = 120_000
const TIMEOUT_MS = 3000
const MAX_BODY_BYTES = 64 * 1024

/** Java's rocketmq.namesrv.domain when nobody sets it. */
export const DEFAULT_ADDRESS_SERVER_DOMAIN = 'jmenv.tbsite.net'
/** Java's rocketmq.namesrv.domain.subgroup when nobody sets it. */
export const DEFAULT_ADDRESS_SERVER_SUBGROUP = 'nsaddr'

/** Where Java asks: port 8080 unless the domain names one; a unit has an address of its own. */
export function addressServerUrl(
  domain: string = DEFAULT_ADDRESS_SERVER_DOMAIN,
  subgroup: string = DEFAULT_ADDRESS_SERVER_SUBGROUP,
  unitName?: string,
): string {
  const host = domain.indexOf(':') > 0 ? domain : `${domain}:8080`
  const unit = unitName === undefined || unitName.trim() === '' ? '' : `-${unitName}?nofix=1`
  return `http://${host}/rocketmq/${subgroup}${unit}`
}

/** Asks once at the start and then at intervals. What it cannot learn leaves the list as it was. */
export class NameServerDiscovery {
  readonly #options: NameServerDiscoveryOptions
  readonly #logger: Logger
  #known = ''
  #stop: Cancel | undefined
  #isClosed = false

  constructor(options: NameServerDiscoveryOptions) {
    this.#options = options
    this.#logger = options.logger ?? silentLogger
  }

  /** Settles after the first attempt, whether it found any name server or not. */
  async start(): Promise<void> {
    const { runtime, pollIntervalMs = POLL_INTERVAL_MS } = this.#options
    this.#stop = runtime.timers.every(pollIntervalMs, () => void this.refresh())
    await this.refresh()
  }

  /** Asks now; never rejects. */
  async refresh(): Promise<void> {
    const { source, onChange } = this.#options
    try {
      const addresses =
        source.kind === 'http' ? await this.#ask(source.url) : await this.#resolve(source.address)
      const list = addresses.join(';')
      if (this.#isClosed || list === '' || list === this.#known) return
      this.#logger.info({ before: this.#known, now: list }, 'the name servers have changed')
      this.#known = list
      onChange(addresses)
    } catch (err) {
      this.#logger.warn({ source, err }, 'cannot find the name servers')
    }
  }

  async #ask(url: string): Promise<readonly string[]> {
    const { clock, network } = this.#options.runtime
    const { status, body } = await network.httpGet(url, {
      timeoutMs: TIMEOUT_MS,
      maxBodyBytes: MAX_BODY_BYTES,
      headers: {
        'Client-Version': 'V5_5_0',
        'Content-Type': 'application/x-www-form-urlencoded;charset=UTF-8',
        'Metaq-Client-RequestTS': String(clock.nowMs()),
      },
    })
    if (status !== 200) {
      throw new RocketMQError('RMQ_NO_NAME_SERVER', `${url} answered status ${status}`)
    }
    // Java reads the first line only.
    const [line = ''] = Buffer.from(body)
      .toString('utf8')
      .trim()
      .split(/[\r\n]/)
    return checked(line.split(';'))
  }

  async #resolve(address: string): Promise<readonly string[]> {
    const { host, port } = parseAddress(address)
    const found = await this.#options.runtime.network.resolve(host)
    return found.map((one) => addressText({ host: one, port })).toSorted()
  }

  close(): void {
    this.#isClosed = true
    this.#stop?.()
  }
}

function checked(texts: readonly string[]): readonly string[] {
  const addresses = texts.map((text) => text.trim()).filter((text) => text !== '')
  for (const address of addresses) parseAddress(address)
  return addresses
}
