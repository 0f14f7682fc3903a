// SPDX-License-Identifier: Apache-2.0
// The network seam of one simulated process: sockets in memory that fragment, merge and delay what they carry.
import type {
  ConnectOptions,
  HttpAnswer,
  Listener,
  ListenOptions,
  Network,
  Socket,
  SocketAddress,
  SocketEvents,
} from '../network.ts'
import type { TlsContext, TlsOptions } from '../tls.ts'
import type { Life, Scheduler } from './scheduler.ts'
import type { SimRandom } from './sim-random.ts'

/** Above this `write` asks its caller to stop. */
const HIGH_WATER_BYTES = 64 * 1024
const FIRST_FREE_PORT = 32_768

/** Settings of the links that tests may change while they are in use. */
export interface LinkBehaviour {
  /** One way between two machines takes between these, at random; bytes of one direction keep their order. */
  latencyMs: readonly [number, number]
  /** Most bytes that arrive at once; the actual number is random from 1 on. */
  mostBytesAtOnce: number
  /** True when nothing passes between two hosts: connections hang and new ones time out. */
  isCut: (from: string, to: string) => boolean
}

interface Listening {
  readonly life: Life
  readonly network: SimNetwork
  readonly accept: (socket: Socket) => SocketEvents
}

/** What all processes share: who listens where. */
export interface Wire {
  readonly scheduler: Scheduler
  readonly random: SimRandom
  readonly behaviour: LinkBehaviour
  readonly listening: Map<string, Listening>
}

function failure(code: string, text: string): Error {
  return Object.assign(new Error(`${code}: ${text}`), { code })
}

/** The network as one process sees it. */
export class SimNetwork implements Network {
  readonly #wire: Wire
  readonly #life: Life
  readonly #host: string
  readonly #sockets = new Set<SimSocket>()
  #nextPort = FIRST_FREE_PORT

  constructor(wire: Wire, life: Life, host: string) {
    this.#wire = wire
    this.#life = life
    this.#host = host
  }

  listen(options: ListenOptions, accept: (socket: Socket) => SocketEvents): Promise<Listener> {
    const { listening } = this.#wire
    const host = options.host ?? '0.0.0.0'
    const port = options.port === 0 ? this.#nextPort++ : options.port
    const keys = host === '0.0.0.0' ? [this.#host, '127.0.0.1'] : [host]
    const names = keys.map((name) => this.#name(name, port))
    for (const name of names) {
      if (listening.get(name)?.life.hasEnded === false) {
        return Promise.reject(failure('EADDRINUSE', `cannot listen on ${host}:${port}`))
      }
    }
    for (const name of names) listening.set(name, { life: this.#life, network: this, accept })
    const close = (): Promise<void> => {
      for (const name of names) listening.delete(name)
      return Promise.resolve()
    }
    return Promise.resolve({ address: { host, port }, close })
  }

  connect(options: ConnectOptions, events: (socket: Socket) => SocketEvents): Promise<Socket> {
    const { host, port, timeoutMs, signal } = options
    const { scheduler, random, behaviour, listening } = this.#wire
    return new Promise((resolve, reject) => {
      const fail = (error: Error): void => {
        giveUp()
        reject(error)
      }
      const giveUp = scheduler.after(this.#life, timeoutMs, () =>
        fail(failure('ETIMEDOUT', `cannot connect to ${host}:${port} in ${timeoutMs} ms`)),
      )
      signal?.addEventListener('abort', () => fail(signal.reason as Error), { once: true })
      const delayMs = 2 * random.between(...behaviour.latencyMs)
      scheduler.after(this.#life, delayMs, () => {
        if (behaviour.isCut(this.#host, host)) return
        const target = listening.get(this.#name(host, port))
        if (target === undefined || target.life.hasEnded) {
          fail(failure('ECONNREFUSED', `cannot connect to ${host}:${port}`))
          return
        }
        giveUp()
        resolve(this.#pair(target, { host, port }, events))
      })
    })
  }

  /** Ciphers are not simulated: a connection that begins a handshake is lost. */
  createTlsContext(options: TlsOptions): TlsContext {
    return { side: options.side }
  }

  /** There are no names in the simulation. */
  resolve(hostName: string): Promise<readonly string[]> {
    return Promise.reject(failure('ENOTFOUND', `cannot resolve ${hostName}`))
  }

  /** There are no web servers in the simulation. */
  httpGet(url: string): Promise<HttpAnswer> {
    return Promise.reject(failure('ECONNREFUSED', `cannot reach ${url}`))
  }

  /** The process has died. When only the process died its kernel resets its connections; without power nobody hears of it. */
  abandon(tellPeers: boolean): void {
    for (const socket of this.#sockets) {
      if (tellPeers) socket.reset()
    }
    this.#sockets.clear()
  }

  /** For the sockets of this network. */
  forget(socket: SimSocket): void {
    this.#sockets.delete(socket)
  }

  #pair(
    target: Listening,
    remote: SocketAddress,
    events: (socket: Socket) => SocketEvents,
  ): Socket {
    const local = { host: this.#host, port: this.#nextPort++ }
    const near = new SimSocket(this.#wire, this.#life, this, local, remote)
    const far = new SimSocket(this.#wire, target.life, target.network, remote, local)
    near.join(far)
    far.join(near)
    this.#sockets.add(near)
    target.network.#sockets.add(far)
    far.listenWith(target.accept(far))
    near.listenWith(events(near))
    return near
  }

  // Loopback addresses are a machine's own.
  #name(host: string, port: number): string {
    return host === '127.0.0.1' || host === 'localhost'
      ? `${this.#host}/loopback:${port}`
      : `${host}:${port}`
  }
}

class SimSocket implements Socket {
  readonly remote: SocketAddress
  readonly local: SocketAddress
  readonly #wire: Wire
  readonly #life: Life
  readonly #network: SimNetwork
  #events: SocketEvents | undefined
  #peer: SimSocket | undefined
  /** Sent to this socket and not delivered yet. */
  readonly #inbox: { bytes: Uint8Array; taken: (() => void) | undefined }[] = []
  #queuedBytes = 0
  #isPaused = false
  #isClosed = false
  #isEnding = false
  #needsDrain = false
  #isDeliveryDue = false

  constructor(
    wire: Wire,
    life: Life,
    network: SimNetwork,
    local: SocketAddress,
    remote: SocketAddress,
  ) {
    this.#wire = wire
    this.#life = life
    this.#network = network
    this.local = local
    this.remote = remote
  }

  join(peer: SimSocket): void {
    this.#peer = peer
  }

  listenWith(events: SocketEvents): void {
    this.#events = events
  }

  write(chunks: readonly Uint8Array[], written?: () => void): boolean {
    const bytes = Uint8Array.from(Buffer.concat(chunks))
    const peer = this.#peer
    if (this.#isClosed || this.#isEnding || peer === undefined || bytes.length === 0) {
      this.#later(() => written?.())
      return true
    }
    this.#queuedBytes += bytes.length
    peer.#receive(bytes, () => this.#taken(bytes.length, written))
    this.#needsDrain = this.#queuedBytes > HIGH_WATER_BYTES
    return !this.#needsDrain
  }

  queuedBytes(): number {
    return this.#queuedBytes
  }

  pause(): void {
    this.#isPaused = true
  }

  resume(): void {
    this.#isPaused = false
    this.#deliverSoon()
  }

  startTls(): void {
    this.destroy(failure('EPROTO', 'TLS is not simulated'))
  }

  end(): void {
    if (this.#isEnding || this.#isClosed) return
    this.#isEnding = true
    this.#sendEnd(() => this.#close(undefined))
  }

  destroy(error?: Error): void {
    if (this.#isClosed) return
    this.#isClosed = true
    if (!this.#isEnding) this.#sendEnd(undefined)
    this.#later(() => this.#close(error))
  }

  /** This side's process has died and its kernel tells the other side. */
  reset(): void {
    const peer = this.#peer
    if (peer === undefined) return
    peer.#later(() => peer.#close(failure('ECONNRESET', 'the peer has gone')))
  }

  #sendEnd(taken: (() => void) | undefined): void {
    const peer = this.#peer
    if (peer !== undefined) peer.#receive(new Uint8Array(0), taken)
  }

  /** Bytes from the peer; none mean that it has ended its side. */
  #receive(bytes: Uint8Array, taken: (() => void) | undefined): void {
    this.#inbox.push({ bytes, taken })
    this.#deliverSoon()
  }

  #deliverSoon(): void {
    if (this.#isDeliveryDue || this.#isPaused || this.#inbox.length === 0) return
    this.#isDeliveryDue = true
    this.#later(() => {
      this.#isDeliveryDue = false
      this.#deliver()
    })
  }

  #deliver(): void {
    const { behaviour, random } = this.#wire
    if (this.#isPaused || this.#isClosed) return
    if (behaviour.isCut(this.remote.host, this.local.host)) {
      this.#deliverSoon()
      return
    }
    const first = this.#inbox[0]
    if (first === undefined) return
    if (first.bytes.length === 0) {
      this.#inbox.shift()
      this.#events?.ended?.()
      first.taken?.()
      this.#sendEnd(undefined)
      this.#close(undefined)
      return
    }
    let room = 1 + random.below(behaviour.mostBytesAtOnce)
    const parts: Uint8Array[] = []
    const taken: (() => void)[] = []
    while (room > 0) {
      const next = this.#inbox[0]
      if (next === undefined || next.bytes.length === 0) break
      parts.push(next.bytes.subarray(0, room))
      if (next.bytes.length > room) next.bytes = next.bytes.subarray(room)
      else {
        this.#inbox.shift()
        if (next.taken !== undefined) taken.push(next.taken)
      }
      room -= parts.at(-1)?.length ?? 0
    }
    this.#events?.data(Uint8Array.from(Buffer.concat(parts)))
    for (const tell of taken) tell()
    this.#deliverSoon()
  }

  #taken(byteLength: number, written: (() => void) | undefined): void {
    if (this.#life.hasEnded) return
    this.#queuedBytes -= byteLength
    written?.()
    if (this.#needsDrain && this.#queuedBytes === 0) {
      this.#needsDrain = false
      if (!this.#isClosed) this.#events?.drained()
    }
  }

  #close(error: Error | undefined): void {
    const events = this.#events
    if (events === undefined || this.#life.hasEnded) return
    this.#events = undefined
    this.#isClosed = true
    this.#network.forget(this)
    this.#tellWritten()
    events.closed(error)
  }

  // What is still on its way may arrive or not; its owner is not left waiting.
  #tellWritten(): void {
    const peer = this.#peer
    if (peer === undefined) return
    for (const sent of peer.#inbox) {
      const { taken } = sent
      sent.taken = undefined
      taken?.()
    }
  }

  #later(run: () => void): void {
    const { scheduler, random, behaviour } = this.#wire
    scheduler.after(this.#life, random.between(...behaviour.latencyMs), run)
  }
}
