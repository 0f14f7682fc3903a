// SPDX-License-Identifier: Apache-2.0
// What every request handler gets: the parts of one running broker.
import type { RemotingClient } from '@rocketmq-ts/remoting'
import type { Logger, Runtime } from '@rocketmq-ts/runtime'
import type { MessageStore } from '@rocketmq-ts/store'
import type { BrokerAccess } from './auth/broker-access.ts'
import type { BrokerStats } from './broker-stats.ts'
import type { ClientRegistry } from './client-registry.ts'
import type { BrokerSettings } from './config/settings.ts'
import type { ConsumerOffsetTable } from './consumer-offset-table.ts'
import type { DelaySchedule } from './delay-schedule.ts'
import type { LongPolling } from './long-polling.ts'
import type { NamesrvRegistration } from './namesrv-registration.ts'
import type { QueueLocks } from './queue-lock.ts'
import type { SubscriptionGroupTable } from './subscription-group-table.ts'
import type { TopicTable } from './topic-table.ts'

/** The parts of one broker. A handler is `on…(broker: BrokerContext): Handler`; it keeps no state of its own. */
export interface BrokerContext {
  readonly runtime: Runtime
  readonly logger: Logger
  /** `settings.current` is the configuration in force; read it per call, it changes with UPDATE_BROKER_CONFIG. */
  readonly settings: BrokerSettings
  /** `host:port` that clients are told. */
  readonly address: string
  /** The same in the bytes a record carries: 4 or 16 address bytes, then the port as int32. */
  readonly storeHost: Uint8Array
  readonly store: MessageStore
  /** Who may do what. */
  readonly access: BrokerAccess
  readonly topics: TopicTable
  readonly groups: SubscriptionGroupTable
  readonly consumerOffsets: ConsumerOffsetTable
  readonly clients: ClientRegistry
  readonly queueLocks: QueueLocks
  readonly longPolling: LongPolling
  readonly delays: DelaySchedule
  readonly registration: NamesrvRegistration
  readonly stats: BrokerStats
  /** Requests from this broker to other servers. */
  readonly outside: RemotingClient
}
