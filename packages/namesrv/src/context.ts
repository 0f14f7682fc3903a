// SPDX-License-Identifier: Apache-2.0
// The parts of a name server that its handlers work on.
import type { Connection } from '@rocketmq-ts/remoting'
import type { Clock, Logger } from '@rocketmq-ts/runtime'
import type { NameServerConfig } from './config.ts'
import type { KvConfig } from './kv-config.ts'
import type { RouteTable } from './route-table.ts'

export interface NameServerContext {
  readonly config: NameServerConfig
  readonly clock: Clock
  readonly logger: Logger
  readonly routes: RouteTable<Connection>
  readonly kvConfig: KvConfig
  /** Monotonic time of the start. */
  readonly startedAtMs: number
}
