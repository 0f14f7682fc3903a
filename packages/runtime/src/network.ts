// SPDX-License-Identifier: Apache-2.0
// The network seam: listening, connecting, and a stream socket reduced to what a protocol needs.

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
  /** Writes what is queued, then closes. */
  end(): void
  /** Closes now. */
  destroy(error?: Error): void
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

/** Where connections come from. */
export interface Network {
  /** `accept` is called for each new connection and returns who hears of its events. Rejects when the address cannot be bound. */
  listen(options: ListenOptions, accept: (socket: Socket) => SocketEvents): Promise<Listener>
  /** Rejects when the connection cannot be made in time. `events` is asked once the socket is connected. */
  connect(options: ConnectOptions, events: (socket: Socket) => SocketEvents): Promise<Socket>
}
