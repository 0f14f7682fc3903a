// SPDX-License-Identifier: Apache-2.0
// Drops brokers that fell silent or whose connection is gone.
import type { Connection } from '@rocketmq-ts/remoting'
import type { Cancel, Clock, Logger, Timers } from '@rocketmq-ts/runtime'
import type { LiveBroker } from './live-brokers.ts'
import type { MinIdChange, RouteTable } from './route-table.ts'

export interface LivenessOptions {
  readonly routes: RouteTable<Connection>
  readonly clock: Clock
  readonly timers: Timers
  readonly logger: Logger
  readonly scanIntervalMs: number
  /** Told of what the others of a dropped broker's name may want to know. */
  readonly onMinIdChange: (change: MinIdChange | undefined) => void
}

/** Watches the brokers of a route table. */
export class Liveness {
  readonly #options: LivenessOptions
  readonly #stop: Cancel

  constructor(options: LivenessOptions) {
    this.#options = options
    this.#stop = options.timers.every(options.scanIntervalMs, () => this.scan())
  }

  /** Closes the connections of brokers that are silent for longer than they promised, and forgets them. */
  scan(): void {
    const { clock, logger, routes } = this.#options
    for (const broker of routes.expired(clock.monotonicMs())) {
      const { brokerAddr, clusterName, heartbeatTimeoutMs } = broker
      logger.warn({ brokerAddr, clusterName, heartbeatTimeoutMs }, 'broker is silent, dropped')
      this.#drop(broker)
      broker.connection.close()
    }
  }

  /** Forgets the brokers that registered on a connection which is now closed. */
  connectionClosed(connection: Connection): void {
    for (const broker of this.#options.routes.on(connection)) {
      const { brokerAddr, clusterName } = broker
      this.#options.logger.warn({ brokerAddr, clusterName }, 'broker connection closed, dropped')
      this.#drop(broker)
    }
  }

  #drop(broker: LiveBroker<Connection>): void {
    const { onMinIdChange, routes } = this.#options
    const leaving = routes.leavingOf(broker)
    if (leaving === undefined) routes.forget(broker)
    else onMinIdChange(routes.unregister(leaving))
  }

  close(): void {
    this.#stop()
  }
}
