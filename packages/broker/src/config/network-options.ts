// SPDX-License-Identifier: Apache-2.0
// From Java's keys about connections to the options of our server and of the client that talks to name servers.
import type { ClientOptions, ServerOptions, TlsSettings } from '@rocketmq-ts/remoting'
import { defaultOf } from '../config.ts'

/** Keys of NettyServerConfig and NettyClientConfig that a start follows, beyond the ports. */
export const networkKeys: ReadonlySet<string> = new Set([
  'serverOnewaySemaphoreValue',
  'serverAsyncSemaphoreValue',
  'enableShutdownGracefully',
  'shutdownWaitTimeSeconds',
  'clientOnewaySemaphoreValue',
  'clientAsyncSemaphoreValue',
  'connectTimeoutMillis',
  'clientChannelMaxIdleTimeSeconds',
  'socksProxyConfig',
  'enableReconnectForGoAway',
])

type Given = ReadonlyMap<string, string>

function textOf(given: Given, key: string): string {
  return given.get(key) ?? defaultOf(key) ?? ''
}

/** What the broker's ports are served with. */
export function serverNetworkOptions(
  given: Given,
  tls: TlsSettings | undefined,
): Partial<ServerOptions> {
  const isGraceful = textOf(given, 'enableShutdownGracefully').toLowerCase() === 'true'
  return {
    maxOneways: Number(textOf(given, 'serverOnewaySemaphoreValue')),
    maxRequests: Number(textOf(given, 'serverAsyncSemaphoreValue')),
    ...(isGraceful
      ? { gracefulShutdownMs: Number(textOf(given, 'shutdownWaitTimeSeconds')) * 1000 }
      : {}),
    ...(tls === undefined ? {} : { tls }),
  }
}

/** What the broker's own requests go out with. */
export function clientNetworkOptions(
  given: Given,
  tls: TlsSettings | undefined,
): Partial<ClientOptions> {
  return {
    maxOneways: Number(textOf(given, 'clientOnewaySemaphoreValue')),
    maxRequests: Number(textOf(given, 'clientAsyncSemaphoreValue')),
    connectTimeoutMs: Number(textOf(given, 'connectTimeoutMillis')),
    idleTimeoutMs: Number(textOf(given, 'clientChannelMaxIdleTimeSeconds')) * 1000,
    socksProxyConfig: textOf(given, 'socksProxyConfig'),
    reconnectForGoAway: textOf(given, 'enableReconnectForGoAway').toLowerCase() === 'true',
    ...(tls?.clientEnabled === true ? { tls } : {}),
  }
}
