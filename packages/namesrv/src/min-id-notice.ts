// SPDX-License-Identifier: Apache-2.0
// Tells the brokers of a name that another of them has the smallest id now, when the configuration asks for it.
import {
  LanguageCode,
  RemotingClient,
  type SerializeType,
  type TlsSettings,
} from '@rocketmq-ts/remoting'
import { notifyMinBrokerIdChange } from '@rocketmq-ts/remoting/requests'
import type { Logger, Runtime } from '@rocketmq-ts/runtime'
import type { MinIdChange } from './route-table.ts'

export interface MinIdNoticeOptions {
  readonly runtime: Pick<Runtime, 'clock' | 'timers' | 'turn' | 'network' | 'files'>
  /** Given when brokers are to be reached through TLS. */
  readonly tls?: TlsSettings
  readonly serializeType: SerializeType
  readonly logger: Logger
  /** Java: notifyMinBrokerIdChanged. Asked at each change. */
  readonly isWanted: () => boolean
}

/** A broker that cannot be reached within this learns of the change from its next heartbeat. */
const CONNECT_TIMEOUT_MS = 300

/** Sends NOTIFY_MIN_BROKER_ID_CHANGE. @see RouteInfoManager.notifyMinBrokerIdChanged */
export class MinIdNotice {
  readonly #options: MinIdNoticeOptions
  readonly #client: RemotingClient

  constructor(options: MinIdNoticeOptions) {
    const { logger, runtime, serializeType, tls } = options
    this.#options = options
    this.#client = new RemotingClient({
      runtime,
      logger,
      language: LanguageCode.JAVA,
      serializeType,
      connectTimeoutMs: CONNECT_TIMEOUT_MS,
      ...(tls === undefined ? {} : { tls }),
    })
  }

  /** Sends what has changed to those whom it concerns; undefined is no change. */
  send(change: MinIdChange | undefined): void {
    const smallest = change?.addresses.entries().next().value
    if (change === undefined || smallest === undefined || !this.#options.isWanted()) return
    const { brokerName, haBrokerAddr, offlineBrokerAddr } = change
    const [minBrokerId, minBrokerAddr] = smallest
    const notified = addressesToNotify(change)
    this.#options.logger.info(
      { brokerName, minBrokerId, notified, offlineBrokerAddr },
      'the smallest broker id has changed',
    )
    // Java leaves the name out of the notice; the broker knows its own.
    const header = {
      minBrokerId,
      brokerName: undefined,
      minBrokerAddr,
      offlineBrokerAddr,
      haBrokerAddr,
    }
    for (const address of notified) {
      this.#client
        .oneway(address, notifyMinBrokerIdChange, header)
        .catch((err: unknown) =>
          this.#options.logger.warn({ err, address }, 'a broker was not told of the smallest id'),
        )
    }
  }

  close(): Promise<void> {
    return this.#client.close()
  }
}

/** Everybody when somebody has left; else all but the new smallest, which knows, unless it is alone. */
function addressesToNotify({ addresses, offlineBrokerAddr }: MinIdChange): readonly string[] {
  const all = [...addresses.values()]
  return offlineBrokerAddr !== undefined || all.length === 1 ? all : all.slice(1)
}
