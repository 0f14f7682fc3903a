// SPDX-License-Identifier: Apache-2.0
// A host as records and message ids carry it: 4 or 16 address bytes and a 32-bit port.
import type { SocketAddress } from '@rocketmq-ts/runtime'
import { int32At, putInt32 } from './integers.ts'

const IPV4_BYTES = 4
const IPV6_BYTES = 16

/** Whether the address is IPv6 text; the sysFlag of a record with such a host needs its V6 bit. */
export function isIpv6(host: string): boolean {
  return host.includes(':')
}

/**
 * The 8 or 20 bytes of an address; keep them, one per connection, rather than encode per message.
 * @throws {RangeError} when the host is a name and not an address.
 */
export function encodeHost(address: SocketAddress): Uint8Array {
  const bytes = new Uint8Array((isIpv6(address.host) ? IPV6_BYTES : IPV4_BYTES) + 4)
  writeHost(bytes, 0, address)
  return bytes
}

/** Writes the 8 or 20 bytes; returns the position behind them. An IPv4 address allocates nothing. */
export function writeHost(target: Uint8Array, at: number, address: SocketAddress): number {
  const end = isIpv6(address.host)
    ? writeIpv6(target, at, address.host)
    : writeIpv4(target, at, address.host)
  return putInt32(target, end, address.port)
}

/** Reads 8 or 20 bytes. */
export function decodeHost(bytes: Uint8Array, at: number, byteLength: 8 | 20): SocketAddress {
  const host = byteLength === 8 ? ipv4Text(bytes, at) : ipv6Text(bytes, at)
  return { host, port: int32At(bytes, at + byteLength - 4) }
}

function writeIpv4(target: Uint8Array, at: number, host: string): number {
  let part = 0
  let digits = 0
  let end = at
  for (let index = 0; index <= host.length; index += 1) {
    const unit = index === host.length ? 0x2e : host.charCodeAt(index)
    if (unit === 0x2e && digits > 0 && end < at + IPV4_BYTES) {
      target[end] = part
      end += 1
      part = 0
      digits = 0
    } else if (unit >= 0x30 && unit <= 0x39 && part * 10 + unit - 0x30 <= 255) {
      part = part * 10 + unit - 0x30
      digits += 1
    } else {
      return notAnAddress(host)
    }
  }
  return end === at + IPV4_BYTES ? end : notAnAddress(host)
}

function writeIpv6(target: Uint8Array, at: number, host: string): number {
  const [head = '', tail, more] = host.replace(/%.*$/, '').split('::')
  const front = ipv6Groups(head, host)
  const back = tail === undefined ? [] : ipv6Groups(tail, host)
  const missing = 8 - front.length - back.length
  if (more !== undefined || (tail === undefined ? missing !== 0 : missing < 1)) {
    return notAnAddress(host)
  }
  let end = at
  for (const group of [...front, ...Array<number>(missing).fill(0), ...back]) {
    target[end] = group >> 8
    target[end + 1] = group
    end += 2
  }
  return end
}

function ipv6Groups(text: string, host: string): number[] {
  if (text === '') return []
  return text.split(':').flatMap((group, index, all) => {
    if (group.includes('.') && index === all.length - 1) {
      const quad = new Uint8Array(IPV4_BYTES)
      writeIpv4(quad, 0, group)
      return [int32At(quad, 0) >>> 16, int32At(quad, 0) & 0xffff]
    }
    if (!/^[0-9a-fA-F]{1,4}$/.test(group)) return notAnAddress(host)
    return [Number.parseInt(group, 16)]
  })
}

function ipv4Text(bytes: Uint8Array, at: number): string {
  return `${bytes[at]}.${bytes[at + 1]}.${bytes[at + 2]}.${bytes[at + 3]}`
}

/** The longest run of zero groups is written `::`, as Node writes addresses. */
function ipv6Text(bytes: Uint8Array, at: number): string {
  const groups: string[] = []
  for (let index = at; index < at + IPV6_BYTES; index += 2) {
    groups.push((((bytes[index] as number) << 8) | (bytes[index + 1] as number)).toString(16))
  }
  const text = groups.join(':')
  const runs = text.match(/(?:^|:)0(?::0)+(?=:|$)/g) ?? []
  const longest = runs.toSorted(
    (a, b) => b.replace(/^:/, '').length - a.replace(/^:/, '').length,
  )[0]
  if (longest === undefined) return text
  const start = text.indexOf(longest)
  const before = text.slice(0, start)
  const after = text.slice(start + longest.length)
  return `${before}::${after.replace(/^:/, '')}`
}

function notAnAddress(host: string): never {
  throw new RangeError(`'${host}' is not an IP address`)
}
