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
} from '../network.ts'

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
  readonly #socket: net.Socket

  constructor(socket: net.Socket) {
    this.#socket = socket
    this.remote = addressOf(socket.remoteAddress, socket.remotePort)
    this.local = addressOf(socket.localAddress, socket.localPort)
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
  const events = open(wrapped)
  let lost: Error | undefined
  // Without setEncoding chunks are always bytes; the type does not know.
  socket.on('data', (chunk) => {
    if (typeof chunk !== 'string') events.data(chunk)
  })
  socket.on('end', () => events.ended?.())
  socket.on('drain', () => events.drained())
  socket.on('error', (error) => {
    lost = error
  })
  socket.on('close', () => events.closed(lost))
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
export const nodeNetwork: Network = { listen, connect }
