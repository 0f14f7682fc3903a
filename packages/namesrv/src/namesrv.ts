// SPDX-License-Identifier: Apache-2.0
// Puts a name server together: starts it, and stops it.
import { RemotingServer, type Connection, type Gate } from '@rocketmq-ts/remoting'
import { silentLogger, type Logger, type Runtime } from '@rocketmq-ts/runtime'
import type { NameServerConfig } from './config.ts'
import { createHandlers } from './handlers/index.ts'
import { KvConfig } from './kv-config.ts'
import { Liveness } from './liveness.ts'
import { RouteTable } from './route-table.ts'

export interface NameServerOptions {
  readonly runtime: Pick<Runtime, 'clock' | 'timers' | 'turn' | 'files' | 'host' | 'network'>
  readonly config: NameServerConfig
  /** Silent unless given. */
  readonly logger?: Logger
  /** Looks at every request first; see createAuthenticationGate of @rocketmq-ts/acl. */
  readonly gate?: Gate
}

/** A running name server. */
export class NameServer {
  /** The port it listens on. */
  readonly port: number
  readonly #server: RemotingServer
  readonly #liveness: Liveness

  private constructor(port: number, server: RemotingServer, liveness: Liveness) {
    this.port = port
    this.#server = server
    this.#liveness = liveness
  }

  /** Resolves once requests are accepted. Rejects when the address cannot be bound. */
  static async start(options: NameServerOptions): Promise<NameServer> {
    const { config, gate, logger = silentLogger, runtime } = options
    const { clock, files, host, timers } = runtime
    const routes = new RouteTable<Connection>(config)
    const path = config.kvConfigPath ?? `${host.homeDirectory}/namesrv/kvConfig.json`
    const handlers = createHandlers({
      config,
      clock,
      logger,
      routes,
      kvConfig: KvConfig.open(files, path),
      startedAtMs: clock.monotonicMs(),
    })
    const scanIntervalMs = config.scanNotActiveBrokerIntervalMs
    const liveness = new Liveness({ routes, clock, timers, logger, scanIntervalMs })
    const server = new RemotingServer({
      runtime,
      handlers,
      logger,
      ...(gate === undefined ? {} : { gate }),
      idleTimeoutMs: config.serverChannelMaxIdleTimeSeconds * 1000,
      onClose: (connection) => liveness.connectionClosed(connection),
    })
    try {
      const { port } = await server.listen({ host: config.bindAddress, port: config.listenPort })
      logger.info({ host: config.bindAddress, port, kvConfigPath: path }, 'name server is up')
      return new NameServer(port, server, liveness)
    } catch (error) {
      liveness.close()
      throw error
    }
  }

  /** Stops listening, answers what is under way, closes all connections. */
  async close(): Promise<void> {
    this.#liveness.close()
    await this.#server.close()
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }
}
