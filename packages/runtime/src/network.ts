// SPDX-License-Identifier: Apache-2.0
// The network seam: listening, connecting, and a stream socket reduced to what a protocol needs.
import type { TlsContext, TlsOptions } from './tls.ts'

/** A peer's or our own end of a connection. */
export interface SocketAddress {
  /** IPv4 or IPv6 text; an IPv4-mapped IPv6 address is given as IPv4. */
  readonly host: string
  readonly port: number
}

/** What a socket tells its owner. After `closed` nothing more is called. */
export interface SocketEvents {
  /** Bytes arrived. The chunk is the receiver's: the seam never reuses it. */
  data(chunk: Uint8Array): void
  /** The peer ended its side; the seam ends ours too and calls `closed` next. */
  ended?(): void
  /** What was waiting to be written has been handed to the kernel. */
  drained(): void
  /** The connection is gone; `error` when it did not end in order. */
  closed(error: Error | undefined): void
}

/** A connected stream socket. */
export interface Socket {
  readonly remote: SocketAddress
  readonly local: SocketAddress
  /**
   * Hands the chunks to the kernel as one gathered write. Returns false when they had to be queued: stop until `drained`.
   * Chunks must not change until `written` has been called (also called when the connection is lost).
   */
  write(chunks: readonly Uint8Array[], written?: () => void): boolean
  /** Bytes accepted by `write` that the kernel has not taken yet. */
  queuedBytes(): number
  /** Stops reading from the peer until `resume`. */
  pause(): void
  resume(): void
  /**
   * Encrypts the connection from here on; the events go on with what was deciphered. A handshake that fails, or takes
   * longer than ten seconds, ends in `closed` with the reason. May be called once, from within `data` or before any byte came.
   */
  startTls(context: TlsContext, start?: TlsStart): void
  /** Writes what is queued, then closes. */
  end(): void
  /** Closes now. */
  destroy(error?: Error): void
}

/** How an encrypted connection begins. */
export interface TlsStart {
  /** Bytes of the handshake that were read already. */
  readonly received?: Uint8Array
  /** Client: the name to ask for (SNI), and to check when the context checks names. */
  readonly serverName?: string
  /** The handshake is done. */
  readonly secured?: () => void
}

export interface ListenOptions {
  readonly host?: string
  /** 0 takes a free port. */
  readonly port: number
  readonly backlog?: number
}

export interface Listener {
  readonly address: SocketAddress
  /** Stops accepting; connections that are open stay open. */
  close(): Promise<void>
}

export interface ConnectOptions {
  readonly host: string
  readonly port: number
  readonly timeoutMs: number
  readonly signal?: AbortSignal
}

/** What goes with {@link Network.httpGet}. */
export interface HttpGetOptions {
  readonly timeoutMs: number
  readonly headers?: Readonly<Record<string, string>>
  /** An answer with a longer body is an error. */
  readonly maxBodyBytes: number
}

/** What a web server answered. */
export interface HttpAnswer {
  readonly status: number
  readonly body: Uint8Array
}

/** Where connections come from. */
export interface Network {
  /** `accept` is called for each new connection and returns who hears of its events. Rejects when the address cannot be bound. */
  listen(options: ListenOptions, accept: (socket: Socket) => SocketEvents): Promise<Listener>
  /** Rejects when the connection cannot be made in time. `events` is asked once the socket is connected. */
  connect(options: ConnectOptions, events: (socket: Socket) => SocketEvents): Promise<Socket>
  /** Checks keys and certificates and makes them ready for handshakes. Throws when they do not fit. */
  createTlsContext(options: TlsOptions): TlsContext
  /** Every address of a host name, IPv4 and IPv6 text. Rejects when the name is not known. */
  resolve(hostName: string): Promise<readonly string[]>
  /** Asks a web server once, without following redirections. Rejects when there is no answer in time. */
  httpGet(url: string, options: HttpGetOptions): Promise<HttpAnswer>
}
