// SPDX-License-Identifier: Apache-2.0
// LZ4 frames against Java's reader and writer, against hand-written bytes, and against damage.
import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { compress, decompress, type CompressionType } from './compression.ts'
import { lz4BlockBound, lz4BlockLength } from './lz4-block.ts'
import { decodeLz4Frames, encodeLz4Frame } from './lz4-frame.ts'
import { xxh32 } from './xxh32.ts'

interface Body {
  readonly text: string
  readonly times: number
}
const golden = JSON.parse(
  readFileSync(new URL('../../test/golden/compression.json', import.meta.url), 'utf8'),
) as {
  readonly compressors: readonly {
    type: CompressionType
    level: number
    body: Body
    hex: string
  }[]
  readonly frames: readonly { name: string; body: Body; hex: string }[]
  readonly damaged: readonly { name: string; hex: string; text?: string; error?: string }[]
  readonly xxh32: readonly number[]
}

const LIMIT = 16 * 1024 * 1024
const bytesOf = ({ text, times }: Body): Buffer => Buffer.from(text.repeat(times))
const unhex = (hex: string): Buffer => Buffer.from(hex, 'hex')
const decoded = (bytes: Uint8Array, limit: number = LIMIT): Buffer =>
  Buffer.from(decodeLz4Frames(bytes, limit))

test('the hash is the one of Java', () => {
  golden.xxh32.forEach((hash, length) => {
    const bytes = Uint8Array.from({ length: length + 2 }, (_, index) => (index - 1) * 37 + 11)
    expect(xxh32(bytes, 1, length + 1), `${length} bytes`).toBe(hash)
  })
})

describe('what Java’s compressors wrote is restored', () => {
  test.each(golden.compressors.map((one) => [`${one.type} ${one.level}`, one] as const))(
    '%s',
    (_, { type, body, hex }) => {
      expect(Buffer.from(decompress(unhex(hex), type)).equals(bytesOf(body))).toBe(true)
    },
  )
  test.each(golden.frames)('$name', ({ body, hex }) => {
    expect(decoded(unhex(hex)).equals(bytesOf(body))).toBe(true)
  })
})

test('our frames are hardly larger than those of Java', () => {
  for (const { type, body, hex } of golden.compressors) {
    if (type !== 'LZ4') continue
    const ours = compress(bytesOf(body), 'LZ4')
    expect(ours.length).toBeLessThanOrEqual(Math.ceil((hex.length / 2) * 1.1) + 4)
  }
})

test.each(golden.damaged)('$name: read or refused as by Java', ({ hex, text, error }) => {
  if (error === undefined) expect(decoded(unhex(hex)).toString()).toBe(text)
  else expect(() => decoded(unhex(hex))).toThrow(RangeError)
})

describe('hand-written frames', () => {
  /** A frame with these blocks, without checksums. */
  function frame(flags: number, ...blocks: readonly (readonly number[])[]): Buffer {
    const descriptor = Buffer.from([flags, 0x40])
    const parts = blocks.map((block) =>
      Buffer.from([block.length & 0xff, block.length >> 8, 0, 0, ...block]),
    )
    return Buffer.concat([
      unhex('04224d18'),
      descriptor,
      Buffer.from([(xxh32(descriptor) >>> 8) & 0xff]),
      ...parts,
      Buffer.alloc(4),
    ])
  }
  const literals = [0x40, ...Buffer.from('abcd')]
  // Copies four bytes from four back, then "e".
  const copies = [0x00, 4, 0, 0x10, ...Buffer.from('e')]
  const LINKED = 0x40
  const INDEPENDENT = 0x60

  test('linked blocks copy from those before them, independent ones may not', () => {
    expect(decoded(frame(LINKED, literals, copies)).toString()).toBe('abcdabcde')
    expect(() => decoded(frame(INDEPENDENT, literals, copies))).toThrow(/before the data/)
    const two = Buffer.concat([frame(LINKED, literals), frame(LINKED, copies)])
    expect(() => decoded(two)).toThrow(/before the data/)
  })

  test('a copy may overlap what it writes', () => {
    const block = [0x1f, 0x61, 1, 0, 50, 0x10, 0x62]
    expect(decoded(frame(INDEPENDENT, block)).toString()).toBe('a'.repeat(1 + 15 + 50 + 4) + 'b')
  })

  test.each([
    ['a copy from nowhere', [0x10, 0x61, 0, 0, 0x10, 0x62]],
    ['a block without an end', [0x10, 0x61, 1, 0]],
    ['a cut literal count', [0xf0, 255, 255]],
    ['more literals than bytes', [0x50, 0x61]],
    ['a cut match length', [0x1f, 0x61, 1, 0, 255]],
    ['more than a block may hold', [0x1f, 0x61, 1, 0, ...Array<number>(300).fill(255), 0, 0]],
  ])('%s is refused', (_, block) => {
    expect(() => decoded(frame(LINKED, block))).toThrow(RangeError)
  })

  test('dictionaries, reserved bits and other versions are refused', () => {
    for (const flags of [0x61, 0x62, 0x20, 0x80]) {
      expect(() => decoded(frame(flags, literals))).toThrow(RangeError)
    }
  })
})

describe('properties', () => {
  // Runs, repeats and noise in turn: what finds matches, near and far, and what finds none.
  const content = fc
    .array(
      fc.oneof(
        fc.uint8Array({ maxLength: 300 }),
        fc
          .tuple(fc.uint8Array({ minLength: 1, maxLength: 20 }), fc.integer({ min: 1, max: 3000 }))
          .map(([unit, times]) =>
            Uint8Array.from(
              { length: unit.length * times },
              (_, at) => unit[at % unit.length] as number,
            ),
          ),
      ),
      { maxLength: 8 },
    )
    .map((parts) => Buffer.concat(parts))

  test('what is compressed is restored, within the bound', () => {
    fc.assert(
      fc.property(content, (bytes) => {
        const frame = encodeLz4Frame(bytes)
        expect(frame.length).toBeLessThanOrEqual(11 + 4 + lz4BlockBound(bytes.length))
        expect(decoded(frame).equals(bytes)).toBe(true)
      }),
      { seed: 9, numRuns: 150 },
    )
  })

  test('damage is refused or read as something within the limit', () => {
    fc.assert(
      fc.property(content, fc.nat(), fc.integer({ min: 1, max: 255 }), (bytes, place, change) => {
        const frame = Buffer.from(encodeLz4Frame(bytes))
        const at = 7 + (place % (frame.length - 7))
        frame[at] = (frame[at] as number) ^ change
        try {
          expect(decoded(frame, 100_000).length).toBeLessThanOrEqual(100_000)
        } catch (error) {
          expect(error).toBeInstanceOf(RangeError)
        }
      }),
      { seed: 10, numRuns: 300 },
    )
  })
})

test('several blocks of 4 MiB, and the limit to the byte', () => {
  const bytes = Buffer.alloc(9 * 1024 * 1024, 'some text that goes on ')
  bytes.fill(0xa5, 5_000_000, 5_000_100)
  const frame = encodeLz4Frame(bytes)
  expect(decoded(frame, bytes.length).equals(bytes)).toBe(true)
  expect(() => decoded(frame, bytes.length - 1)).toThrow(/more than/)
})

test('a block says its length before anything is allocated', () => {
  const block = Buffer.from([0x1f, 0x61, 1, 0, ...Array<number>(1000).fill(255), 0, 0])
  expect(lz4BlockLength(block, 0, block.length, 1e6)).toBe(1 + 15 + 255_000 + 4)
  expect(() => lz4BlockLength(block, 0, block.length, 65_536)).toThrow(/more than 65536/)
})
