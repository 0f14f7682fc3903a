// SPDX-License-Identifier: Apache-2.0
// A proxy in front of one server that reads the frames which pass, and may drop, delay, change or answer them.
import {
  silentLogger,
  type Listener,
  type Logger,
  type Runtime,
  type Socket,
  type SocketAddress,
  type SocketEvents,
} from '@rocketmq-ts/runtime'
import { addressText, parseAddress } from '../transport/address.ts'
import { ProxiedStream, type StreamOwner } from './proxied-stream.ts'
import type { Direction } from './seen-frame.ts'
import type { Intercept } from './verdict.ts'

const CONNECT_TIMEOUT_MS = 3000
/** Requests whose answers are awaited, per connection; older ones are forgotten. */
const MAX_OPEN_REQUESTS = 65_536

/** How a proxy is set up. */
export interface FrameProxyOptions {
  readonly runtime: Pick<Runtime, 'clock' | 'timers' | 'network'>
  /** `host:port` of the server behind the proxy. */
  readonly target: string
  /** Default 127.0.0.1. */
  readonly host?: string
  /** Default 0: a free port. */
  readonly port?: number
  /** Looks at each frame; default: everything passes. */
  readonly intercept?: Intercept
  readonly logger?: Logger
}

/** One listening proxy. Bytes it is not told to change pass as they came. */
export class FrameProxy {
  readonly #options: FrameProxyOptions
  readonly #logger: Logger
  readonly #connections = new Set<ProxiedConnection>()
  #listener: Listener | undefined
  #count = 0
  /** May be changed any time; frames that are already through are not touched. */
  intercept: Intercept

  /** @throws when the port cannot be bound or `target` is no address. */
  static async listen(options: FrameProxyOptions): Promise<FrameProxy> {
    const proxy = new FrameProxy(options)
    const { host = '127.0.0.1', port = 0, runtime } = options
    const target = parseAddress(options.target)
    proxy.#listener = await runtime.network.listen({ host, port }, (socket) =>
      proxy.#accept(socket, target),
    )
    return proxy
  }

  private constructor(options: FrameProxyOptions) {
    this.#options = options
    this.#logger = options.logger ?? silentLogger
    this.intercept = options.intercept ?? (() => 'pass')
  }

  /** `host:port` to connect to. */
  get address(): string {
    return addressText(this.#bound)
  }

  get target(): string {
    return this.#options.target
  }

  /** Connections that are open now. */
  get connections(): number {
    return this.#connections.size
  }

  /** Cuts every connection; new ones are still taken. */
  cutAll(): void {
    for (const connection of [...this.#connections]) connection.cut()
  }

  async close(): Promise<void> {
    const listener = this.#listener
    this.#listener = undefined
    this.cutAll()
    await listener?.close()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close()
  }

  get #bound(): SocketAddress {
    if (this.#listener === undefined) throw new Error('the proxy is closed')
    return this.#listener.address
  }

  #accept(client: Socket, target: SocketAddress): SocketEvents {
    const connection = new ProxiedConnection({
      number: ++this.#count,
      client,
      runtime: this.#options.runtime,
      logger: this.#logger,
      intercept: (frame) => this.intercept(frame),
      closed: () => this.#connections.delete(connection),
    })
    this.#connections.add(connection)
    void connection.connect(target)
    return connection.clientEvents
  }
}

/** Both sides of one connection. What the client sends before the target is reached waits in the kernel. */
class ProxiedConnection implements StreamOwner {
  readonly connection: number
  readonly clock: StreamOwner['clock']
  readonly timers: StreamOwner['timers']
  readonly intercept: Intercept
  readonly answered: StreamOwner['answered']
  readonly clientEvents: SocketEvents
  readonly #network: Runtime['network']
  readonly #logger: Logger
  readonly #client: Socket
  readonly #closed: () => void
  #target: Socket | undefined
  #toTarget: ProxiedStream | undefined
  #toClient: ProxiedStream | undefined
  #isClosed = false
  readonly #requests = new Map<number, { readonly code: number; readonly atMs: number }>()
  /** Bytes that were on their way when the socket was told to pause. */
  readonly #early: Uint8Array[] = []

  constructor(options: {
    number: number
    client: Socket
    runtime: FrameProxyOptions['runtime']
    logger: Logger
    intercept: Intercept
    closed: () => void
  }) {
    this.connection = options.number
    this.clock = options.runtime.clock
    this.timers = options.runtime.timers
    this.#network = options.runtime.network
    this.#logger = options.logger
    this.intercept = options.intercept
    this.#client = options.client
    this.#closed = options.closed
    this.answered = (opaque) => {
      const request = this.#requests.get(opaque)
      this.#requests.delete(opaque)
      return request
    }
    this.clientEvents = {
      data: (chunk) => {
        if (this.#toTarget === undefined) this.#early.push(chunk)
        else this.#toTarget.data(chunk)
      },
      drained: () => this.#toClient?.drained(),
      closed: () => this.cut(),
    }
    options.client.pause()
  }

  async connect(target: SocketAddress): Promise<void> {
    try {
      await this.#network.connect({ ...target, timeoutMs: CONNECT_TIMEOUT_MS }, (socket) =>
        this.#reached(socket),
      )
      for (const chunk of this.#early.splice(0)) this.#toTarget?.data(chunk)
      if (!this.#isClosed) this.#client.resume()
    } catch (error) {
      this.#logger.warn(
        { err: error, target: addressText(target) },
        'the proxy cannot reach its target',
      )
      this.cut()
    }
  }

  #reached(target: Socket): SocketEvents {
    this.#target = target
    this.#toTarget = new ProxiedStream(this, 'toTarget', this.#client, target)
    const toClient = new ProxiedStream(this, 'toClient', target, this.#client)
    this.#toClient = toClient
    if (this.#isClosed) target.destroy()
    return {
      data: (chunk) => toClient.data(chunk),
      drained: () => this.#toTarget?.drained(),
      closed: () => this.cut(),
    }
  }

  requestSeen(frame: { opaque: number; code: number; atMs: number; isOneway: boolean }): void {
    if (frame.isOneway) return
    if (this.#requests.size >= MAX_OPEN_REQUESTS) {
      const oldest = this.#requests.keys().next().value
      if (oldest !== undefined) this.#requests.delete(oldest)
    }
    this.#requests.set(frame.opaque, { code: frame.code, atMs: frame.atMs })
  }

  unreadable(direction: Direction, reason: string): void {
    this.#logger.warn({ connection: this.connection, direction, reason }, 'frames pass unread')
  }

  writeBack(bytes: Uint8Array): void {
    if (!this.#isClosed) this.#client.write([bytes])
  }

  /** Ends both sides; what was handed to the kernel still arrives. */
  cut(): void {
    if (this.#isClosed) return
    this.#isClosed = true
    this.#toTarget?.stop()
    this.#toClient?.stop()
    this.#client.end()
    this.#target?.end()
    this.#closed()
  }
}
