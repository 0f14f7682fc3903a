// SPDX-License-Identifier: Apache-2.0
// TCP through node:net.
import * as net from 'node:net'
import type {
  ConnectOptions,
  Listener,
  ListenOptions,
  Network,
  Socket,
  SocketAddress,
  SocketEvents,
  TlsStart,
} from '../network.ts'
import type { TlsContext } from '../tls.ts'
import { httpGet, resolve as resolveName } from './names.ts'
import { createTlsContext, NodeTlsContext } from './tls.ts'

const IPV4_MAPPED = '::ffff:'

function addressOf(host: string | undefined, port: number | undefined): SocketAddress {
  const text = host ?? ''
  return {
    host: text.startsWith(IPV4_MAPPED) ? text.slice(IPV4_MAPPED.length) : text,
    port: port ?? 0,
  }
}

class NodeSocket implements Socket {
  readonly remote: SocketAddress
  readonly local: SocketAddress
  #socket: net.Socket
  #events: SocketEvents | undefined
  /** Why the connection ended, when it did not end in order. */
  #lost: Error | undefined

  constructor(socket: net.Socket) {
    this.#socket = socket
    this.remote = addressOf(socket.remoteAddress, socket.remotePort)
    this.local = addressOf(socket.localAddress, socket.localPort)
  }

  /** Tells `events` what happens from now on. */
  hear(events: SocketEvents): void {
    this.#events = events
    this.#listen(this.#socket)
  }

  readonly #onData = (chunk: string | Buffer): void => {
    // Without setEncoding chunks are always bytes; the type does not know.
    if (typeof chunk !== 'string') this.#events?.data(chunk)
  }
  readonly #onEnd = (): void => this.#events?.ended?.()
  readonly #onDrain = (): void => this.#events?.drained()
  readonly #onError = (error: Error): void => {
    this.#lost ??= error
  }
  readonly #onClose = (): void => {
    const events = this.#events
    this.#events = undefined
    events?.closed(this.#lost)
  }

  #listen(socket: net.Socket): void {
    socket.on('data', this.#onData)
    socket.on('end', this.#onEnd)
    socket.on('drain', this.#onDrain)
    socket.on('error', this.#onError)
    socket.on('close', this.#onClose)
  }

  startTls(context: TlsContext, start: TlsStart = {}): void {
    const raw = this.#socket
    if (!(context instanceof NodeTlsContext)) throw new TypeError('not a TLS context of Node')
    // Errors and the end of the connection are heard on.
    raw.off('data', this.#onData).off('end', this.#onEnd).off('drain', this.#onDrain)
    raw.pause()
    context.start(raw, {
      received: start.received,
      serverName: start.serverName,
      secured: (secure) => {
        this.#socket = secure
        this.#listen(secure)
        start.secured?.()
      },
      failed: this.#onError,
    })
  }

  write(chunks: readonly Uint8Array[], written?: () => void): boolean {
    const socket = this.#socket
    if (socket.destroyed || socket.writableEnded) {
      written?.()
      return false
    }
    const only = chunks[0]
    // Node calls back with an error too when the connection is lost before the bytes were taken.
    if (chunks.length === 1 && only !== undefined) {
      return written === undefined ? socket.write(only) : socket.write(only, () => written())
    }
    // Corked writes leave as one writev.
    socket.cork()
    let isFree = true
    const last = chunks.length - 1
    for (let index = 0; index <= last; index += 1) {
      const chunk = chunks[index]
      if (chunk === undefined) continue
      isFree =
        index === last && written !== undefined
          ? socket.write(chunk, () => written())
          : socket.write(chunk)
    }
    socket.uncork()
    return isFree
  }

  queuedBytes(): number {
    return this.#socket.writableLength
  }

  pause(): void {
    this.#socket.pause()
  }

  resume(): void {
    this.#socket.resume()
  }

  end(): void {
    this.#socket.end()
  }

  destroy(error?: Error): void {
    this.#socket.destroy(error)
  }
}

function attach(socket: net.Socket, open: (socket: Socket) => SocketEvents): Socket {
  socket.setNoDelay(true)
  const wrapped = new NodeSocket(socket)
  wrapped.hear(open(wrapped))
  return wrapped
}

function listen(
  options: ListenOptions,
  accept: (socket: Socket) => SocketEvents,
): Promise<Listener> {
  return new Promise((resolve, reject) => {
    const server = net.createServer((socket) => {
      // A connection that is gone before it was accepted has no address.
      if (socket.remoteAddress === undefined) socket.destroy()
      else attach(socket, accept)
    })
    server.once('error', reject)
    server.listen(
      {
        port: options.port,
        ...(options.host === undefined ? {} : { host: options.host }),
        backlog: options.backlog ?? 1024,
      },
      () => {
        server.off('error', reject)
        // An accept that fails (too many open files) must not end the process; the next one may work.
        server.on('error', () => undefined)
        const bound = server.address()
        const address =
          bound !== null && typeof bound === 'object'
            ? addressOf(bound.address, bound.port)
            : addressOf(undefined, undefined)
        resolve({
          address,
          close: () => new Promise((closed) => server.close(() => closed())),
        })
      },
    )
  })
}

function connect(
  options: ConnectOptions,
  events: (socket: Socket) => SocketEvents,
): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const { host, port, timeoutMs, signal } = options
    if (signal?.aborted === true) {
      reject(new Error(`connecting to ${host}:${port} was aborted`))
      return
    }
    const socket = net.connect({ host, port })
    const settle = (): void => {
      clearTimeout(timer)
      signal?.removeEventListener('abort', abort)
      socket.off('error', fail)
    }
    const fail = (error: Error): void => {
      settle()
      // A late error of an abandoned attempt must not end the process.
      socket.on('error', () => undefined)
      socket.destroy()
      reject(error)
    }
    const abort = (): void => fail(new Error(`connecting to ${host}:${port} was aborted`))
    const timer = setTimeout(
      () => fail(new Error(`connecting to ${host}:${port} took longer than ${timeoutMs} ms`)),
      timeoutMs,
    )
    signal?.addEventListener('abort', abort, { once: true })
    socket.once('error', fail)
    socket.once('connect', () => {
      settle()
      resolve(attach(socket, events))
    })
  })
}

/** TCP of this machine. */
export const nodeNetwork: Network = {
  listen,
  connect,
  createTlsContext,
  resolve: resolveName,
  httpGet,
}
