// SPDX-License-Identifier: Apache-2.0
// From the settings about connections to the options of our server and of the client that talks to name servers.
import type { ClientOptions, ServerOptions, TlsSettings } from '@rocketmq-ts/remoting'
import type { BrokerConfig } from '../config.ts'

/** What the broker's ports are served with. */
export function serverNetworkOptions(
  config: BrokerConfig,
  tls: TlsSettings | undefined,
): Partial<ServerOptions> {
  return {
    maxOneways: config.serverMaxOneways,
    maxRequests: config.serverMaxRequests,
    idleTimeoutMs: config.idleTimeoutSeconds * 1000,
    ...(config.gracefulShutdown
      ? { gracefulShutdownMs: config.gracefulShutdownSeconds * 1000 }
      : {}),
    ...(tls === undefined ? {} : { tls }),
  }
}

/** What the broker's own requests go out with. */
export function clientNetworkOptions(
  config: BrokerConfig,
  tls: TlsSettings | undefined,
): Partial<ClientOptions> {
  return {
    maxOneways: config.clientMaxOneways,
    maxRequests: config.clientMaxRequests,
    connectTimeoutMs: config.connectTimeoutMs,
    idleTimeoutMs: config.clientIdleTimeoutSeconds * 1000,
    socksProxyConfig: config.socksProxyConfig,
    reconnectForGoAway: config.reconnectForGoAway,
    ...(tls?.clientEnabled === true ? { tls } : {}),
  }
}
