// SPDX-License-Identifier: Apache-2.0
// The parts of a name server that its handlers work on.
import type { Connection } from '@rocketmq-ts/remoting'
import type { TopicRouteData } from '@rocketmq-ts/remoting/bodies'
import type { Clock, Logger } from '@rocketmq-ts/runtime'
import type { NameServerSettings } from './config/settings.ts'
import type { KvConfig } from './kv-config.ts'
import type { MinIdNotice } from './min-id-notice.ts'
import type { RouteBytes } from './route-bytes.ts'
import type { RouteTable } from './route-table.ts'

export interface NameServerContext {
  readonly settings: NameServerSettings
  readonly clock: Clock
  readonly logger: Logger
  readonly routes: RouteTable<Connection>
  /** The route of a topic with its order of queues, as a client is told. */
  readonly routeOf: (topic: string) => TopicRouteData | undefined
  readonly routeBytes: RouteBytes
  readonly kvConfig: KvConfig
  readonly minIdNotice: MinIdNotice
  /** Monotonic time of the start. */
  readonly startedAtMs: number
}

/** Right after the start the brokers have not registered yet, and a client would take topics for missing. */
export function isTooEarly({ clock, settings, startedAtMs }: NameServerContext): boolean {
  const { needWaitForService, waitSecondsForService } = settings.current
  if (!needWaitForService) return false
  return clock.monotonicMs() - startedAtMs < waitSecondsForService * 1000
}
