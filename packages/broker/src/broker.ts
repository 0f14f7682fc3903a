// SPDX-License-Identifier: Apache-2.0
// Puts a broker together: starts it, and stops it without losing what was acknowledged.
import {
  RemotingServer,
  type Gate,
  type SerializeType,
  type TlsSettings,
} from '@rocketmq-ts/remoting'
import { silentLogger, type Cancel, type Logger, type Runtime } from '@rocketmq-ts/runtime'
import type { StoreStatus } from '@rocketmq-ts/store'
import { chained, openBrokerAccess } from './auth/broker-access.ts'
import { PLAIN_ACL_WATCH_MS } from './auth/plain-acl-files.ts'
import { plainAdminHandlers } from './auth/plain-admin.ts'
import { SAMPLE_PERIOD_MS } from './broker-stats.ts'
import { keysWithoutEffect, type BrokerConfig } from './config.ts'
import { serverNetworkOptions } from './config/network-options.ts'
import { BrokerSettings } from './config/settings.ts'
import type { BrokerContext } from './context.ts'
import { createContext } from './create-context.ts'
import { FAST_PORT_DISTANCE, fastPortHandlers } from './fast-port.ts'
import { createHandlers } from './handlers/index.ts'
import { openStore } from './open-store.ts'
import { OwnAddress } from './own-address.ts'
import { isCompacted } from './topic-attributes.ts'
import { TopicTable } from './topic-table.ts'

/** What a broker is made of. */
export interface BrokerOptions {
  readonly runtime: Runtime
  readonly config: BrokerConfig
  /** Silent unless given. */
  readonly logger?: Logger
  /** Looks at every request before the access control that the configuration asks for. */
  readonly gate?: Gate
  /** TLS on its ports, and towards the name servers when they ask for it; none unless given. */
  readonly tls?: TlsSettings
  /** Header encoding of its own requests, to name servers and to clients; `json` unless told. */
  readonly serializeType?: SerializeType
  /** The broker.conf that changed settings are kept in; without it they last until the stop. */
  readonly configPath?: string
}

const CLIENT_EXPIRY_PERIOD_MS = 10_000
const LONG_POLLING_PERIOD_MS = 1_000

/** A running broker. */
export class Broker {
  /** The port it listens on. */
  readonly port: number
  readonly #context: BrokerContext
  readonly #server: RemotingServer
  readonly #cancels: readonly Cancel[]
  #closing: Promise<void> | undefined

  private constructor(port: number, context: BrokerContext, server: RemotingServer) {
    this.port = port
    this.#context = context
    this.#server = server
    this.#cancels = startTimers(context)
  }

  /** `host:port` that clients are told. */
  get address(): string {
    return this.#context.address
  }

  /** The name it registers under. */
  get name(): string {
    return this.#context.settings.current.brokerName
  }

  /** Figures of its store. */
  get storeStatus(): StoreStatus {
    return this.#context.store.status()
  }

  /**
   * Recovers the store, listens, and registers; resolves when each name server has answered or failed.
   * Rejects with a StoreError when the store directory cannot be used, and when a port cannot be bound.
   */
  static async start(options: BrokerOptions): Promise<Broker> {
    const { runtime, logger = silentLogger, serializeType = 'json' } = options
    const settings = openSettings(options, logger)
    const address = new OwnAddress(settings.current.ip, settings.current.listenPort)
    // Before the store, which lays its queues out by the attributes of their topics.
    const path = `${settings.current.storeDirectory}/config/topics.json`
    const topics = new TopicTable({ runtime, logger, settings, path })
    const access = openBrokerAccess({ runtime, logger, config: settings.current })
    const store = await openStore(settings.current, {
      runtime,
      logger,
      current: () => settings.current,
      queueTypeOf: (topic) =>
        topics.get(topic)?.attributes.get('queue.type') === 'BatchCQ' ? 'BatchCQ' : 'SimpleCQ',
      isCompacted: (topic) => isCompacted(topics.get(topic)?.attributes),
    })
    try {
      const parts = {
        runtime,
        logger,
        settings,
        store,
        topics,
        address,
        tls: options.tls,
        access,
        serializeType,
      }
      const context = createContext(parts)
      return await listen(context, address, options).then(async ({ port, server }) => {
        const broker = new Broker(port, context, server)
        await context.registration.start()
        return broker
      })
    } catch (error) {
      await store.close()
      throw error
    }
  }

  /** Withdraws from the name servers, refuses new messages, answers for those it took, and writes its tables. */
  close(): Promise<void> {
    this.#closing ??= this.#close()
    return this.#closing
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }

  async #close(): Promise<void> {
    const { registration, delays, longPolling, store, consumerOffsets, outside } = this.#context
    await registration.stop()
    // As long as clients are asked to go elsewhere, those who do not understand that are served.
    await this.#server.leave()
    for (const cancel of this.#cancels) cancel()
    delays.stop()
    longPolling.releaseAll()
    // Closing the store refuses what comes now and releases the answers that wait for the disk; the server then sends them.
    await store.close()
    await this.#server.close()
    consumerOffsets.persist()
    await outside.close()
  }
}

function openSettings(options: BrokerOptions, logger: Logger): BrokerSettings {
  const { config, runtime, configPath } = options
  for (const key of keysWithoutEffect(config.given)) {
    logger.warn(
      { key, value: config.given.get(key) },
      'a setting is accepted but has no effect yet',
    )
  }
  return new BrokerSettings({
    config,
    host: runtime.host,
    files: runtime.files,
    logger,
    nowMs: () => runtime.clock.nowMs(),
    ...(configPath === undefined ? {} : { path: configPath }),
  })
}

/** Opens the main port and, two below it, the fast one. */
async function listen(
  context: BrokerContext,
  address: OwnAddress,
  { gate, tls, serializeType = 'json' }: BrokerOptions,
): Promise<{ readonly port: number; readonly server: RemotingServer }> {
  const { runtime, logger, settings, clients, store, longPolling } = context
  const { bindAddress, listenPort } = settings.current
  const handlers = [...createHandlers(context), ...plainAdminHandlers(context)]
  const { newcomers } = context.access
  const firstGate = newcomers.around(chained([gate, context.access.gate]))
  const server = new RemotingServer({
    runtime,
    handlers,
    logger,
    ...(firstGate === undefined ? {} : { gate: firstGate }),
    serializeType,
    ...serverNetworkOptions(settings.current, tls),
    onConnect: (connection) => newcomers.connected(connection),
    onClose: (connection) => clients.connectionClosed(connection),
  })
  store.onArrival((topic, queueId, queueOffset, tagsCode) =>
    longPolling.arrived(topic, queueId, queueOffset, tagsCode),
  )
  try {
    const { port } = await server.listen({ host: bindAddress, port: listenPort })
    address.listensOn(port)
    // With a port of its own choosing a broker serves tests; nobody could guess its fast port.
    if (listenPort > FAST_PORT_DISTANCE) {
      await server.listen({
        host: bindAddress,
        port: listenPort - FAST_PORT_DISTANCE,
        handlers: fastPortHandlers(handlers),
      })
    }
    return { port, server }
  } catch (error) {
    await server.close()
    throw error
  }
}

function startTimers(context: BrokerContext): readonly Cancel[] {
  const { access, runtime, settings, clients, consumerOffsets, delays, longPolling, stats } =
    context
  const { timers } = runtime
  delays.start()
  return [
    timers.every(settings.current.offsetPersistIntervalMs, () => consumerOffsets.persistSoon()),
    timers.every(CLIENT_EXPIRY_PERIOD_MS, () => clients.expire()),
    timers.every(LONG_POLLING_PERIOD_MS, () => longPolling.tick()),
    timers.every(SAMPLE_PERIOD_MS, () => stats.sample()),
    timers.every(PLAIN_ACL_WATCH_MS, () => access.plain?.reload()),
  ]
}
