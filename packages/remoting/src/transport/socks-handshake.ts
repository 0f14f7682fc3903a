// SPDX-License-Identifier: Apache-2.0
// The client's part of a SOCKS5 handshake (RFC 1928, RFC 1929): bytes in, bytes to send out.
import type { SocketAddress } from '@rocketmq-ts/runtime'
import type { SocksProxy } from './socks-rules.ts'

const VERSION = 5
const NO_AUTHENTICATION = 0
const PASSWORD = 2
const CONNECT = 1
const IPV4 = 1
const NAME = 3
const IPV6 = 4

const REPLIES: readonly string[] = [
  'succeeded',
  'general failure',
  'not allowed by its rules',
  'network unreachable',
  'host unreachable',
  'connection refused',
  'time to live expired',
  'command not supported',
  'address type not supported',
]

/** What to do after some bytes of the proxy. */
export interface SocksStep {
  readonly send?: Uint8Array
  /** Set once the connection is through: bytes that came behind the handshake. */
  readonly rest?: Buffer
}

/** One handshake. */
export class SocksHandshake {
  readonly #proxy: SocksProxy
  readonly #target: SocketAddress
  #held: Buffer = Buffer.alloc(0)
  #stage: 'method' | 'password' | 'connect' = 'method'

  constructor(proxy: SocksProxy, target: SocketAddress) {
    this.#proxy = proxy
    this.#target = target
  }

  /** What to send first. */
  hello(): Uint8Array {
    return this.#proxy.username === undefined && this.#proxy.password === undefined
      ? Uint8Array.of(VERSION, 1, NO_AUTHENTICATION)
      : Uint8Array.of(VERSION, 2, NO_AUTHENTICATION, PASSWORD)
  }

  /** @throws {Error} that says what the proxy refused. */
  receive(chunk: Uint8Array): SocksStep {
    this.#held = Buffer.concat([this.#held, chunk])
    const bytes = this.#held
    switch (this.#stage) {
      case 'method':
        return bytes.length < 2 ? {} : this.#method(bytes)
      case 'password':
        return bytes.length < 2 ? {} : this.#checked(bytes)
      case 'connect':
        return this.#connected(bytes)
    }
  }

  #method(bytes: Buffer): SocksStep {
    const [version, method] = bytes
    this.#held = bytes.subarray(2)
    if (version !== VERSION) throw new Error('it does not speak SOCKS5')
    if (method === NO_AUTHENTICATION) return this.#askToConnect()
    const { username = '', password = '' } = this.#proxy
    if (method !== PASSWORD || (username === '' && password === '')) {
      throw new Error('it does not take the credentials offered')
    }
    this.#stage = 'password'
    return { send: Buffer.concat([Buffer.of(1), counted(username), counted(password)]) }
  }

  #checked(bytes: Buffer): SocksStep {
    if (bytes[1] !== 0) throw new Error('it refuses username and password')
    this.#held = bytes.subarray(2)
    return this.#askToConnect()
  }

  #askToConnect(): SocksStep {
    const { host, port } = this.#target
    this.#stage = 'connect'
    return {
      send: Buffer.concat([
        Buffer.of(VERSION, CONNECT, 0),
        targetBytes(host),
        Buffer.of(port >>> 8, port & 0xff),
      ]),
    }
  }

  #connected(bytes: Buffer): SocksStep {
    const [, reply = 0, , type] = bytes
    if (bytes.length >= 2 && reply !== 0) {
      throw new Error(`it answers: ${REPLIES[reply] ?? `failure ${reply}`}`)
    }
    if (bytes.length < 5) return {}
    const addressBytes =
      type === IPV4 ? 4 : type === IPV6 ? 16 : type === NAME ? 1 + (bytes[4] ?? 0) : undefined
    if (addressBytes === undefined) throw new Error('its answer has an unknown address type')
    const end = 4 + addressBytes + 2
    return bytes.length < end ? {} : { rest: bytes.subarray(end) }
  }
}

function counted(text: string): Buffer {
  const bytes = Buffer.from(text)
  return Buffer.concat([Buffer.of(bytes.length), bytes])
}

/** IPv6 goes as text: the proxy resolves it like a name. */
function targetBytes(host: string): Buffer {
  const parts = host.split('.')
  return parts.length === 4 && parts.every((part) => /^\d{1,3}$/.test(part) && Number(part) < 256)
    ? Buffer.of(IPV4, ...parts.map(Number))
    : Buffer.concat([Buffer.of(NAME), counted(host)])
}
