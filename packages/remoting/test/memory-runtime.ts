// SPDX-License-Identifier: Apache-2.0
// Clock, timers, turn and network in memory, moved by the test alone.
import type {
  Cancel,
  ConnectOptions,
  HttpAnswer,
  HttpGetOptions,
  Listener,
  ListenOptions,
  Network,
  Runtime,
  Socket,
  SocketAddress,
  SocketEvents,
  TlsContext,
  TlsOptions,
  TlsStart,
} from '@rocketmq-ts/runtime'

interface Timer {
  atMs: number
  readonly periodMs: number | undefined
  readonly run: () => void
}

/** One end of a connection. What it wrote is kept in `written`. */
export class MemorySocket implements Socket {
  readonly remote: SocketAddress
  readonly local: SocketAddress
  readonly #world: MemoryRuntime
  events: SocketEvents | undefined
  peer: MemorySocket | undefined
  /** One entry per call of `write`. */
  readonly writes: Uint8Array[] = []
  /** Set by a test: the kernel takes nothing more. */
  stalled = false
  paused = false
  isClosed = false
  readonly #queue: { bytes: Uint8Array; written: (() => void) | undefined }[] = []
  readonly #held: Uint8Array[] = []
  /** What was asked for, once it was. Nothing is enciphered: the bytes go on as they are. */
  tls: { readonly context: TlsContext; readonly start: TlsStart } | undefined
  #ending = false

  constructor(world: MemoryRuntime, local: SocketAddress, remote: SocketAddress) {
    this.#world = world
    this.local = local
    this.remote = remote
  }

  write(chunks: readonly Uint8Array[], written?: () => void): boolean {
    if (this.isClosed) {
      written?.()
      return false
    }
    const bytes = Buffer.concat(chunks)
    this.writes.push(bytes)
    this.#queue.push({ bytes, written })
    if (this.stalled) return false
    this.#pump()
    return true
  }

  #pump(): void {
    for (const { bytes, written } of this.#queue.splice(0)) {
      const peer = this.peer
      this.#world.soon(() => {
        written?.()
        peer?.arrive(bytes)
      })
    }
    if (this.#ending) this.#world.soon(() => this.#world.disconnect(this, undefined))
  }

  /** The kernel takes bytes again. */
  unstall(): void {
    this.stalled = false
    this.#pump()
    this.#world.soon(() => {
      if (!this.isClosed) this.events?.drained()
    })
  }

  arrive(bytes: Uint8Array): void {
    if (this.isClosed) return
    if (this.paused) this.#held.push(bytes)
    else this.events?.data(bytes)
  }

  queuedBytes(): number {
    return this.#queue.reduce((sum, { bytes }) => sum + bytes.length, 0)
  }

  pause(): void {
    this.paused = true
  }

  resume(): void {
    this.paused = false
    for (const bytes of this.#held.splice(0)) this.#world.soon(() => this.arrive(bytes))
  }

  startTls(context: TlsContext, start: TlsStart = {}): void {
    this.tls = { context, start }
    this.#world.soon(() => start.secured?.())
  }

  end(): void {
    this.#ending = true
    if (!this.stalled) this.#pump()
  }

  destroy(error?: Error): void {
    this.#world.soon(() => this.#world.disconnect(this, error))
  }

  close(error: Error | undefined): void {
    if (this.isClosed) return
    this.isClosed = true
    for (const { written } of this.#queue.splice(0)) written?.()
    this.events?.closed(error)
  }
}

/** The seams remoting needs. Nothing happens until `settle` or `advance`. */
export class MemoryRuntime implements Pick<Runtime, 'clock' | 'timers' | 'turn' | 'network'> {
  #nowMs = 1_000_000
  readonly #timers = new Set<Timer>()
  #events: (() => void)[] = []
  #turnEnds: (() => void)[] = []
  readonly #listeners = new Map<number, (socket: Socket) => SocketEvents>()
  #nextPort = 40_000
  /** Both ends of every connection ever made: the client's, the server's. */
  readonly pairs: [MemorySocket, MemorySocket][] = []
  /** What the next connects do instead of connecting. */
  connectFailure: Error | 'hang' | undefined
  connects = 0

  readonly clock = { nowMs: (): number => this.#nowMs, monotonicMs: (): number => this.#nowMs }

  readonly timers = {
    after: (delayMs: number, run: () => void): Cancel =>
      this.#addTimer({ atMs: this.#nowMs + delayMs, periodMs: undefined, run }),
    every: (periodMs: number, run: () => void): Cancel =>
      this.#addTimer({ atMs: this.#nowMs + periodMs, periodMs, run }),
  }

  readonly turn = { atEnd: (run: () => void): void => void this.#turnEnds.push(run) }

  readonly network: Network = {
    listen: (options: ListenOptions, accept): Promise<Listener> => {
      const port = options.port === 0 ? this.#nextPort++ : options.port
      this.#listeners.set(port, accept)
      return Promise.resolve({
        address: { host: '127.0.0.1', port },
        close: () => {
          this.#listeners.delete(port)
          return Promise.resolve()
        },
      })
    },
    connect: (options: ConnectOptions, events) => this.#connect(options, events),
    createTlsContext: (options: TlsOptions): TlsContext => {
      this.tlsOptions.push(options)
      if (options.privateKey?.includes('bad') === true) throw new Error('no key')
      return { side: options.side }
    },
    resolve: (hostName) => {
      const found = this.hostNames.get(hostName)
      return found === undefined ? Promise.reject(new Error('unknown')) : Promise.resolve(found)
    },
    httpGet: (url, options): Promise<HttpAnswer> => {
      this.httpGets.push({ url, options })
      const answer = this.webPages.get(url)
      return answer === undefined ? Promise.reject(new Error('refused')) : Promise.resolve(answer)
    },
  }

  /** What TLS contexts were made of. A key with `bad` in it is refused. */
  readonly tlsOptions: TlsOptions[] = []
  readonly hostNames = new Map<string, readonly string[]>()
  readonly webPages = new Map<string, HttpAnswer>()
  readonly httpGets: { readonly url: string; readonly options: HttpGetOptions }[] = []

  get timerCount(): number {
    return this.#timers.size
  }

  soon(run: () => void): void {
    this.#events.push(run)
  }

  disconnect(socket: MemorySocket, error: Error | undefined): void {
    socket.close(error)
    socket.peer?.close(undefined)
  }

  #addTimer(timer: Timer): Cancel {
    this.#timers.add(timer)
    return () => this.#timers.delete(timer)
  }

  #connect(options: ConnectOptions, events: (socket: Socket) => SocketEvents): Promise<Socket> {
    this.connects++
    const failure = this.connectFailure
    return new Promise((resolve, reject) => {
      if (failure === 'hang') {
        const cancel = this.timers.after(options.timeoutMs, () => reject(new Error('timed out')))
        options.signal?.addEventListener('abort', () => {
          cancel()
          reject(new Error('aborted'))
        })
        return
      }
      const accept = this.#listeners.get(options.port)
      if (failure !== undefined || accept === undefined) {
        this.soon(() => reject(failure ?? new Error('refused')))
        return
      }
      const clientAddress = { host: '127.0.0.1', port: this.#nextPort++ }
      const serverAddress = { host: options.host, port: options.port }
      const client = new MemorySocket(this, clientAddress, serverAddress)
      const server = new MemorySocket(this, serverAddress, clientAddress)
      client.peer = server
      server.peer = client
      this.pairs.push([client, server])
      this.soon(() => {
        server.events = accept(server)
        client.events = events(client)
        resolve(client)
      })
    })
  }

  /** Runs turns until nothing is left to do without the clock moving. */
  async settle(): Promise<void> {
    for (let idle = 0; idle < 5;) {
      const events = this.#events
      this.#events = []
      for (const run of events) run()
      const ends = this.#turnEnds
      this.#turnEnds = []
      for (const run of ends) run()
      for (let i = 0; i < 10; i++) await Promise.resolve()
      idle = events.length + ends.length + this.#events.length === 0 ? idle + 1 : 0
    }
  }

  /** Moves the clock, timer by timer. */
  async advance(byMs: number): Promise<void> {
    await this.settle()
    const untilMs = this.#nowMs + byMs
    for (;;) {
      let next: Timer | undefined
      for (const timer of this.#timers) {
        if (timer.atMs <= untilMs && (next === undefined || timer.atMs < next.atMs)) next = timer
      }
      if (next === undefined) break
      this.#nowMs = Math.max(this.#nowMs, next.atMs)
      if (next.periodMs === undefined) this.#timers.delete(next)
      else next.atMs += next.periodMs
      next.run()
      await this.settle()
    }
    this.#nowMs = untilMs
    await this.settle()
  }
}
