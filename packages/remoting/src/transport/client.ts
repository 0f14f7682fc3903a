// SPDX-License-Identifier: Apache-2.0
// One connection per address, made at the first use and made anew when it was lost.
import { silentLogger, type Logger, type Runtime } from '@rocketmq-ts/runtime'
import { RocketMQError } from '../errors.ts'
import { CommandScan } from '../protocol/command-scan.ts'
import { serializeTypeNumber } from '../protocol/encode-command.ts'
import { MAX_FRAME_BYTES } from '../protocol/frame.ts'
import { LanguageCode } from '../protocol/language-code.ts'
import type { RequestType } from '../protocol/schema.ts'
import { SegmentPool } from '../protocol/segment-pool.ts'
import type { SerializeType } from '../protocol/serialize-type.ts'
import { parseAddress } from './address.ts'
import { ConnectionSet } from './connection-set.ts'
import type { Connection, OnewayOptions, RequestOptions, Response } from './connection.ts'
import { Dispatcher } from './dispatcher.ts'
import type { Handler } from './handler.ts'
import { abortedError } from './response-table.ts'
import { SocketConnection, type ConnectionSetup, type Sign } from './socket-connection.ts'

/** What a client is made of. */
export interface ClientOptions {
  readonly runtime: Pick<Runtime, 'clock' | 'timers' | 'turn' | 'network'>
  readonly logger?: Logger
  /** Serve the requests servers send to this client. */
  readonly handlers?: readonly Handler[]
  /** 3,000 unless told. */
  readonly connectTimeoutMs?: number
  /** Header encoding of requests; `json` unless told. */
  readonly serializeType?: SerializeType
  /** What the client says it is written in; NODE_JS unless told. */
  readonly language?: number
  /** Extra ext fields for each request, computed from all others and the body. */
  readonly sign?: Sign
  readonly onConnect?: (address: string, connection: Connection) => void
  readonly onClose?: (address: string, connection: Connection) => void
  /** Requests of one connection that may wait for their answer; 65,535 unless told. */
  readonly maxInFlightPerConnection?: number
  /** A connection that neither reads nor writes for this long is closed; 120,000 unless told. */
  readonly idleTimeoutMs?: number
  readonly maxFrameBytes?: number
}

const DEFAULT_CONNECT_TIMEOUT_MS = 3000
const DEFAULT_TIMEOUT_MS = 3000
const DEFAULT_IDLE_MS = 120_000
const DEFAULT_MAX_IN_FLIGHT = 65_535

/** Requests to any number of servers. */
export class RemotingClient {
  readonly #options: ClientOptions
  readonly #logger: Logger
  readonly #connections: ConnectionSet
  readonly #pool = new SegmentPool()
  readonly #scan = new CommandScan()
  readonly #dispatcher: Dispatcher
  readonly #open = new Map<string, SocketConnection>()
  readonly #connecting = new Map<string, Promise<SocketConnection>>()
  readonly #stop = new AbortController()

  constructor(options: ClientOptions) {
    this.#options = options
    this.#logger = options.logger ?? silentLogger
    this.#connections = new ConnectionSet(options.runtime.clock, options.runtime.timers)
    this.#dispatcher = new Dispatcher(options.handlers ?? [], undefined, this.#logger)
  }

  /** Whether a connection to the address is open now. */
  connected(address: string): boolean {
    return this.#open.has(address)
  }

  /**
   * The open connection to `host:port`, made when there is none. Callers at the same time share one attempt; one caller's signal ends only its own waiting.
   * @throws {RMQ_CONNECT_FAILED} {RMQ_ABORTED} {RMQ_CLOSED} {RMQ_INVALID_ARGUMENT}
   */
  connection(address: string, signal?: AbortSignal): Promise<Connection> {
    return this.#connect(address, signal)
  }

  /**
   * Sends a request to `host:port`; resolves with the answer, whatever its code. The time allowed includes connecting.
   * @throws {RMQ_CONNECT_FAILED} and what {@link Connection.request} throws
   */
  request<Req, Res>(
    address: string,
    type: RequestType<Req, Res>,
    header: Req,
    options?: RequestOptions,
  ): Promise<Response<Res>> {
    const open = this.#open.get(address)
    return open === undefined
      ? this.#connectAndRequest(address, type, header, options ?? {})
      : open.request(type, header, options)
  }

  /** Sends a request nobody answers; resolves once it is on its way into the socket. */
  async oneway<Req, Res>(
    address: string,
    type: RequestType<Req, Res>,
    header: Req,
    options?: OnewayOptions,
  ): Promise<void> {
    const connection = this.#open.get(address) ?? (await this.#connect(address, undefined))
    connection.oneway(type, header, options)
  }

  async #connectAndRequest<Req, Res>(
    address: string,
    type: RequestType<Req, Res>,
    header: Req,
    options: RequestOptions,
  ): Promise<Response<Res>> {
    const { clock } = this.#options.runtime
    const timeoutMs = options.timeoutMs ?? DEFAULT_TIMEOUT_MS
    const startMs = clock.monotonicMs()
    const connection = await this.#inTime(
      this.#connect(address, options.signal),
      timeoutMs,
      () =>
        new RocketMQError(
          'RMQ_TIMEOUT',
          `no connection to ${address} for ${type.name} within ${timeoutMs} ms`,
          { address },
        ),
    )
    const leftMs = timeoutMs - (clock.monotonicMs() - startMs)
    return connection.request(type, header, { ...options, timeoutMs: Math.max(leftMs, 0) })
  }

  #inTime<T>(promise: Promise<T>, timeoutMs: number, error: () => Error): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      const cancel = this.#options.runtime.timers.after(timeoutMs, () => reject(error()))
      promise.then(resolve, reject).finally(cancel)
    })
  }

  #connect(address: string, signal: AbortSignal | undefined): Promise<SocketConnection> {
    const open = this.#open.get(address)
    if (open !== undefined) return Promise.resolve(open)
    if (signal?.aborted === true) {
      return Promise.reject(abortedError('connecting', address, signal))
    }
    let attempt = this.#connecting.get(address)
    if (attempt === undefined) {
      attempt = this.#attempt(address).finally(() => this.#connecting.delete(address))
      this.#connecting.set(address, attempt)
    }
    return signal === undefined ? attempt : untilAborted(attempt, address, signal)
  }

  async #attempt(address: string): Promise<SocketConnection> {
    const { runtime, connectTimeoutMs, onConnect } = this.#options
    this.#assertOpen(address)
    const { host, port } = parseAddress(address)
    let connection: SocketConnection | undefined
    try {
      await runtime.network.connect(
        {
          host,
          port,
          timeoutMs: connectTimeoutMs ?? DEFAULT_CONNECT_TIMEOUT_MS,
          signal: this.#stop.signal,
        },
        (socket) => {
          connection = new SocketConnection(this.#setup(address), socket)
          this.#connections.add(connection)
          return connection.events()
        },
      )
    } catch (cause) {
      this.#assertOpen(address)
      throw new RocketMQError('RMQ_CONNECT_FAILED', `cannot connect to ${address}`, {
        address,
        cause,
      })
    }
    if (connection === undefined || connection.closed || this.#stop.signal.aborted) {
      connection?.destroy()
      this.#assertOpen(address)
      throw new RocketMQError('RMQ_CONNECT_FAILED', `${address} closed the connection at once`, {
        address,
      })
    }
    this.#open.set(address, connection)
    this.#tell(onConnect, address, connection)
    return connection
  }

  #setup(address: string): ConnectionSetup {
    const { runtime, serializeType, language, maxFrameBytes, idleTimeoutMs, sign } = this.#options
    return {
      side: 'client',
      clock: runtime.clock,
      turn: runtime.turn,
      logger: this.#logger,
      pool: this.#pool,
      scan: this.#scan,
      dispatcher: this.#dispatcher,
      serializeType: serializeTypeNumber(serializeType ?? 'json'),
      language: language ?? LanguageCode.NODE_JS,
      maxFrameBytes: maxFrameBytes ?? MAX_FRAME_BYTES,
      idleTimeoutMs: idleTimeoutMs ?? DEFAULT_IDLE_MS,
      maxInFlight: this.#options.maxInFlightPerConnection ?? DEFAULT_MAX_IN_FLIGHT,
      sign,
      onClosing: (connection) => {
        if (this.#open.get(address) === connection) this.#open.delete(address)
      },
      onClosed: (connection) => {
        this.#connections.delete(connection)
        this.#tell(this.#options.onClose, address, connection)
      },
    }
  }

  #tell(
    listener: ((address: string, connection: Connection) => void) | undefined,
    address: string,
    connection: Connection,
  ): void {
    try {
      listener?.(address, connection)
    } catch (error) {
      this.#logger.error({ err: error }, 'a connection listener failed')
    }
  }

  #assertOpen(address: string): void {
    if (this.#stop.signal.aborted) {
      throw new RocketMQError('RMQ_CLOSED', `cannot connect to ${address}, the client is closed`, {
        address,
      })
    }
  }

  /** Writes what waits to be written and closes all connections; requests without answer fail. */
  async close(): Promise<void> {
    this.#stop.abort()
    await this.#connections.closeAll()
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }
}

function untilAborted<T>(promise: Promise<T>, address: string, signal: AbortSignal): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    const onAbort = (): void => reject(abortedError('connecting', address, signal))
    signal.addEventListener('abort', onAbort, { once: true })
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort))
  })
}
