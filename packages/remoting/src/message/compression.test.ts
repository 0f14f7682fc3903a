// SPDX-License-Identifier: Apache-2.0
import { deflateSync } from 'node:zlib'
import { expect, test } from 'vitest'
import { compress, compressionFlag, compressionTypeOf, decompress, SysFlag } from './index.ts'

const body = Buffer.from('compress me, '.repeat(500))
const refused = expect.objectContaining({ code: 'RMQ_PROTOCOL' }) as unknown as Error

test.each(['ZLIB', 'ZSTD', 'LZ4'] as const)('%s restores what it compressed', (type) => {
  const small = compress(body, type)
  expect(small.length).toBeLessThan(body.length / 10)
  expect(Buffer.from(decompress(small, type)).equals(body)).toBe(true)
  expect(compressionTypeOf(compressionFlag(type))).toBe(type)
  for (const cut of [0, 1, small.length - 1]) {
    expect(() => decompress(small.subarray(0, cut), type)).toThrow(refused)
  }
})

test('a flag without a type means ZLIB, an unknown type is refused', () => {
  expect(compressionTypeOf(SysFlag.COMPRESSED)).toBe('ZLIB')
  expect(() => compressionTypeOf(SysFlag.COMPRESSED | 0x700)).toThrow(refused)
})

test('a body that grows without bound is refused, not kept', () => {
  const bomb = deflateSync(Buffer.alloc(129 * 1024 * 1024))
  expect(() => decompress(bomb, 'ZLIB')).toThrow(refused)
  expect(() => decompress(compress(Buffer.alloc(129 * 1024 * 1024), 'LZ4'), 'LZ4')).toThrow(refused)
})
