// SPDX-License-Identifier: Apache-2.0
// Makes the parts of a broker and wires them together.
import {
  addressText,
  LanguageCode,
  RemotingClient,
  type SerializeType,
  type TlsSettings,
} from '@rocketmq-ts/remoting'
import type { Logger, Runtime } from '@rocketmq-ts/runtime'
import type { MessageStore } from '@rocketmq-ts/store'
import type { BrokerAccess } from './auth/broker-access.ts'
import { BrokerStats } from './broker-stats.ts'
import { ClientRegistry } from './client-registry.ts'
import { clientNetworkOptions } from './config/network-options.ts'
import type { BrokerSettings } from './config/settings.ts'
import { ConsumerOffsetTable } from './consumer-offset-table.ts'
import type { BrokerContext } from './context.ts'
import { DelaySchedule } from './delay-schedule.ts'
import { LongPolling } from './long-polling.ts'
import { NamesrvRegistration } from './namesrv-registration.ts'
import type { OwnAddress } from './own-address.ts'
import { QueueLocks } from './queue-lock.ts'
import { SubscriptionGroupTable } from './subscription-group-table.ts'
import type { TopicTable } from './topic-table.ts'

/** What there is before the parts. */
export interface ContextParts {
  readonly runtime: Runtime
  readonly logger: Logger
  readonly settings: BrokerSettings
  readonly store: MessageStore
  readonly topics: TopicTable
  readonly address: OwnAddress
  readonly tls: TlsSettings | undefined
  readonly access: BrokerAccess
  readonly serializeType: SerializeType
}

/** Reads the tables from `config/` below the store directory. */
export function createContext(parts: ContextParts): BrokerContext {
  const { runtime, logger, settings, store, topics, address } = parts
  const { storeDirectory, replicationIp, replicationPort } = settings.current
  const directory = `${storeDirectory}/config`
  runtime.files.makeDirectory(directory)
  runtime.files.flushDirectory(storeDirectory)
  const common = { runtime, logger, settings }
  const outside = new RemotingClient({
    runtime,
    logger,
    language: LanguageCode.JAVA,
    serializeType: parts.serializeType,
    ...clientNetworkOptions(settings.current, parts.tls),
    ...(parts.access.sign === undefined ? {} : { sign: parts.access.sign }),
  })
  const storeHost = address.bytes
  return {
    ...common,
    get address(): string {
      return address.text
    },
    storeHost,
    store,
    access: parts.access,
    topics,
    groups: new SubscriptionGroupTable({ ...common, path: `${directory}/subscriptionGroup.json` }),
    consumerOffsets: new ConsumerOffsetTable({
      ...common,
      path: `${directory}/consumerOffset.json`,
    }),
    clients: new ClientRegistry(common),
    queueLocks: new QueueLocks(runtime.clock),
    longPolling: new LongPolling(runtime.clock, (topic, queueId) =>
      store.maxOffset(topic, queueId),
    ),
    delays: new DelaySchedule({
      ...common,
      store,
      storeHost,
      path: `${directory}/delayOffset.json`,
    }),
    registration: new NamesrvRegistration({
      ...common,
      topics,
      outside,
      address,
      replicationAddress: addressText({ host: replicationIp, port: replicationPort }),
    }),
    stats: new BrokerStats(runtime.clock, (atMs) => runtime.host.utcOffsetMinutes(atMs)),
    outside,
  }
}
