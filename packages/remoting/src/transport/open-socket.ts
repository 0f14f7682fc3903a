// SPDX-License-Identifier: Apache-2.0
// Opens a client's connection: straight or through a SOCKS5 proxy, plain or TLS.
import type { Network, Socket, SocketEvents, Timers, TlsContext } from '@rocketmq-ts/runtime'
import { SocksHandshake } from './socks-handshake.ts'
import type { SocksProxy } from './socks-rules.ts'

/** Where to, and which way. */
export interface OpenOptions {
  readonly network: Network
  readonly timers: Timers
  readonly host: string
  readonly port: number
  /** For everything together. */
  readonly timeoutMs: number
  readonly signal: AbortSignal
  readonly proxy: SocksProxy | undefined
  readonly tls: TlsContext | undefined
}

/** Resolves once frames can be written. `open` is asked at that moment. */
export function openSocket(
  options: OpenOptions,
  open: (socket: Socket) => SocketEvents,
): Promise<Socket> {
  const { network, host, port, timeoutMs, signal, proxy, tls } = options
  if (proxy === undefined && tls === undefined) {
    return network.connect({ host, port, timeoutMs, signal }, open)
  }
  const first = { host: proxy?.host ?? host, port: proxy?.port ?? port, timeoutMs, signal }
  return new Promise((resolve, reject) => {
    const approach = new Approach(options, open, resolve, reject)
    network
      .connect(first, (socket) => approach.connected(socket))
      .catch((error: unknown) => approach.fail(error))
  })
}

/** What lies between a connected socket and its first frame. */
class Approach implements SocketEvents {
  readonly #options: OpenOptions
  readonly #open: (socket: Socket) => SocketEvents
  readonly #resolve: (socket: Socket) => void
  readonly #reject: (error: unknown) => void
  readonly #cancelTimer: () => void
  readonly #onAbort = (): void => this.fail(this.#options.signal.reason)
  #socks: SocksHandshake | undefined
  #socket: Socket | undefined
  #frames: SocketEvents | undefined
  #isOver = false

  constructor(
    options: OpenOptions,
    open: (socket: Socket) => SocketEvents,
    resolve: (socket: Socket) => void,
    reject: (error: unknown) => void,
  ) {
    const { timers, timeoutMs, signal } = options
    this.#options = options
    this.#open = open
    this.#resolve = resolve
    this.#reject = reject
    this.#cancelTimer = timers.after(timeoutMs, () =>
      this.fail(new Error(`the handshake took longer than ${timeoutMs} ms`)),
    )
    signal.addEventListener('abort', this.#onAbort, { once: true })
  }

  connected(socket: Socket): SocketEvents {
    const { proxy, host, port } = this.#options
    this.#socket = socket
    if (this.#isOver) socket.destroy()
    else if (proxy === undefined) this.#startTls()
    else {
      this.#socks = new SocksHandshake(proxy, { host, port })
      socket.write([this.#socks.hello()])
    }
    return this
  }

  data(chunk: Uint8Array): void {
    if (this.#frames !== undefined) {
      this.#frames.data(chunk)
      return
    }
    const { proxy } = this.#options
    try {
      const step = this.#socks?.receive(chunk)
      if (step?.send !== undefined) this.#socket?.write([step.send])
      if (step?.rest !== undefined) this.#passed(step.rest)
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error)
      this.fail(new Error(`the SOCKS proxy ${proxy?.host}:${proxy?.port} refuses: ${reason}`))
    }
  }

  /** The proxy has connected us; `rest` came from the server already. */
  #passed(rest: Buffer): void {
    if (this.#options.tls !== undefined) this.#startTls(rest)
    else {
      this.#finish()
      if (rest.length > 0) this.#frames?.data(rest)
    }
  }

  #startTls(received?: Uint8Array): void {
    const { tls, host } = this.#options
    const socket = this.#socket
    if (tls === undefined || socket === undefined) return
    socket.startTls(tls, {
      serverName: host,
      secured: () => this.#finish(),
      ...(received === undefined || received.length === 0 ? {} : { received }),
    })
  }

  #finish(): void {
    const socket = this.#socket
    if (this.#isOver || socket === undefined) return
    this.#end()
    this.#frames = this.#open(socket)
    this.#resolve(socket)
  }

  #end(): void {
    this.#isOver = true
    this.#cancelTimer()
    this.#options.signal.removeEventListener('abort', this.#onAbort)
  }

  fail(error: unknown): void {
    if (this.#isOver) return
    this.#end()
    this.#reject(error)
    this.#socket?.destroy()
  }

  drained(): void {
    this.#frames?.drained()
  }

  closed(error: Error | undefined): void {
    if (this.#frames !== undefined) this.#frames.closed(error)
    else this.fail(error ?? new Error('the connection was closed during the handshake'))
  }
}
