// SPDX-License-Identifier: Apache-2.0
// One connection per address, made at the first use and made anew when it was lost.
import { silentLogger, type Logger, type Runtime } from '@rocketmq-ts/runtime'
import { refusedError, RocketMQError } from '../errors.ts'
import { CommandScan } from '../protocol/command-scan.ts'
import { serializeTypeNumber } from '../protocol/encode-command.ts'
import { MAX_FRAME_BYTES } from '../protocol/frame.ts'
import { LanguageCode } from '../protocol/language-code.ts'
import type { RequestType } from '../protocol/schema.ts'
import { SegmentPool } from '../protocol/segment-pool.ts'
import { ResponseCode } from '../protocol/response-code.ts'
import type { SerializeType } from '../protocol/serialize-type.ts'
import { parseAddress } from './address.ts'
import { ConnectBackoff } from './connect-backoff.ts'
import { ConnectionSet } from './connection-set.ts'
import type { Connection, OnewayOptions, RequestOptions, Response } from './connection.ts'
import { Dispatcher } from './dispatcher.ts'
import type { Handler } from './handler.ts'
import { openSocket } from './open-socket.ts'
import type { Sign } from './outgoing-requests.ts'
import { Permits } from './permits.ts'
import { abortedError, type Unanswered } from './response-table.ts'
import type { ClientHook } from './rpc-hook.ts'
import { SocketConnection, type ConnectionSetup } from './socket-connection.ts'
import { parseSocksRules, type SocksRules } from './socks-rules.ts'
import { TlsKeys } from './tls-keys.ts'
import type { TlsSettings } from './tls-settings.ts'

/** What a client is made of. */
export interface ClientOptions {
  /** `files` only with TLS keys from files. */
  readonly runtime: Pick<Runtime, 'clock' | 'timers' | 'turn' | 'network'> &
    Partial<Pick<Runtime, 'files'>>
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
  /** TLS on every connection; absent: none. Its `mode` is the servers' business. See {@link parseTlsSettings}. */
  readonly tls?: TlsSettings
  /** Java's socksProxyConfig: which addresses are reached through which SOCKS5 proxy. See {@link parseSocksRules}. */
  readonly socksProxyConfig?: string
  /** Around every request. */
  readonly hooks?: readonly ClientHook[]
  /** Requests that may wait for their answer, all connections together; 65,535 unless told, more wait their turn. Java: clientAsyncSemaphoreValue. */
  readonly maxRequests?: number
  /** Oneway requests that the kernel has not taken yet; 65,535 unless told. Java: clientOnewaySemaphoreValue. */
  readonly maxOneways?: number
  /** A server that answers GO_AWAY is left, and the request sent once more over a new connection; true unless told. */
  readonly reconnectForGoAway?: boolean
  /** An address that fails again and again is not tried more often than this; 1,000 unless told, 0 tries at each request. */
  readonly maxConnectPauseMs?: number
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
const DEFAULT_MAX_CONNECT_PAUSE_MS = 1000

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
  readonly #requestPermits: Permits
  readonly #onewayPermits: Permits
  readonly #backoff: ConnectBackoff
  readonly #tlsKeys: TlsKeys | undefined
  readonly #socksRules: SocksRules | undefined

  /** @throws {RMQ_INVALID_ARGUMENT} when TLS keys or proxy rules cannot be used. */
  constructor(options: ClientOptions) {
    const { runtime, tls, socksProxyConfig } = options
    this.#options = options
    this.#logger = options.logger ?? silentLogger
    this.#connections = new ConnectionSet(runtime.clock, runtime.timers)
    this.#dispatcher = new Dispatcher(options.handlers ?? [], {
      gate: undefined,
      hooks: [],
      logger: this.#logger,
    })
    this.#requestPermits = new Permits(options.maxRequests ?? DEFAULT_MAX_IN_FLIGHT)
    this.#onewayPermits = new Permits(options.maxOneways ?? DEFAULT_MAX_IN_FLIGHT)
    this.#backoff = new ConnectBackoff(options.maxConnectPauseMs ?? DEFAULT_MAX_CONNECT_PAUSE_MS)
    this.#socksRules =
      socksProxyConfig === undefined ? undefined : parseSocksRules(socksProxyConfig)
    this.#tlsKeys =
      tls === undefined ? undefined : new TlsKeys('client', tls, runtime, this.#logger)
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

  /**
   * Sends a request nobody answers; resolves once it is on its way into the socket, or waits for its turn.
   * @throws {RMQ_TOO_MANY_REQUESTS} and what connecting throws
   */
  async oneway<Req, Res>(
    address: string,
    type: RequestType<Req, Res>,
    header: Req,
    options?: OnewayOptions,
  ): Promise<void> {
    const connection = this.#open.get(address) ?? (await this.#connect(address, undefined))
    if (connection.tryOneway(type, header, options)) return
    throw new RocketMQError(
      connection.closed ? 'RMQ_CONNECTION_CLOSED' : 'RMQ_TOO_MANY_REQUESTS',
      `cannot send ${type.name} to ${address}, ${connection.closed ? 'the connection has closed' : 'too much waits to be written'}`,
      { address },
    )
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
    const { clock, network, timers } = runtime
    this.#assertOpen(address)
    const { host, port } = parseAddress(address)
    this.#assertNotPaused(address)
    let connection: SocketConnection | undefined
    try {
      await openSocket(
        {
          network,
          timers,
          host,
          port,
          timeoutMs: connectTimeoutMs ?? DEFAULT_CONNECT_TIMEOUT_MS,
          signal: this.#stop.signal,
          proxy: this.#socksRules?.(host),
          tls: this.#tlsKeys?.context(),
        },
        (socket) => {
          connection = new SocketConnection(this.#setup(address), socket)
          this.#connections.add(connection)
          return connection.events
        },
      )
    } catch (cause) {
      this.#assertOpen(address)
      this.#backoff.failed(address, clock.monotonicMs())
      throw new RocketMQError('RMQ_CONNECT_FAILED', `cannot connect to ${address}`, {
        address,
        cause,
      })
    }
    this.#backoff.succeeded(address)
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
      requestPermits: this.#requestPermits,
      onewayPermits: this.#onewayPermits,
      latency: undefined,
      sign,
      hooks: this.#options.hooks ?? [],
      onGoAway: (connection, request, remark) =>
        this.#goneAway(address, connection, request, remark),
      onClosing: (connection) => {
        if (this.#open.get(address) === connection) this.#open.delete(address)
      },
      onClosed: (connection) => {
        this.#connections.delete(connection)
        this.#tell(this.#options.onClose, address, connection)
      },
    }
  }

  /** The server is about to stop: what it would not take is sent once more, through a connection made anew. */
  #goneAway(
    address: string,
    connection: SocketConnection,
    request: Unanswered,
    remark: string | undefined,
  ): void {
    const { clock } = this.#options.runtime
    const { isRetry, reject, deadlineMs, options, type } = request
    if (isRetry || this.#options.reconnectForGoAway === false) {
      reject(refusedError(ResponseCode.GO_AWAY, remark, address))
      return
    }
    if (this.#open.get(address) === connection) this.#open.delete(address)
    connection.finish()
    this.#inTime(
      this.#connect(address, options.signal),
      Math.max(deadlineMs - clock.monotonicMs(), 0),
      () =>
        new RocketMQError(
          'RMQ_TIMEOUT',
          `no new connection to ${address} for ${type.name} in time, the server asked to go away`,
          { address },
        ),
    ).then((next) => next.requestAgain(request), reject)
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

  #assertNotPaused(address: string): void {
    const pauseMs = this.#backoff.pauseMs(address, this.#options.runtime.clock.monotonicMs())
    if (pauseMs <= 0) return
    throw new RocketMQError(
      'RMQ_CONNECT_FAILED',
      `cannot connect to ${address}, which failed before and is tried again in ${Math.ceil(pauseMs)} ms`,
      { address },
    )
  }

  /** Writes what waits to be written and closes all connections; requests without answer fail. */
  async close(): Promise<void> {
    this.#stop.abort()
    this.#tlsKeys?.close()
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
