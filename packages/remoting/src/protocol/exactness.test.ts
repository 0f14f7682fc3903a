// SPDX-License-Identifier: Apache-2.0
// 64-bit numbers through whole frames and bodies: exact, or refused, never bent.
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parseJavaJson, writeJavaJson } from '../java-json/index.ts'
import * as shape from '../java-json/shape.ts'
import { javaLong, type JavaLong } from '../java-json/values.ts'
import { encodeFrame, readFrame } from '../testing/frames.ts'
import { BadField } from './bad-field.ts'
import { CommandScan } from './command-scan.ts'
import { compiledTable } from './compiled-table.ts'
import { FieldScan } from './field-scan.ts'
import { scanCommand } from './scan-command.ts'
import { long, offset, optional, readByHand, type FieldTable } from './schema.ts'

const MAX_LONG = 2n ** 63n - 1n
const MIN_LONG = -(2n ** 63n)
const MAX_SAFE = BigInt(Number.MAX_SAFE_INTEGER)

/** Anywhere in 64 bits, and close to every power of two, of ten, and both ends. */
const anyLong = fc.oneof(
  fc.bigInt({ min: MIN_LONG, max: MAX_LONG }),
  fc
    .tuple(fc.integer({ min: 0, max: 63 }), fc.integer({ min: -3, max: 3 }), fc.boolean())
    .map(([power, near, isNegative]) =>
      clamped((isNegative ? -1n : 1n) * 2n ** BigInt(power) + BigInt(near)),
    ),
  fc
    .tuple(fc.integer({ min: 0, max: 18 }), fc.integer({ min: -1, max: 1 }), fc.boolean())
    .map(([power, near, isNegative]) =>
      clamped((isNegative ? -1n : 1n) * 10n ** BigInt(power) + BigInt(near)),
    ),
)
const clamped = (value: bigint): bigint =>
  value > MAX_LONG ? MAX_LONG : value < MIN_LONG ? MIN_LONG : value
const isSafe = (value: bigint): boolean => value <= MAX_SAFE && value >= -MAX_SAFE

/** Other texts that Java reads as the same number. */
const spelling = fc.constantFrom(
  (value: bigint) => String(value),
  (value: bigint) => (value < 0n ? `-00${-value}` : `+00${value}`),
)

interface Numbers {
  readonly full: bigint
  readonly safe: number | undefined
}
const table: FieldTable<Numbers> = { full: long('full'), safe: optional(offset('safe')) }
const required: FieldTable<{ readonly safe: number }> = { safe: offset('safe') }
const strict = readByHand<Numbers>(table)

describe.each(['json', 'rocketmq'] as const)('a %s header', (encoding) => {
  const read = (ext: Readonly<Record<string, string>>): ReturnType<typeof readFrame> =>
    readFrame(encodeFrame(encoding, { code: 1 }, { table: {}, record: {}, ext }))

  test('reads every 64-bit number, however it is spelled', () => {
    fc.assert(
      fc.property(anyLong, spelling, (value, spell) => {
        const frame = read({ full: spell(value), safe: spell(value) })
        const safe = isSafe(value) ? Number(value) : undefined
        const found = frame.record(table)
        expect(found.full).toBe(value)
        expect(found.safe).toBe(safe)
        if (safe === undefined) {
          expect(() => frame.record(required)).toThrow('<safe> is null')
          expect(() => frame.record(strict)).toThrow(BadField)
        } else {
          expect(frame.record(required)).toEqual({ safe })
          expect(frame.record(strict)).toEqual({ full: value, safe })
        }
      }),
      { seed: 1, numRuns: 400 },
    )
  })

  test('writes what it reads, and reads in place what the record has', () => {
    fc.assert(
      fc.property(anyLong, fc.maxSafeInteger(), (full, safe) => {
        const bytes = encodeFrame(encoding, { code: 1 }, { table, record: { full, safe } })
        expect(readFrame(bytes).ext).toEqual(
          new Map([
            ['full', String(full)],
            ['safe', String(safe)],
          ]),
        )
        const scan = new CommandScan()
        scanCommand(scan, bytes, 4, bytes.length)
        const fields = new FieldScan()
        fields.match(scan, compiledTable(table))
        expect(fields.long(0)).toBe(full)
        expect(fields.offset(1)).toBe(safe)
      }),
      { seed: 2, numRuns: 300 },
    )
  })

  test('takes nothing beyond 64 bits', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 1n, max: 10n ** 30n }), fc.boolean(), (more, isNegative) => {
        const text = String(isNegative ? MIN_LONG - more : MAX_LONG + more)
        const frame = read({ full: text, safe: text })
        expect(() => frame.record(table)).toThrow('<full> is null')
        expect(() => frame.record(strict)).toThrow(BadField)
      }),
      { seed: 3, numRuns: 100 },
    )
  })
})

describe('a body', () => {
  interface Body {
    readonly full: JavaLong
    readonly safe: number
    readonly byOffset: ReadonlyMap<number, number>
  }
  const body = shape.record<Body>({
    full: shape.required(shape.long),
    safe: shape.required(shape.offset),
    byOffset: shape.required(shape.mapOf(shape.offset, shape.offset)),
  })

  test('carries every 64-bit number, in values and in bare keys', () => {
    fc.assert(
      fc.property(anyLong, fc.maxSafeInteger(), fc.maxSafeInteger(), (full, safe, key) => {
        const text = `{"full":${full},"safe":${safe},"byOffset":{${key}:${safe}}}`
        const read = body.read(parseJavaJson(text))
        expect(read).toEqual({ full: javaLong(full), safe, byOffset: new Map([[key, safe]]) })
        expect(writeJavaJson(body.write(read))).toBe(text)
        // Java's reader also takes numbers in quotes.
        const quoted = `{"full":"${full}","safe":"${safe}","byOffset":{"${key}":"${safe}"}}`
        expect(body.read(parseJavaJson(quoted))).toEqual(read)
      }),
      { seed: 4, numRuns: 300 },
    )
  })

  test('refuses what an offset cannot hold', () => {
    fc.assert(
      fc.property(anyLong, (value) => {
        fc.pre(!isSafe(value))
        for (const text of [String(value), `"${value}"`]) {
          const bad = `{"full":0,"safe":${text},"byOffset":{}}`
          expect(() => body.read(parseJavaJson(bad))).toThrow(/2\^53/)
        }
      }),
      { seed: 5, numRuns: 200 },
    )
  })
})
