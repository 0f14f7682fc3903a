// SPDX-License-Identifier: Apache-2.0
// Altered records, batches and compressed bodies: readers end in a message or in the one error they promise, in bounded space.
import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { RocketMQError } from '../errors.ts'
import { iterateBatch } from './batch.ts'
import { decompress, type CompressionType } from './compression.ts'
import { decodeMessage, decodeMessages } from './decode-message.ts'
import { decodeProperties } from './properties.ts'

interface Recorded {
  readonly hex: string
}

function recorded(name: string): Record<string, Recorded[]> {
  const url = new URL(`../../test/golden/${name}.json`, import.meta.url)
  return JSON.parse(readFileSync(url, 'utf8')) as Record<string, Recorded[]>
}

function bytesOf(list: readonly Recorded[] | undefined): Buffer[] {
  return (list ?? []).map(({ hex }) => Buffer.from(hex, 'hex')).filter(({ length }) => length > 0)
}

const messages = recorded('messages')
const records = [
  ...bytesOf(messages['encoded']),
  ...bytesOf(recorded('stored-messages')['messages']),
]
const batches = bytesOf(messages['batches'])
const compressed = (
  recorded('compression')['compressors'] as (Recorded & { type: CompressionType })[]
)
  .filter(({ hex }) => hex.length > 0 && hex.length < 100_000)
  .map(({ hex, type }) => [type, Buffer.from(hex, 'hex')] as const)

const INTEGERS = [0, 1, -1, 127, 32_767, 65_535, 2_147_483_647, -2_147_483_648]

/** Some bytes changed, an integer put anywhere, the end cut off. */
function altered(bytes: Buffer): fc.Arbitrary<Buffer> {
  return fc
    .tuple(
      fc.array(fc.tuple(fc.nat(bytes.length - 1), fc.nat(255)), { maxLength: 3 }),
      fc.option(fc.tuple(fc.nat(bytes.length - 1), fc.constantFrom(...INTEGERS))),
      fc.option(fc.nat(bytes.length), { freq: 4 }),
    )
    .map(([changes, integer, cutAt]) => {
      const copy = Buffer.from(bytes)
      for (const [at, byte] of changes) copy[at] = byte
      if (integer !== null && integer[0] + 4 <= copy.length)
        copy.writeInt32BE(integer[1], integer[0])
      return cutAt === null ? copy : copy.subarray(0, cutAt)
    })
}

function oneOf(originals: readonly Buffer[]): fc.Arbitrary<Buffer> {
  return fc.constantFrom(...originals).chain(altered)
}

function expectPromised(read: () => unknown): void {
  try {
    read()
  } catch (error) {
    expect(RocketMQError.is(error) && error.code, String(error)).toBe('RMQ_PROTOCOL')
  }
}

test('there are originals', () => {
  expect(records.length).toBeGreaterThan(20)
  expect(batches.length).toBeGreaterThan(1)
  expect(new Set(compressed.map(([type]) => type))).toEqual(new Set(['ZLIB', 'LZ4', 'ZSTD']))
})

describe('altered', () => {
  test('records', () => {
    fc.assert(
      fc.property(oneOf(records), fc.boolean(), (bytes, checkCrc) => {
        expectPromised(() => decodeMessage(bytes, 0, { checkCrc }))
      }),
      { numRuns: 3000 },
    )
  })

  test('rows of records', () => {
    fc.assert(
      fc.property(fc.array(oneOf(records), { minLength: 1, maxLength: 3 }), (rows) => {
        expectPromised(() => decodeMessages(Buffer.concat(rows)))
      }),
      { numRuns: 1000 },
    )
  })

  test('batches', () => {
    fc.assert(
      fc.property(oneOf(batches), (bytes) => {
        expectPromised(() => [...iterateBatch(bytes)])
      }),
      { numRuns: 2000 },
    )
  })

  test('compressed bodies', () => {
    fc.assert(
      fc.property(
        fc
          .constantFrom(...compressed)
          .chain(([type, bytes]) => altered(bytes).map((changed) => [type, changed] as const)),
        ([type, bytes]) => {
          expectPromised(() => decompress(bytes, type))
        },
      ),
      { numRuns: 2000 },
    )
  })
})

test('any text gives properties, none of them out of thin air', () => {
  fc.assert(
    fc.property(
      fc
        .array(
          fc.constantFrom('a', 'KEYS', '\u0001', '\u0002', '__proto__', 'constructor', '', 'é'),
        )
        .map((parts) => parts.join('')),
      (text) => {
        const properties = decodeProperties(text)
        for (const [name, value] of Object.entries(properties)) {
          expect(text).toContain(`${name}\u0001${value}`)
        }
      },
    ),
    { numRuns: 2000 },
  )
})
