// SPDX-License-Identifier: Apache-2.0
// Addresses as texts: what is one, its value, and whether it lies in a range.

const MAX_PREFIX_4 = 32
const MAX_PREFIX_6 = 128

/** Four decimal numbers up to 255 without leading zeros. @see InetAddressValidator.isValidInet4Address */
export function isIpv4(text: string): boolean {
  return /^(?:(?:25[0-5]|2[0-4]\d|1\d\d|[1-9]?\d)(?:\.(?!$)|$)){4}$/.test(text)
}

/** Groups of hex digits, `::`, a dotted end, a zone and a prefix length. @see InetAddressValidator.isValidInet6Address */
export function isIpv6(text: string): boolean {
  const [address = '', prefix, ...more] = text.split('/')
  if (more.length > 0) return false
  if (prefix !== undefined && !(/^\d{1,3}$/.test(prefix) && Number(prefix) <= MAX_PREFIX_6)) {
    return false
  }
  const [plain = '', zone, ...others] = address.split('%')
  if (others.length > 0 || (zone !== undefined && !/^[^\s/%]+$/.test(zone))) return false
  return ipv6Value(plain) !== undefined
}

/** An address, or an address and a prefix length. Host names are not looked up. @see IPAddressUtils.isValidIPOrCidr */
export function isIpOrCidr(text: string): boolean {
  if (isIpv4(text) || isIpv6(text)) return true
  return parseCidr(text) !== undefined
}

/**
 * Whether an address is the one that `rule` names or lies in the range it names; undefined when `rule` or the address cannot be read.
 * Addresses of both kinds are compared as numbers, and an IPv4 address in an IPv6 one counts as what it holds, as in Java.
 * @see IPAddressUtils.isIPInRange
 */
export function isIpInRange(ip: string, rule: string): boolean | undefined {
  if (!rule.includes('/')) return ip === rule || isSameIpv6(ip, rule)
  const cidr = parseCidr(rule)
  const value = ipValue(ip)
  if (cidr === undefined || value === undefined) return undefined
  const shift = BigInt(cidr.bits - cidr.prefix)
  return value.value >> shift === cidr.value >> shift
}

/** One IPv6 address can be written in several ways; Java compares the texts only. */
function isSameIpv6(ip: string, rule: string): boolean {
  if (!ip.includes(':') || !rule.includes(':')) return false
  const value = ipv6Value(ip)
  return value !== undefined && value === ipv6Value(rule)
}

interface Cidr {
  readonly value: bigint
  readonly bits: number
  readonly prefix: number
}

function parseCidr(text: string): Cidr | undefined {
  const [address = '', prefixText = '', ...more] = text.split('/')
  if (more.length > 0 || !/^\d{1,3}$/.test(prefixText)) return undefined
  const address_ = ipValue(address)
  const prefix = Number(prefixText)
  return address_ === undefined || prefix > address_.bits ? undefined : { ...address_, prefix }
}

/** An address as a number; an IPv4 address mapped into IPv6 is the IPv4 one. */
export function ipValue(
  text: string,
): { readonly value: bigint; readonly bits: number } | undefined {
  if (isIpv4(text)) return { value: ipv4Value(text), bits: MAX_PREFIX_4 }
  const value = ipv6Value(text)
  if (value === undefined) return undefined
  return value >> 32n === 0xffffn
    ? { value: value & 0xffff_ffffn, bits: MAX_PREFIX_4 }
    : { value, bits: MAX_PREFIX_6 }
}

function ipv4Value(text: string): bigint {
  let value = 0n
  for (const part of text.split('.')) value = (value << 8n) | BigInt(part)
  return value
}

function ipv6Value(text: string): bigint | undefined {
  const halves = text.split('::')
  if (halves.length > 2) return undefined
  const head = groupsOf(halves[0] ?? '', halves.length === 1)
  const tail = groupsOf(halves[1] ?? '', true)
  if (head === undefined || tail === undefined) return undefined
  const missing = 8 - head.length - tail.length
  if (halves.length === 1 ? missing !== 0 : missing < 0) return undefined
  let value = 0n
  for (const group of [...head, ...Array.from({ length: missing }, () => 0), ...tail]) {
    value = (value << 16n) | BigInt(group)
  }
  return value
}

/** Groups between colons; the last of the address may be a dotted IPv4 address. */
function groupsOf(text: string, isEnd: boolean): readonly number[] | undefined {
  if (text === '') return []
  const groups: number[] = []
  const parts = text.split(':')
  for (const [index, part] of parts.entries()) {
    if (isEnd && index === parts.length - 1 && part.includes('.')) {
      if (!isIpv4(part)) return undefined
      const value = Number(ipv4Value(part))
      groups.push(Math.floor(value / 0x1_0000), value % 0x1_0000)
    } else if (/^[\da-f]{1,4}$/i.test(part)) groups.push(Number.parseInt(part, 16))
    else return undefined
  }
  return groups
}

/** The address in `host:port`, without the brackets of IPv6 and without the IPv6 form of an IPv4 address. */
export function hostOf(remoteAddress: string): string {
  const colon = remoteAddress.lastIndexOf(':')
  const host = colon < 0 ? remoteAddress : remoteAddress.slice(0, colon)
  const plain = host.startsWith('[') && host.endsWith(']') ? host.slice(1, -1) : host
  return plain.toLowerCase().startsWith('::ffff:') && isIpv4(plain.slice(7))
    ? plain.slice(7)
    : plain
}
