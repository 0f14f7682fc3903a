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
import { SERIALIZE_JSON } from '../protocol/serialize-type.ts'
import { ConnectionSet } from './connection-set.ts'
import type { Connection } from './connection.ts'
import { Dispatcher } from './dispatcher.ts'
import { afterFirstBytes } from './first-bytes.ts'
import type { Gate, Handler } from './handler.ts'
import { SocketConnection, type ConnectionSetup } from './socket-connection.ts'

/** What a server is made of. */
export interface ServerOptions {
  readonly runtime: Pick<Runtime, 'clock' | 'timers' | 'turn' | 'network'>
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
  #closed = false

  constructor(options: ServerOptions) {
    this.#options = options
    this.#logger = options.logger ?? silentLogger
    this.#connections = new ConnectionSet(options.runtime.clock, options.runtime.timers)
    this.#dispatcher = new Dispatcher(options.handlers, options.gate, this.#logger)
  }

  /** Connections open now. */
  get connectionCount(): number {
    return this.#connections.size
  }

  /** Starts listening; resolves with the port. Rejects when the address cannot be bound. */
  async listen(options: ServerListenOptions): Promise<{ readonly port: number }> {
    const { gate, runtime } = this.#options
    const setup = this.#setup(
      options.handlers === undefined
        ? this.#dispatcher
        : new Dispatcher(options.handlers, gate, this.#logger),
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
      serializeType: SERIALIZE_JSON,
      language: LanguageCode.JAVA,
      maxFrameBytes: maxFrameBytes ?? MAX_FRAME_BYTES,
      idleTimeoutMs: idleTimeoutMs ?? DEFAULT_IDLE_MS,
      maxInFlight: maxInFlightPerConnection ?? DEFAULT_MAX_IN_FLIGHT,
      sign: undefined,
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
    return afterFirstBytes(connection.events())
  }

  #tell(listener: ((connection: Connection) => void) | undefined, connection: Connection): void {
    try {
      listener?.(connection)
    } catch (error) {
      this.#logger.error({ err: error }, 'a connection listener failed')
    }
  }

  /** Stops listening, writes what waits to be written, closes all connections. */
  async close(): Promise<void> {
    this.#closed = true
    // Together: a listener may count as closed only once its connections are gone.
    await Promise.all([
      ...this.#listeners.splice(0).map((listener) => listener.close()),
      this.#connections.closeAll(),
    ])
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }
}
