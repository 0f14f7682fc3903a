// SPDX-License-Identifier: Apache-2.0
// Which name servers this broker tells: those of its configuration, or those a host name or an address server stands for.
import { addressServerUrl, NameServerDiscovery, type NameServerSource } from '@rocketmq-ts/remoting'
import type { Logger, Runtime } from '@rocketmq-ts/runtime'
import type { BrokerSettings } from './config/settings.ts'

export interface NameServerListOptions {
  readonly runtime: Pick<Runtime, 'clock' | 'timers' | 'network'>
  readonly logger: Logger
  readonly settings: BrokerSettings
  /** Called when a lookup has found others than before, the first ones included. */
  readonly onChange: () => void
}

/** Followed while the broker runs: a listed address by UPDATE_BROKER_CONFIG, a looked up one at intervals. @see BrokerController.updateNamesrvAddr */
export class NameServerList {
  readonly #settings: BrokerSettings
  readonly #discovery: NameServerDiscovery | undefined
  #found: readonly string[] = []

  constructor({ runtime, logger, settings, onChange }: NameServerListOptions) {
    this.#settings = settings
    const source = sourceOf(settings)
    if (source === undefined) return
    const { nameLookupIntervalMs, addressServerIntervalMs } = settings.current
    this.#discovery = new NameServerDiscovery({
      runtime,
      logger,
      source,
      pollIntervalMs: source.kind === 'dns' ? nameLookupIntervalMs : addressServerIntervalMs,
      onChange: (found) => {
        this.#found = found
        onChange()
      },
    })
  }

  get addresses(): readonly string[] {
    return this.#discovery === undefined ? this.#settings.current.nameServers : this.#found
  }

  /** Settles after the first lookup, whatever it found. */
  start(): Promise<void> {
    return this.#discovery?.start() ?? Promise.resolve()
  }

  /** Looks again before its time. */
  lookAgain(): Promise<void> {
    return this.#discovery?.refresh() ?? Promise.resolve()
  }

  close(): void {
    this.#discovery?.close()
  }
}

/** As in Java, an address server is asked only when no name server is named. */
function sourceOf(settings: BrokerSettings): NameServerSource | undefined {
  const { nameServers, lookUpNameServers, askAddressServer } = settings.current
  if (nameServers.length > 0) {
    if (!lookUpNameServers) return undefined
    return {
      kind: 'dns',
      // Asked for at each lookup, so that a changed name is followed.
      get address(): string {
        return settings.current.nameServers[0] ?? ''
      },
    }
  }
  if (!askAddressServer) return undefined
  const { addressServerDomain, addressServerSubgroup } = settings.current
  return {
    kind: 'http',
    url: addressServerUrl(addressServerDomain || undefined, addressServerSubgroup || undefined),
  }
}
