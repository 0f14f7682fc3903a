// SPDX-License-Identifier: Apache-2.0
// The PROXY protocol, versions 1 and 2: what a load balancer says about the client before the client's own bytes.
//
//   v1  PROXY TCP4 <source> <destination> <source port> <destination port> CR LF, at most 108 characters before CR
//   v2  0d 0a 0d 0a 00 0d 0a 51 55 49 54 0a | version 2, command | family, transport | uint16 length | addresses | TLVs
//
// What is accepted is what Netty's HAProxyMessageDecoder accepts; what becomes of it is what RocketMQ's server makes of it.
import { RocketMQError } from '../errors.ts'

/** Java tells the protocols apart by this many bytes, and answers nothing, nor closes anything, before it has them. */
export const FIRST_BYTES = 12

const TEXT_PREFIX = Buffer.from('PROXY')
const BINARY_PREFIX = Buffer.from('0d0a0d0a000d0a515549540a', 'hex')
const MAX_LINE_BYTES = 108
const BINARY_HEADER_BYTES = 16
/** A TLV of fewer bytes is not looked at: Netty leaves an empty one at the end unread. */
const MIN_TLV_BYTES = 4
const TLV_SSL = 0x20

/** The names Java gives to what it learned; see {@link Connection.attributes}. */
export const ProxyAttribute = {
  ADDR: 'proxy_protocol_addr',
  PORT: 'proxy_protocol_port',
  SERVER_ADDR: 'proxy_protocol_server_addr',
  SERVER_PORT: 'proxy_protocol_server_port',
  /** Followed by the TLV's type, two hexadecimal digits. */
  TLV_PREFIX: 'proxy_protocol_tlv_0x',
} as const

/** Bytes that begin like this protocol and then break its rules. */
class MalformedHeader extends RocketMQError {
  constructor(reason: string) {
    super('RMQ_PROTOCOL', `cannot read a PROXY protocol header: ${reason}`)
  }
}

/** A header that has been read. */
export interface ProxyHeader {
  /** What it said. Empty when the balancer speaks for itself or does not know. */
  readonly attributes: ReadonlyMap<string, string>
  /** Where the connection's own bytes begin. */
  readonly byteLength: number
}

/** Whether a connection begins with a PROXY protocol header; asks for {@link FIRST_BYTES}. */
export function beginsWithProxyHeader(bytes: Buffer): boolean {
  return startsWith(bytes, BINARY_PREFIX) || startsWith(bytes, TEXT_PREFIX)
}

function startsWith(bytes: Buffer, prefix: Buffer): boolean {
  return bytes.compare(prefix, 0, prefix.length, 0, prefix.length) === 0
}

/**
 * Reads the header at the start of `bytes`; undefined when more bytes are needed.
 * @throws {RMQ_PROTOCOL} when it is malformed.
 */
export function readProxyHeader(bytes: Buffer): ProxyHeader | undefined {
  return startsWith(bytes, BINARY_PREFIX) ? readBinary(bytes) : readLine(bytes)
}

function readLine(bytes: Buffer): ProxyHeader | undefined {
  const end = bytes.indexOf('\r\n')
  // The last byte may be the CR whose LF is still to come.
  if (end > MAX_LINE_BYTES || (end < 0 && bytes.length > MAX_LINE_BYTES + 1)) {
    throw new MalformedHeader(`the line is longer than ${MAX_LINE_BYTES} bytes`)
  }
  if (end < 0) return undefined
  const line = bytes.toString('latin1', 0, end).replace(/ +$/, '')
  const [word, family, source = '', destination = '', ...ports] = line.split(' ')
  if (word !== 'PROXY') throw new MalformedHeader('it does not begin with PROXY')
  const byteLength = end + 2
  if (family === 'UNKNOWN') return { attributes: new Map(), byteLength }
  const isAddress = family === 'TCP4' ? isIpv4 : family === 'TCP6' ? isIpv6 : undefined
  if (isAddress === undefined) throw new MalformedHeader(`unknown family ${String(family)}`)
  if (ports.length !== 2 || !isAddress(source) || !isAddress(destination)) {
    throw new MalformedHeader(`'${line}' does not name two addresses and two ports`)
  }
  const [sourcePort = 0, destinationPort = 0] = ports.map(portOf)
  return {
    attributes: attributesOf({ source, sourcePort, destination, destinationPort }),
    byteLength,
  }
}

function portOf(text: string): number {
  const port = /^[+]?\d{1,9}$/.test(text) ? Number(text) : 0
  if (port < 1 || port > 65_535) throw new MalformedHeader(`${text} is not a port`)
  return port
}

function isIpv4(text: string): boolean {
  const parts = text.split('.')
  return parts.length === 4 && parts.every((part) => /^\d{1,3}$/.test(part) && Number(part) < 256)
}

function isIpv6(text: string): boolean {
  const bare = text.replace(/^\[(.*)\]$/, '$1').replace(/%.*$/, '')
  const halves = bare.split('::')
  if (halves.length > 2 || !bare.includes(':')) return false
  let groups = 0
  for (const [index, half] of halves.entries()) {
    const parts = half === '' ? [] : half.split(':')
    for (const [place, part] of parts.entries()) {
      const isLast = index === halves.length - 1 && place === parts.length - 1
      if (isLast && isIpv4(part)) groups += 2
      else if (/^[0-9a-f]{1,4}$/i.test(part)) groups += 1
      else return false
    }
  }
  return halves.length === 2 ? groups < 8 : groups === 8
}

function readBinary(bytes: Buffer): ProxyHeader | undefined {
  if (bytes.length < FIRST_BYTES + 1) return undefined
  const versionAndCommand = bytes.readUInt8(FIRST_BYTES)
  if (versionAndCommand >>> 4 !== 2) throw new MalformedHeader('the version is not 2')
  if (bytes.length < BINARY_HEADER_BYTES) return undefined
  const byteLength = BINARY_HEADER_BYTES + bytes.readUInt16BE(14)
  if (bytes.length < byteLength) return undefined
  const command = versionAndCommand & 0x0f
  const family = bytes.readUInt8(13)
  const rest = bytes.subarray(BINARY_HEADER_BYTES, byteLength)
  if (command > 1) throw new MalformedHeader(`unknown command ${command}`)
  // Command LOCAL: the balancer looks whether we are alive.
  if (command === 0 || family === 0) return { attributes: new Map(), byteLength }
  const readAddresses = ADDRESS_READERS.get(family)
  if (readAddresses === undefined) throw new MalformedHeader(`unknown family ${family}`)
  const { size, read } = readAddresses
  if (rest.length < size) throw new MalformedHeader('the addresses are not all there')
  const attributes = attributesOf(read(rest))
  readTlvs(rest.subarray(size), attributes)
  return { attributes, byteLength }
}

interface Addresses {
  readonly source: string
  readonly sourcePort: number
  readonly destination: string
  readonly destinationPort: number
}

interface AddressReader {
  readonly size: number
  readonly read: (bytes: Buffer) => Addresses
}

/** Two addresses of `size` bytes each, then two ports. */
function ipReader(size: number, text: (bytes: Buffer) => string): AddressReader {
  return {
    size: size * 2 + 4,
    read: (bytes) => ({
      source: text(bytes.subarray(0, size)),
      destination: text(bytes.subarray(size, size * 2)),
      sourcePort: bytes.readUInt16BE(size * 2),
      destinationPort: bytes.readUInt16BE(size * 2 + 2),
    }),
  }
}

const unixReader: AddressReader = {
  size: 216,
  read: (bytes) => ({
    source: pathText(bytes.subarray(0, 108)),
    destination: pathText(bytes.subarray(108, 216)),
    sourcePort: 0,
    destinationPort: 0,
  }),
}

function pathText(bytes: Buffer): string {
  const end = bytes.indexOf(0)
  return bytes.toString('latin1', 0, end < 0 ? bytes.length : end)
}

const ipv4Reader = ipReader(4, (bytes) => bytes.join('.'))
// As Java writes it here: no group is left out.
const ipv6Reader = ipReader(16, (bytes) =>
  [0, 2, 4, 6, 8, 10, 12, 14].map((at) => bytes.readUInt16BE(at).toString(16)).join(':'),
)

/** By family and transport: 1 IPv4, 2 IPv6, 3 Unix; 1 stream, 2 datagram. */
const ADDRESS_READERS: ReadonlyMap<number, AddressReader> = new Map([
  [0x11, ipv4Reader],
  [0x12, ipv4Reader],
  [0x21, ipv6Reader],
  [0x22, ipv6Reader],
  [0x31, unixReader],
  [0x32, unixReader],
])

function attributesOf(addresses: Addresses): Map<string, string> {
  const { source, sourcePort, destination, destinationPort } = addresses
  const attributes = new Map<string, string>()
  if (source.trim() !== '') attributes.set(ProxyAttribute.ADDR, source)
  if (sourcePort > 0) attributes.set(ProxyAttribute.PORT, String(sourcePort))
  if (destination.trim() !== '') attributes.set(ProxyAttribute.SERVER_ADDR, destination)
  if (destinationPort > 0) attributes.set(ProxyAttribute.SERVER_PORT, String(destinationPort))
  return attributes
}

/** Values that are not printable ASCII are left out. */
function readTlvs(bytes: Buffer, into: Map<string, string>): void {
  let at = 0
  while (bytes.length - at >= MIN_TLV_BYTES) {
    const type = bytes.readUInt8(at)
    const end = at + 3 + bytes.readUInt16BE(at + 1)
    if (end > bytes.length) throw new MalformedHeader('a TLV is longer than the header')
    const value = bytes.subarray(at + 3, end)
    if (value.every((byte) => byte >= 32 && byte <= 126)) {
      const key = ProxyAttribute.TLV_PREFIX + type.toString(16).padStart(2, '0')
      into.set(key, value.toString('latin1'))
    }
    if (type === TLV_SSL) {
      // One byte about the client, four about the verification, then TLVs of its own.
      if (value.length < 5) throw new MalformedHeader('the TLV about TLS is too short')
      readTlvs(value.subarray(5), into)
    }
    at = end
  }
}
