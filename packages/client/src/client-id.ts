// SPDX-License-Identifier: Apache-2.0
// The name under which brokers know this process: ip@instance, with @unit when there is one.
import type { Runtime } from '@rocketmq-ts/runtime'

/** The instance name that stands for "give me one of my own". */
export const DEFAULT_INSTANCE = 'DEFAULT'

/** What a client id is made of. */
export interface ClientIdParts {
  readonly clientIp: string
  readonly instanceName: string
  readonly unitName?: string | undefined
}

/** `10.0.0.7@4711#81234567`. Source: ClientConfig.buildMQClientId. */
export function clientIdOf(parts: ClientIdParts): string {
  const unit = parts.unitName === undefined || parts.unitName === '' ? '' : `@${parts.unitName}`
  return `${parts.clientIp}@${parts.instanceName}${unit}`
}

/**
 * Process id and nanoseconds, what DEFAULT is replaced by. `taken` is how many such names this process has,
 * so that two made in one tick of the clock differ. Source: ClientConfig.changeInstanceNameToPID.
 */
export function ownInstanceName(runtime: Pick<Runtime, 'host' | 'clock'>, taken: number): string {
  return `${runtime.host.processId}#${Math.round(runtime.clock.monotonicMs() * 1e6) + taken}`
}

/** The address shown to brokers: the first IPv4 one that other hosts may reach, else loopback. */
export function localAddress(runtime: Pick<Runtime, 'host'>): string {
  const addresses = runtime.host.ipAddresses()
  return addresses.find((address) => !address.includes(':')) ?? addresses[0] ?? '127.0.0.1'
}
