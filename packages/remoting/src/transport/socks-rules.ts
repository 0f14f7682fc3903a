// SPDX-License-Identifier: Apache-2.0
// Which addresses are reached through which SOCKS5 proxy. Java: socksProxyConfig, a JSON map of CIDR blocks.
import { RocketMQError } from '../errors.ts'
import { parseAddress } from './address.ts'

/** A proxy and what to tell it. */
export interface SocksProxy {
  readonly host: string
  readonly port: number
  readonly username?: string
  readonly password?: string
}

/** The proxy for a server's host, undefined when it is reached directly. */
export type SocksRules = (host: string) => SocksProxy | undefined

const EVERYWHERE = '0.0.0.0/0'

/**
 * Reads `{"10.0.0.0/8":{"addr":"proxy:1080","username":"u","password":"p"},"0.0.0.0/0":{"addr":…}}`. The first block that holds
 * the address counts, in the order given; a host name is in `0.0.0.0/0` only.
 * @throws {RMQ_INVALID_ARGUMENT} naming the block that cannot be read.
 */
export function parseSocksRules(json: string): SocksRules {
  const rules = Object.entries(parseObject(json)).map(([block, proxy]) => ({
    contains: blockOf(block),
    proxy: proxyOf(block, proxy),
  }))
  return (host) => rules.find(({ contains }) => contains(host))?.proxy
}

function parseObject(json: string): object {
  try {
    const parsed: unknown = JSON.parse(json)
    if (typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed)) return parsed
  } catch (cause) {
    throw bad('it is not JSON', cause)
  }
  throw bad('it is not an object')
}

function blockOf(block: string): (host: string) => boolean {
  if (block === EVERYWHERE) return () => true
  const [text = '', bits = ''] = block.split('/')
  const network = ipv4Number(text)
  if (network === undefined || !/^\d{1,2}$/.test(bits) || Number(bits) > 32) {
    throw bad(`'${block}' is not a block such as 10.0.0.0/8`)
  }
  const size = 2 ** (32 - Number(bits))
  return (host) => {
    const address = ipv4Number(host)
    return address !== undefined && Math.floor(address / size) === Math.floor(network / size)
  }
}

function ipv4Number(text: string): number | undefined {
  const parts = text.split('.')
  if (parts.length !== 4 || parts.some((part) => !/^\d{1,3}$/.test(part) || Number(part) > 255)) {
    return undefined
  }
  return parts.reduce((sum, part) => sum * 256 + Number(part), 0)
}

function proxyOf(block: string, value: unknown): SocksProxy {
  const { addr, username, password } = (value ?? {}) as Readonly<Record<string, unknown>>
  if (typeof addr !== 'string') throw bad(`'${block}' has no addr`)
  for (const text of [username, password]) {
    if (text === undefined || text === null) continue
    if (typeof text !== 'string' || Buffer.byteLength(text) > 255) {
      throw bad(`username and password of '${block}' must be texts of at most 255 bytes`)
    }
  }
  return {
    ...parseAddress(addr),
    ...(typeof username === 'string' && username !== '' ? { username } : {}),
    ...(typeof password === 'string' && password !== '' ? { password } : {}),
  }
}

function bad(reason: string, cause?: unknown): RocketMQError {
  return new RocketMQError('RMQ_INVALID_ARGUMENT', `cannot use socksProxyConfig: ${reason}`, {
    cause,
  })
}
