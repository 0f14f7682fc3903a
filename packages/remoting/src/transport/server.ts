// SPDX-License-Identifier: Apache-2.0
// Listens on one or more ports and dispatches requests to handlers by code.
import {
  silentLogger,
  type Listener,
  type Logger,
  type Runtime,
  type Socket,
  type SocketEvents,
} from '@rocketmq-ts/runtime'
import { CommandScan } from '../protocol/command-scan.ts'
import { MAX_FRAME_BYTES } from '../protocol/frame.ts'
import { LanguageCode } from '../protocol/language-code.ts'
import { SegmentPool } from '../protocol/segment-pool.ts'
import { serializeTypeNumber } from '../protocol/encode-command.ts'
import type { SerializeType } from '../protocol/serialize-type.ts'
import { ConnectionSet } from './connection-set.ts'
import type { Connection } from './connection.ts'
import { Dispatcher } from './dispatcher.ts'
import { FirstBytes, type FirstBytesSetup } from './first-bytes.ts'
import type { Gate, Handler } from './handler.ts'
import { Permits } from './permits.ts'
import type { ServerHook } from './rpc-hook.ts'
import { RpcLatency, type RpcLatencyFigure } from './rpc-latency.ts'
import { SocketConnection, type ConnectionSetup } from './socket-connection.ts'
import { TlsKeys } from './tls-keys.ts'
import type { TlsSettings } from './tls-settings.ts'

/** What a server is made of. */
export interface ServerOptions {
  /** `files` only with TLS keys from files. */
  readonly runtime: Pick<Runtime, 'clock' | 'timers' | 'turn' | 'network'> &
    Partial<Pick<Runtime, 'files'>>
  readonly handlers: readonly Handler[]
  readonly logger?: Logger
  /** Looks at each request before its header is decoded; may refuse it. */
  readonly gate?: Gate
  /** 16 MiB unless told, the four length bytes included. */
  readonly maxFrameBytes?: number
  /** A connection that neither reads nor writes for this long is closed; 120,000 unless told. */
  readonly idleTimeoutMs?: number
  /** Requests of one connection that may wait for their answer before more are refused with SYSTEM_BUSY; 65,536 unless told. */
  readonly maxInFlightPerConnection?: number
  /** Requests to clients that may wait for their answer, all connections together; 64 unless told. Java: serverAsyncSemaphoreValue. */
  readonly maxRequests?: number
  /** Oneway requests to clients that the kernel has not taken yet; 256 unless told, more wait their turn. Java: serverOnewaySemaphoreValue. */
  readonly maxOneways?: number
  /** Header encoding of requests to clients; `json` unless told. Answers have that of the request. */
  readonly serializeType?: SerializeType
  /** TLS on every port of this server; absent: connections that begin a handshake are closed. See {@link parseTlsSettings}. */
  readonly tls?: TlsSettings
  /** Around every request, after the gate. */
  readonly hooks?: readonly ServerHook[]
  /** When set, {@link RemotingServer.close} first answers GO_AWAY for this long to clients that know it. Java: enableShutdownGracefully, shutdownWaitTimeSeconds. */
  readonly gracefulShutdownMs?: number
  readonly onConnect?: (connection: Connection) => void
  readonly onClose?: (connection: Connection) => void
}

/** Where to listen. */
export interface ServerListenOptions {
  readonly host?: string
  /** 0 takes a free port. */
  readonly port: number
  /** Serves this port with other handlers than the server's own. */
  readonly handlers?: readonly Handler[]
}

const DEFAULT_IDLE_MS = 120_000
const DEFAULT_MAX_IN_FLIGHT = 65_536
const DEFAULT_MAX_REQUESTS = 64
const DEFAULT_MAX_ONEWAYS = 256
/** How long a close waits for handlers that are at work. */
const FINISH_MS = 3000
const BACKLOG = 1024

/** A server; it answers in the encoding of each request, as language JAVA, which every client knows. */
export class RemotingServer {
  readonly #options: ServerOptions
  readonly #logger: Logger
  readonly #connections: ConnectionSet
  readonly #pool = new SegmentPool()
  /** One for all connections: a frame is handled before the next is looked at. */
  readonly #scan = new CommandScan()
  readonly #listeners: Listener[] = []
  readonly #dispatcher: Dispatcher
  readonly #dispatchers: Dispatcher[] = []
  readonly #latency: RpcLatency
  readonly #tlsKeys: TlsKeys | undefined
  readonly #firstBytes: FirstBytesSetup
  readonly #requestPermits: Permits
  readonly #onewayPermits: Permits
  #closed = false
  #leaving: Promise<void> | undefined
  #closing: Promise<void> | undefined

  /** @throws {RMQ_INVALID_ARGUMENT} when the TLS keys cannot be used. */
  constructor(options: ServerOptions) {
    const { runtime, tls } = options
    this.#options = options
    this.#logger = options.logger ?? silentLogger
    this.#connections = new ConnectionSet(runtime.clock, runtime.timers)
    this.#latency = new RpcLatency(runtime.clock, runtime.turn)
    this.#requestPermits = new Permits(options.maxRequests ?? DEFAULT_MAX_REQUESTS)
    this.#onewayPermits = new Permits(options.maxOneways ?? DEFAULT_MAX_ONEWAYS)
    this.#dispatcher = this.#newDispatcher(options.handlers)
    const keys =
      tls === undefined || tls.mode === 'disabled'
        ? undefined
        : new TlsKeys('server', tls, runtime, this.#logger)
    this.#tlsKeys = keys
    this.#firstBytes = {
      mode: tls === undefined || keys === undefined ? 'disabled' : tls.mode,
      tlsContext: () => {
        if (keys === undefined) throw new Error('there are no TLS keys')
        return keys.context()
      },
      logger: this.#logger,
    }
  }

  #newDispatcher(handlers: readonly Handler[]): Dispatcher {
    const { gate, hooks = [] } = this.#options
    const dispatcher = new Dispatcher(handlers, { gate, hooks, logger: this.#logger })
    this.#dispatchers.push(dispatcher)
    return dispatcher
  }

  /** How long requests took so far, by request code and answer: Java's rocketmq_rpc_latency as plain numbers. */
  rpcLatency(): readonly RpcLatencyFigure[] {
    return this.#latency.figures()
  }

  /** Connections open now. */
  get connectionCount(): number {
    return this.#connections.size
  }

  /** Starts listening; resolves with the port. Rejects when the address cannot be bound. */
  async listen(options: ServerListenOptions): Promise<{ readonly port: number }> {
    const { runtime } = this.#options
    const setup = this.#setup(
      options.handlers === undefined ? this.#dispatcher : this.#newDispatcher(options.handlers),
    )
    const listener = await runtime.network.listen(
      {
        port: options.port,
        backlog: BACKLOG,
        ...(options.host === undefined ? {} : { host: options.host }),
      },
      (socket) => this.#accept(setup, socket),
    )
    if (this.#closed) await listener.close()
    else this.#listeners.push(listener)
    return { port: listener.address.port }
  }

  #setup(dispatcher: Dispatcher): ConnectionSetup {
    const { runtime, maxFrameBytes, idleTimeoutMs, maxInFlightPerConnection } = this.#options
    return {
      side: 'server',
      clock: runtime.clock,
      turn: runtime.turn,
      logger: this.#logger,
      pool: this.#pool,
      scan: this.#scan,
      dispatcher,
      serializeType: serializeTypeNumber(this.#options.serializeType ?? 'json'),
      language: LanguageCode.JAVA,
      maxFrameBytes: maxFrameBytes ?? MAX_FRAME_BYTES,
      idleTimeoutMs: idleTimeoutMs ?? DEFAULT_IDLE_MS,
      maxInFlight: maxInFlightPerConnection ?? DEFAULT_MAX_IN_FLIGHT,
      requestPermits: this.#requestPermits,
      onewayPermits: this.#onewayPermits,
      latency: this.#latency,
      sign: undefined,
      hooks: [],
      onGoAway: undefined,
      onClosing: () => undefined,
      onClosed: (connection) => {
        this.#connections.delete(connection)
        this.#tell(this.#options.onClose, connection)
      },
    }
  }

  #accept(setup: ConnectionSetup, socket: Socket): SocketEvents {
    const connection = new SocketConnection(setup, socket)
    this.#connections.add(connection)
    if (this.#closed) connection.destroy()
    else this.#tell(this.#options.onConnect, connection)
    return new FirstBytes(this.#firstBytes, socket, connection)
  }

  #tell(listener: ((connection: Connection) => void) | undefined, connection: Connection): void {
    try {
      listener?.(connection)
    } catch (error) {
      this.#logger.error({ err: error }, 'a connection listener failed')
    }
  }

  /**
   * Stops listening, answers what was taken, closes all connections. Handlers get three seconds to finish; what they answer later is lost.
   * With `gracefulShutdownMs` it goes on serving before, while clients that know GO_AWAY are sent elsewhere.
   */
  close(): Promise<void> {
    this.#closing ??= this.#close()
    return this.#closing
  }

  /**
   * The first part of {@link RemotingServer.close}, for those who close something else in between: sends clients elsewhere
   * for `gracefulShutdownMs` while everything is served on. Resolves at once when that is not set.
   */
  leave(): Promise<void> {
    this.#leaving ??= this.#leave()
    return this.#leaving
  }

  #leave(): Promise<void> {
    const { gracefulShutdownMs = 0 } = this.#options
    if (gracefulShutdownMs === 0) return Promise.resolve()
    for (const dispatcher of this.#dispatchers) dispatcher.leave()
    return this.#connections.whenEmpty(gracefulShutdownMs)
  }

  async #close(): Promise<void> {
    // Without it the close takes effect within the call.
    if (this.#options.gracefulShutdownMs !== undefined) await this.leave()
    this.#closed = true
    this.#tlsKeys?.close()
    // Together: a listener may count as closed only once its connections are gone.
    await Promise.all([
      ...this.#listeners.splice(0).map((listener) => listener.close()),
      this.#connections.closeAll(FINISH_MS),
      this.#handlersFinished(),
    ])
  }

  /** Oneway requests are nobody's answer to wait for, but their handlers may still be at work. */
  #handlersFinished(): Promise<void> {
    const { timers } = this.#options.runtime
    return new Promise((resolve) => {
      let left = this.#dispatchers.length
      const cancel = timers.after(FINISH_MS, resolve)
      for (const dispatcher of this.#dispatchers) {
        dispatcher.whenIdle(() => {
          left--
          if (left > 0) return
          cancel()
          resolve()
        })
      }
    })
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }
}
