// SPDX-License-Identifier: Apache-2.0
// PROXY protocol headers are taken and refused as Netty does, by what Netty made of the same bytes.
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { RocketMQError } from '../errors.ts'
import { beginsWithProxyHeader, FIRST_BYTES, readProxyHeader } from './proxy-protocol.ts'

interface Case {
  readonly name: string
  readonly hex: string
  readonly detected: 'DETECTED' | 'INVALID' | 'NEEDS_MORE_DATA'
  readonly outcome?: 'message' | 'more' | 'error'
  readonly left?: number
  readonly sourceAddress?: string | null
  readonly sourcePort?: number
  readonly destinationAddress?: string | null
  readonly destinationPort?: number
  readonly tlvs?: readonly (readonly [string, string])[]
}

const path = new URL('../../test/golden/proxy-protocol.json', import.meta.url)
const { cases } = JSON.parse(readFileSync(path, 'utf8')) as { cases: readonly Case[] }

/** What RocketMQ's server keeps of Netty's message. */
function attributesOf(message: Case): Record<string, string> {
  const { sourceAddress, sourcePort, destinationAddress, destinationPort, tlvs = [] } = message
  const kept: Record<string, string> = {}
  if (typeof sourceAddress === 'string') kept['proxy_protocol_addr'] = sourceAddress
  if (sourcePort !== undefined && sourcePort > 0) kept['proxy_protocol_port'] = String(sourcePort)
  if (typeof destinationAddress === 'string')
    kept['proxy_protocol_server_addr'] = destinationAddress
  if (destinationPort !== undefined && destinationPort > 0) {
    kept['proxy_protocol_server_port'] = String(destinationPort)
  }
  for (const [type, hex] of tlvs) {
    const value = Buffer.from(hex, 'hex')
    if (value.every((byte) => byte >= 32 && byte <= 126)) {
      kept[`proxy_protocol_tlv_0x${type}`] = value.toString()
    }
  }
  return kept
}

test('there are cases of every outcome', () => {
  const outcomes = new Set(cases.map(({ detected, outcome }) => outcome ?? detected))
  expect([...outcomes].toSorted()).toEqual([
    'INVALID',
    'NEEDS_MORE_DATA',
    'error',
    'message',
    'more',
  ])
})

test.each(cases)('$name', (given) => {
  const bytes = Buffer.from(given.hex, 'hex')
  if (bytes.length < FIRST_BYTES) {
    expect(given.detected).toBe('NEEDS_MORE_DATA')
    return
  }
  expect(beginsWithProxyHeader(bytes)).toBe(given.detected === 'DETECTED')
  if (given.detected !== 'DETECTED') return
  if (given.outcome === 'error') {
    expect(() => readProxyHeader(bytes)).toThrow(RocketMQError)
  } else if (given.outcome === 'more') {
    expect(readProxyHeader(bytes)).toBeUndefined()
  } else {
    const header = readProxyHeader(bytes)!
    expect(bytes.length - header.byteLength).toBe(given.left)
    expect(Object.fromEntries(header.attributes)).toEqual(attributesOf(given))
  }
})

test.each(cases.filter(({ outcome }) => outcome === 'message'))(
  'no part of "$name" is taken for the whole',
  ({ hex, left = 0 }) => {
    const bytes = Buffer.from(hex, 'hex')
    for (let length = FIRST_BYTES; length < bytes.length - left; length++) {
      expect(readProxyHeader(bytes.subarray(0, length))).toBeUndefined()
    }
  },
)

test('whatever one byte is changed to, the outcome is a header, a wait or a refusal', () => {
  const outcomes = new Set<string>()
  for (const { hex, detected } of cases) {
    if (detected !== 'DETECTED') continue
    const bytes = Buffer.from(hex, 'hex')
    for (let at = 0; at < bytes.length; at++) {
      const kept = bytes[at] ?? 0
      for (const value of [0, 1, 0x20, 0x0d, 0x7f, 0xff, kept ^ 0x10]) {
        bytes[at] = value
        if (!beginsWithProxyHeader(bytes)) continue
        try {
          const header = readProxyHeader(bytes)
          expect(header?.byteLength ?? 0).toBeLessThanOrEqual(bytes.length)
          outcomes.add(header === undefined ? 'wait' : 'header')
        } catch (error) {
          expect(error).toMatchObject({ code: 'RMQ_PROTOCOL' })
          outcomes.add('refusal')
        }
      }
      bytes[at] = kept
    }
  }
  expect([...outcomes].toSorted()).toEqual(['header', 'refusal', 'wait'])
})
