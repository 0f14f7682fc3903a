// SPDX-License-Identifier: Apache-2.0
// Finds the instance a new producer or consumer joins, so that one process holds one set of connections.
import type { Runtime } from '@rocketmq-ts/runtime'
import { DEFAULT_INSTANCE, ownInstanceName } from './client-id.ts'
import type { ClientConfig } from './config.ts'
import { ClientInstance } from './instance.ts'
import { invalid } from './settings.ts'

interface Registered {
  readonly key: string
  readonly instance: ClientInstance
}

// By runtime, so that two simulated processes in one real one stay apart.
const registered = new WeakMap<Runtime, Registered[]>()

/**
 * The open instance for these settings, or a new one. Settings that only tune (intervals, timeouts, logger)
 * are those of the member that came first. Source: MQClientManager; unlike Java, other name servers or
 * credentials never share, and DEFAULT is one name for the process instead of one for each member.
 * @throws RMQ_INVALID_ARGUMENT when a named instance already has a consumer of `consumerGroup`
 */
export function joinInstance(config: ClientConfig, consumerGroup?: string): ClientInstance {
  const key = sharingKey(config)
  const all = (registered.get(config.runtime) ?? []).filter(({ instance }) => !instance.closed)
  registered.set(config.runtime, all)

  const candidates = all.filter((one) => one.key === key).map((one) => one.instance)
  const free = candidates.find(
    (instance) => consumerGroup === undefined || !instance.hasConsumer(consumerGroup),
  )
  if (free !== undefined) return free

  const isDefault = config.instanceName === DEFAULT_INSTANCE
  if (candidates.length > 0 && !isDefault) {
    throw invalid(
      `instance ${config.instanceName} already has a consumer of group ${consumerGroup}: a group has one consumer per client id, choose another instanceName`,
    )
  }
  const name = isDefault ? ownInstanceName(config.runtime, candidates.length) : config.instanceName
  const instance = new ClientInstance(config, name)
  all.push({ key, instance })
  return instance
}

function sharingKey(config: ClientConfig): string {
  return JSON.stringify([
    [...config.nameServers].sort(),
    config.clientIp,
    config.instanceName,
    config.unitName,
    config.credentials,
    config.serializeType,
    config.nameServerSource,
    config.network.tls,
    config.network.socksProxyConfig,
  ])
}
