// SPDX-License-Identifier: Apache-2.0
// Puts a name server together: starts it, and stops it.
import {
  RemotingServer,
  serializeTypeName,
  type Connection,
  type Gate,
  type SerializeType,
  type TlsSettings,
} from '@rocketmq-ts/remoting'
import type { TopicRouteData } from '@rocketmq-ts/remoting/bodies'
import { silentLogger, type Logger, type Runtime } from '@rocketmq-ts/runtime'
import { keysWithoutEffect, type NameServerConfig } from './config.ts'
import { NameServerSettings } from './config/settings.ts'
import { isTooEarly, type NameServerContext } from './context.ts'
import { createHandlers } from './handlers/index.ts'
import { KvConfig, ORDER_TOPIC_CONFIG } from './kv-config.ts'
import { Liveness } from './liveness.ts'
import { MinIdNotice } from './min-id-notice.ts'
import { orderedRoute } from './ordered-route.ts'
import { RouteBytes } from './route-bytes.ts'
import { RouteTable } from './route-table.ts'

export interface NameServerOptions {
  readonly runtime: Pick<Runtime, 'clock' | 'timers' | 'turn' | 'files' | 'host' | 'network'>
  readonly config: NameServerConfig
  /** The file the configuration came from: settings changed while running are kept there. */
  readonly configPath?: string
  /** Silent unless given. */
  readonly logger?: Logger
  /** Looks at every request first; see createAuthenticationGate of @rocketmq-ts/acl. */
  readonly gate?: Gate
  /** TLS on its port; none unless given. */
  readonly tls?: TlsSettings
  /** Header encoding of its own requests to brokers; `json` unless told. */
  readonly serializeType?: SerializeType
}

/** A running name server. */
export class NameServer {
  /** The port it listens on. */
  readonly port: number
  readonly #server: RemotingServer
  readonly #liveness: Liveness
  readonly #context: NameServerContext

  private constructor(
    port: number,
    server: RemotingServer,
    liveness: Liveness,
    context: NameServerContext,
  ) {
    this.port = port
    this.#server = server
    this.#liveness = liveness
    this.#context = context
  }

  /** Resolves once requests are accepted. Rejects when the address cannot be bound. */
  static async start(options: NameServerOptions): Promise<NameServer> {
    const { config, gate, logger = silentLogger, runtime, serializeType = 'json' } = options
    const { clock, files, host, timers } = runtime
    for (const { key, reason } of keysWithoutEffect(config)) {
      logger.warn({ key, reason }, 'a setting has no effect here')
    }
    const settings = new NameServerSettings({
      config,
      files,
      host,
      logger,
      ...(options.configPath === undefined ? {} : { path: options.configPath }),
    })
    const routes = new RouteTable<Connection>({
      onRouteChanged: (topic) => routeBytes.changed(topic),
      get supportActingMaster() {
        return settings.current.supportActingMaster
      },
      get deleteTopicWithBrokerRegistration() {
        return settings.current.deleteTopicWithBrokerRegistration
      },
    })
    const kvConfig = KvConfig.open(files, settings.kvConfigPath, (namespace, key) => {
      if (namespace === ORDER_TOPIC_CONFIG) routeBytes.changed(key)
    })
    const routeOf = (topic: string): TopicRouteData | undefined =>
      orderedRoute({ kvConfig, routes, settings }, topic)
    const routeBytes = new RouteBytes(routeOf)
    const minIdNotice = new MinIdNotice({
      runtime,
      logger,
      serializeType,
      isWanted: () => settings.current.notifyMinBrokerIdChanged,
      ...(options.tls?.clientEnabled === true ? { tls: options.tls } : {}),
    })
    const context: NameServerContext = {
      settings,
      clock,
      logger,
      routes,
      routeOf,
      routeBytes,
      kvConfig,
      minIdNotice,
      startedAtMs: clock.monotonicMs(),
    }
    const liveness = new Liveness({
      routes,
      clock,
      timers,
      logger,
      scanIntervalMs: config.scanNotActiveBrokerIntervalMs,
      onMinIdChange: (change) => minIdNotice.send(change),
    })
    const server = new RemotingServer({
      runtime,
      handlers: createHandlers(context),
      logger,
      ...(gate === undefined ? {} : { gate }),
      ...(options.tls === undefined ? {} : { tls: options.tls }),
      idleTimeoutMs: config.serverChannelMaxIdleTimeSeconds * 1000,
      ...(config.gracefulShutdownMs === undefined
        ? {}
        : { gracefulShutdownMs: config.gracefulShutdownMs }),
      onClose: (connection) => liveness.connectionClosed(connection),
    })
    try {
      const { port } = await server.listen({ host: config.bindAddress, port: config.listenPort })
      settings.listensOn(port)
      logger.info(
        { host: config.bindAddress, port, kvConfigPath: settings.kvConfigPath },
        `The Name Server boot success. serializeType=${serializeTypeName(serializeType)}, address ${config.bindAddress}:${port}`,
      )
      return new NameServer(port, server, liveness, context)
    } catch (error) {
      liveness.close()
      await minIdNotice.close()
      throw error
    }
  }

  /** Stops listening, answers what is under way, closes all connections. */
  async close(): Promise<void> {
    this.#liveness.close()
    await this.#server.close()
    await this.#context.minIdNotice.close()
  }

  /** Why routes are not answered yet, for whoever watches over the process; undefined when they are. */
  get unready(): string | undefined {
    return isTooEarly(this.#context) ? 'waiting for brokers to register' : undefined
  }

  /** Connections open now. */
  get connectionCount(): number {
    return this.#server.connectionCount
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }
}
