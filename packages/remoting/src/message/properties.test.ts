// SPDX-License-Identifier: Apache-2.0
import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  decodeProperties,
  encodeProperties,
  findProperty,
  propertyEnd,
  PropertyScanner,
} from './index.ts'

const names = ['TAGS', 'KEYS', 'TAG', 'TAGSX', '标', 'a']

/** Texts full of the separators, so that every malformed shape comes up. */
const text = fc
  .array(fc.constantFrom(...names, '\u0001', '\u0002', 'v', ''), { maxLength: 14 })
  .map((parts) => parts.join(''))

function found(bytes: Buffer, name: string, from: number, to: number): string | undefined {
  const start = findProperty(bytes, Buffer.from(name), from, to)
  return start < 0 ? undefined : bytes.toString('utf8', start, propertyEnd(bytes, start, to))
}

test('finding one property in bytes gives what parsing all gives', () => {
  fc.assert(
    fc.property(text, (encoded) => {
      const properties = decodeProperties(encoded)
      const bytes = Buffer.from(`\u0002pad${encoded}`, 'utf8')
      for (const name of names) {
        expect(found(bytes, name, 4, bytes.length)).toBe(properties[name])
      }
    }),
    { numRuns: 500, seed: 1 },
  )
})

test('scanning for several properties gives what parsing all gives', () => {
  const scanner = new PropertyScanner(names)
  fc.assert(
    fc.property(text, (encoded) => {
      const properties = decodeProperties(encoded)
      const bytes = Buffer.from(`${encoded}TAGS\u0001no\u0002`, 'utf8')
      const to = Buffer.byteLength(encoded)
      scanner.scan(bytes, 0, to)
      names.forEach((name, slot) => {
        const start = scanner.start(slot)
        const value = start < 0 ? undefined : bytes.toString('utf8', start, scanner.end(slot))
        expect(value).toBe(properties[name])
      })
    }),
    { numRuns: 500, seed: 2 },
  )
})

test('well-formed properties survive encoding and decoding', () => {
  const clean = fc
    .array(fc.constantFrom('a', 'b', ' ', '=', '\n', '中', '🚀'), { minLength: 1, maxLength: 6 })
    .map((parts) => parts.join(''))
  fc.assert(
    fc.property(fc.dictionary(clean, clean), (properties) => {
      expect({ ...decodeProperties(encodeProperties(properties)) }).toEqual({ ...properties })
    }),
    { seed: 3 },
  )
})
