// SPDX-License-Identifier: Apache-2.0
// White lists of access control 1.0: one address, several, a range, or all of them. @see RemoteAddressStrategyFactory
import { isIpv4, isIpv6 } from '../ip-address.ts'
import { PlainAclError } from './fault.ts'

/** Whether an address, without its port, is meant. */
export type AddressMatch = (ip: string) => boolean

const ALL: ReadonlySet<string> = new Set(['*', '*.*.*.*', '*:*:*:*:*:*:*:*'])
const MAX_BYTE = 255
const MAX_GROUP = 0xffff

/**
 * Reads `*`, `192.168.0.1`, `192.168.0.{1,2}`, `192.168.0.1,192.168.0.2`, `192.168.*.*`, `192.168.0.1-9` and the same of IPv6.
 * Blank: no address at all.
 * @throws {PlainAclError} when it is none of them.
 */
export function parseRemoteAddress(pattern: string | undefined): AddressMatch {
  if (pattern === undefined || pattern.trim() === '') return () => false
  if (ALL.has(pattern)) return () => true
  if (pattern.endsWith('}')) return anyOf(expandedList(pattern))
  if (pattern.includes(',')) return anyOf(pattern.split(',').filter((one) => one !== ''))
  if (pattern.includes('*') || pattern.includes('-')) {
    return pattern.includes(':') ? rangeOfIpv6(pattern) : rangeOfIpv4(pattern)
  }
  checkAddress(pattern)
  const only = expandedIp(pattern, 8)
  return (ip) => expandedIp(ip, 8) === only
}

/** `192.168.0.{1,2}` as its addresses. */
function expandedList(pattern: string): readonly string[] {
  const isIpv6Pattern = pattern.includes(':')
  const parts = pattern.split(isIpv6Pattern ? ':' : '.').filter((part) => part !== '')
  if (!isIpv6Pattern && parts.length < 4) {
    throw new PlainAclError('MultipleRemoteAddressStrategy has got a/some wrong format IP(s) ')
  }
  const last = parts.at(-1) ?? ''
  if (!last.startsWith('{')) {
    throw new PlainAclError(
      'MultipleRemoteAddressStrategy netaddress examine scope Exception netaddress',
    )
  }
  const head = pattern.slice(0, pattern.indexOf('{'))
  const ends = last.slice(1, -1).split(',')
  return ends.filter((end) => end !== '').map((end) => head + end)
}

function anyOf(addresses: readonly string[]): AddressMatch {
  const all = new Set<string>()
  for (const address of addresses) {
    checkAddress(address)
    all.add(isIpv4(address) ? address : expandedIp(address, 8))
  }
  return (ip) => all.has(isIpv6(ip) ? expandedIp(ip, 8) : ip)
}

function checkAddress(address: string): void {
  if (!isIpv4(address) && !isIpv6(address)) {
    throw new PlainAclError(`Netaddress examine Exception netaddress is ${address}`)
  }
}

interface Span {
  readonly start: number
  readonly end: number
}

/** The first part after the first that is `*` or a range decides; what stands behind it is not looked at, as in Java. */
function rangeOfIpv4(pattern: string): AddressMatch {
  const parts = pattern.split('.').filter((part) => part !== '')
  for (let index = 1; index <= 3; index++) {
    const span = spanOf((parts[index] ?? '').trim(), 10, MAX_BYTE)
    if (span === undefined || span.end === 0) continue
    if (parts.length !== 4) throw outOfScope(pattern)
    const before = parts.slice(0, index).map((part) => part.trim())
    if (before.slice(0, -1).some((part) => !isByte(part))) throw outOfScope(pattern)
    const head = `${before.join('.')}.`
    return (ip) => {
      if (!isIpv4(ip) || !ip.startsWith(head)) return false
      const value = Number(ip.split('.')[index])
      return value >= span.start && value <= span.end
    }
  }
  throw outOfScope(pattern)
}

function rangeOfIpv6(pattern: string): AddressMatch {
  checkPlaces(pattern)
  const parts = pattern.split(':').filter((part) => part !== '')
  for (const part of parts.slice(1)) {
    const span = spanOf(part.trim(), 16, MAX_GROUP)
    if (span === undefined || span.end === 0) continue
    const head = ipv6Head(pattern)
    const groups = head.split(':')
    if (groups.some((group) => !/^[\dA-F]{4}$/.test(group)) || groups.length > 7) {
      throw outOfScope(pattern)
    }
    return (ip) => {
      if (!isIpv6(ip)) return false
      const address = expandedIp(ip, 8)
      if (!address.startsWith(head)) return false
      const value = Number.parseInt(address.slice(5 * groups.length, 5 * groups.length + 4), 16)
      return value >= span.start && value <= span.end
    }
  }
  throw outOfScope(pattern)
}

/** `*` only at the end, a range only there or before a `*` at the end. @see AclUtils.IPv6AddressCheck */
function checkPlaces(pattern: string): void {
  const asterisk = pattern.indexOf('*')
  const minus = pattern.indexOf('-')
  const lastColon = pattern.lastIndexOf(':')
  const from = asterisk < 0 ? lastColon : pattern.lastIndexOf(':', lastColon - 1)
  if ((asterisk >= 0 && asterisk !== pattern.length - 1) || (minus >= 0 && minus <= from)) {
    throw outOfScope(pattern)
  }
}

/** What stands before the range, each group with four digits. @see AclUtils.v6ipProcess */
function ipv6Head(pattern: string): string {
  const isBoth = pattern.includes('*') && pattern.includes('-')
  let head = pattern.slice(0, pattern.lastIndexOf(':'))
  if (isBoth) head = head.slice(0, head.lastIndexOf(':'))
  return expandedIp(head, isBoth ? 6 : 7)
}

function spanOf(part: string, radix: 10 | 16, max: number): Span | undefined {
  if (part === '*') return { start: 0, end: max }
  if (!part.includes('-')) return undefined
  const digits = radix === 10 ? /^\d{1,3}$/ : /^[\da-f]{1,4}$/i
  const [first = '', second = ''] = part.split('-')
  if (!digits.test(first) || !digits.test(second)) throw wrongSpan(part)
  const span = { start: Number.parseInt(first, radix), end: Number.parseInt(second, radix) }
  if (span.start > span.end || span.end > max) throw wrongSpan(part)
  return span
}

function isByte(text: string): boolean {
  return /^\d{1,3}$/.test(text) && Number(text) <= MAX_BYTE
}

function wrongSpan(part: string): PlainAclError {
  return new PlainAclError(
    `RangeRemoteAddressStrategy netaddress examine scope Exception value ${part} `,
  )
}

function outOfScope(pattern: string): PlainAclError {
  return new PlainAclError(`Netaddress examine scope Exception netaddress is ${pattern}`)
}

/** Upper case, `::` filled up to `groups` groups, each with four digits. @see AclUtils.expandIP */
function expandedIp(address: string, groups: number): string {
  const upper = address.toUpperCase()
  const padCount = groups - (upper.split(':').length - 1)
  const filled = padCount > 0 ? upper.replaceAll('::', ':'.repeat(padCount + 1)) : upper
  return filled
    .split(':')
    .map((part) => part.padStart(4, '0'))
    .join(':')
}
