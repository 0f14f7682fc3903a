// SPDX-License-Identifier: Apache-2.0
// Looks at the first bytes of a connection to a server before its frames are read: PROXY protocol, TLS, or frames at once.
//
//   first 12 bytes ─┬─ PROXY header ─► attributes ─┐
//                   └──────────────────────────────┴─ next byte ─┬─ 0x16 ─► handshake ─► frames
//                                                                └─ any other ────────► frames
import type { Logger, Socket, SocketEvents, TlsContext } from '@rocketmq-ts/runtime'
import { RocketMQError } from '../errors.ts'
import { beginsWithProxyHeader, FIRST_BYTES, readProxyHeader } from './proxy-protocol.ts'
import type { TlsMode } from './tls-settings.ts'

/** First byte of a TLS record that holds a handshake. */
const HANDSHAKE = 0x16

/** What a port does with its connections before it reads frames. */
export interface FirstBytesSetup {
  readonly mode: TlsMode
  /** Asked for each connection that begins a handshake. */
  readonly tlsContext: () => TlsContext
  readonly logger: Logger
}

/** What is done with a connection once its first bytes are known. */
export interface Begun {
  readonly remoteAddress: string
  readonly events: SocketEvents
  proxied(attributes: ReadonlyMap<string, string>): void
  destroy(error: Error): void
}

/** Stands before a connection's frames. */
export class FirstBytes implements SocketEvents {
  readonly #setup: FirstBytesSetup
  readonly #socket: Socket
  readonly #connection: Begun
  #held: Buffer | undefined
  #stage: 'first' | 'proxy' | 'tls' | 'frames' = 'first'

  constructor(setup: FirstBytesSetup, socket: Socket, connection: Begun) {
    this.#setup = setup
    this.#socket = socket
    this.#connection = connection
  }

  data(chunk: Uint8Array): void {
    if (this.#stage === 'frames') {
      this.#connection.events.data(chunk)
      return
    }
    const held = this.#held
    const bytes = held === undefined ? asBuffer(chunk) : Buffer.concat([held, chunk])
    this.#held = undefined
    const rest = this.#begin(bytes)
    if (rest !== undefined && rest.length > 0) this.#connection.events.data(rest)
  }

  drained(): void {
    this.#connection.events.drained()
  }

  closed(error: Error | undefined): void {
    this.#connection.events.closed(error)
  }

  /** What frames begin with, undefined when it is not yet, or never, time for them. */
  #begin(bytes: Buffer): Buffer | undefined {
    if (this.#stage === 'first') {
      if (bytes.length < FIRST_BYTES) return this.#hold(bytes)
      this.#stage = beginsWithProxyHeader(bytes) ? 'proxy' : 'tls'
    }
    let rest = bytes
    if (this.#stage === 'proxy') {
      const header = this.#proxyHeader(bytes)
      if (header === undefined) return undefined
      this.#stage = 'tls'
      rest = bytes.subarray(header)
    }
    if (rest.length === 0) return undefined
    this.#stage = 'frames'
    return this.#mayPass(rest) ? rest : undefined
  }

  #hold(bytes: Buffer): undefined {
    this.#held = bytes
  }

  #proxyHeader(bytes: Buffer): number | undefined {
    try {
      const header = readProxyHeader(bytes)
      if (header === undefined) return this.#hold(bytes)
      this.#connection.proxied(header.attributes)
      return header.byteLength
    } catch (error) {
      return this.#refuse(error instanceof Error ? error.message : String(error))
    }
  }

  /** True when frames follow unciphered. */
  #mayPass(bytes: Buffer): boolean {
    const { mode, tlsContext } = this.#setup
    if (bytes[0] !== HANDSHAKE) {
      if (mode !== 'enforcing') return true
      this.#refuse('it is not ciphered, and this server serves TLS only')
    } else if (mode === 'disabled') {
      this.#refuse('it begins a TLS handshake, and TLS is disabled here')
    } else {
      this.#startTls(tlsContext, bytes)
    }
    return false
  }

  #startTls(tlsContext: () => TlsContext, received: Buffer): void {
    try {
      this.#socket.startTls(tlsContext(), { received })
    } catch (error) {
      this.#refuse(error instanceof Error ? error.message : String(error))
    }
  }

  #refuse(reason: string): undefined {
    const { remoteAddress } = this.#connection
    this.#stage = 'frames'
    this.#setup.logger.warn({ remoteAddress, reason }, 'closing a connection at its first bytes')
    const text = `cannot serve ${remoteAddress}: ${reason}`
    this.#connection.destroy(new RocketMQError('RMQ_PROTOCOL', text, { address: remoteAddress }))
  }
}

function asBuffer(chunk: Uint8Array): Buffer {
  return Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength)
}
