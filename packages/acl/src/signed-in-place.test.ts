// SPDX-License-Identifier: Apache-2.0
// Signatures checked in the frame, against RFC 2202, node:crypto and the check over text.
import { createHmac } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { CommandScan, scanCommand } from '@rocketmq-ts/remoting'
import { encodeFrame } from '@rocketmq-ts/remoting/testing'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { signRequest, verifyRequest } from './signature.ts'
import { isSignedInPlace, signingKeyOf } from './signed-in-place.ts'

type Pair = readonly [name: Uint8Array | string, value: Uint8Array | string]

function scanOf(frame: Buffer): CommandScan {
  const scan = new CommandScan()
  scanCommand(scan, frame, 4, frame.length)
  return scan
}

/** Written by hand, so that names may come twice and bytes may be no text. */
function binaryScan(pairs: readonly Pair[], body: Uint8Array, version = 513): CommandScan {
  const parts: Buffer[] = []
  for (const [name, value] of pairs) {
    const bytes = [Buffer.from(name as string), Buffer.from(value as string)] as const
    const lengths = [Buffer.alloc(2), Buffer.alloc(4)] as const
    lengths[0].writeInt16BE(bytes[0].length)
    lengths[1].writeInt32BE(bytes[1].length)
    parts.push(lengths[0], bytes[0], lengths[1], bytes[1])
  }
  const ext = Buffer.concat(parts)
  const head = Buffer.alloc(33)
  head.writeInt32BE(29 + ext.length + body.length, 0)
  head.writeInt32BE((1 << 24) | (21 + ext.length), 4)
  head.writeInt16BE(310, 8)
  head.writeInt16BE(version, 11)
  head.writeInt32BE(ext.length, 25)
  return scanOf(Buffer.concat([head.subarray(0, 29), ext, body]))
}

function jsonScan(fields: ReadonlyMap<string, string>, body: Uint8Array): CommandScan {
  const ext = Object.fromEntries(fields)
  const head = { code: 310, version: 513 }
  return scanOf(encodeFrame('json', head, { table: {}, record: {}, ext, body }))
}

const digestOf = (key: string, text: string | Uint8Array): string =>
  createHmac('sha1', key).update(text).digest('base64')

// Keys and data of RFC 2202 that are text as well.
test.each([
  ['\u000b'.repeat(20), 'Hi There', 'b617318655057264e28bc0b6fb378c8ef146be00'],
  ['Jefe', 'what do ya want for nothing?', 'effcdf6ae5eb2fa2d27416d5f184df9c259a7c79'],
  ['\u000c'.repeat(20), 'Test With Truncation', '4c1a03424b55e07fe7f27be1d58bb9324a9a5a04'],
])('RFC 2202: %#', (key, text, hex) => {
  const Signature = Buffer.from(hex, 'hex').toString('base64')
  const sent: Pair[] = [['Signature', Signature]]
  expect(isSignedInPlace(signingKeyOf(key), binaryScan(sent, Buffer.from(text)))).toBe(true)
  expect(isSignedInPlace(signingKeyOf(`${key}x`), binaryScan(sent, Buffer.from(text)))).toBe(false)
})

interface GoldenSignature {
  name: string
  version: number
  secretKey: string
  bodyHex: string | null
  sent: Record<string, string>
}

const { cases } = JSON.parse(
  readFileSync(new URL('../test/golden/signatures.json', import.meta.url), 'utf8'),
) as { cases: GoldenSignature[] }

describe('what Java signed is signed', () => {
  test.each(cases.filter(({ name }) => !name.endsWith('4.9.3')))('$name', (one) => {
    const body = Buffer.from(one.bodyHex ?? '', 'hex')
    const pairs = Object.entries(one.sent)
    // Names beyond ASCII are put in order as text, by others.
    const isPlain = pairs.every(([name]) => /^[ -~]+$/.test(name))
    const scan = binaryScan(pairs, body, one.version)
    expect(isSignedInPlace(signingKeyOf(one.secretKey), scan)).toBe(isPlain)
    expect(isSignedInPlace(signingKeyOf('another key'), scan)).toBe(false)
  })
})

const names = fc.oneof(fc.string({ minLength: 1, maxLength: 12 }), fc.constantFrom('a', 'b', 'B'))
const fieldsOf = fc
  .uniqueArray(fc.tuple(names, fc.string({ unit: 'binary', minLength: 1, maxLength: 70 })), {
    selector: ([name]) => name,
    maxLength: 20,
  })
  .map((pairs) => new Map(pairs.filter(([name]) => !/^(AccessKey|Signature)$|["\\]/.test(name))))
const bodies = fc.uint8Array({ maxLength: 300 })
const keys = fc.oneof(fc.string({ minLength: 1 }), fc.string({ minLength: 60, maxLength: 90 }))

test('a right signature is right, in any order of fields and either encoding', () => {
  fc.assert(
    fc.property(fieldsOf, bodies, keys, (fields, body, secretKey) => {
      const added = Object.entries(signRequest({ accessKey: 'a', secretKey }, fields, body))
      const sent = new Map([...added, ...fields])
      const isText = [...fields].every((pair) => pair.join('').isWellFormed())
      if (!isText || sent.has('__proto__')) return
      const key = signingKeyOf(secretKey)
      expect(isSignedInPlace(key, binaryScan([...sent], body))).toBe(true)
      expect(isSignedInPlace(key, jsonScan(sent, body))).toBe(true)
    }),
  )
})

test('what passes in place passes as text, whatever the bytes', () => {
  const bytes = fc.uint8Array({ minLength: 1, maxLength: 6 })
  const letters = fc.constantFrom('a', 'b', 'Signature', '_UNIQUE_KEY_QUERY')
  const someNames = fc.oneof(letters, bytes)
  const values = fc.oneof(bytes, fc.constantFrom('x', 'é', '\ud83d\ude00'))
  const pairsOf = fc.array(fc.tuple(someNames, values), { maxLength: 6 })
  fc.assert(
    fc.property(pairsOf, bodies, fc.constantFrom(399, 513), (pairs, body, version) => {
      // Signed as its bytes are: more than what a server that reads text would sign.
      const signed = pairs
        .filter(([name]) => name !== 'Signature')
        .filter(([name]) => version > 399 || name !== '_UNIQUE_KEY_QUERY')
        .map(
          ([name, value]) => [Buffer.from(name as string), Buffer.from(value as string)] as const,
        )
        .sort(([a], [b]) => Buffer.compare(a, b))
        .map(([, value]) => value)
      const Signature = digestOf('s', Buffer.concat([...signed, body]))
      const scan = binaryScan([...pairs, ['Signature', Signature]], body, version)
      if (!isSignedInPlace(signingKeyOf('s'), scan)) return
      expect(verifyRequest('s', scan.extFields(), scan.body(), version)).toBe(true)
    }),
    { numRuns: 500 },
  )
})

test('another signature, body or field is none, wherever it differs', () => {
  const key = signingKeyOf('s')
  const body = Buffer.from('body')
  const Signature = digestOf('s', 'Tbody')
  const sentWith = (signature: string): CommandScan =>
    binaryScan(
      [
        ['b', 'T'],
        ['Signature', signature],
      ],
      body,
    )
  expect(isSignedInPlace(key, sentWith(Signature))).toBe(true)
  for (let at = 0; at < Signature.length; at++) {
    const wrong = Buffer.from(Signature)
    wrong[at]! ^= 1
    expect(isSignedInPlace(key, sentWith(wrong.toString()))).toBe(false)
  }
  for (const wrong of ['x', `${Signature}=`, Signature.slice(0, -1), Signature.toLowerCase()]) {
    expect(isSignedInPlace(key, sentWith(wrong))).toBe(false)
  }
  const unsigned = [['b', 'T']] as const
  expect(isSignedInPlace(key, binaryScan(unsigned, body))).toBe(false)
  const twice = [...unsigned, ['Signature', Signature], ['Signature', Signature]] as const
  expect(isSignedInPlace(key, binaryScan(twice, body))).toBe(false)
  const signed = [...unsigned, ['Signature', Signature]] as const
  expect(isSignedInPlace(key, binaryScan(signed, Buffer.from('bodY')))).toBe(false)
  expect(isSignedInPlace(key, binaryScan([...signed, ['z', '1']], body))).toBe(false)
})

test('two values whose bytes are a character only together are left to the text', () => {
  const [first, second] = [Buffer.from([0xc3]), Buffer.from([0xa9])]
  const Signature = digestOf('s', 'é')
  const pairs: Pair[] = [
    ['a', first],
    ['b', second],
    ['Signature', Signature],
  ]
  const scan = binaryScan(pairs, new Uint8Array())
  expect(verifyRequest('s', scan.extFields(), scan.body())).toBe(false)
  expect(isSignedInPlace(signingKeyOf('s'), scan)).toBe(false)
})
