// SPDX-License-Identifier: Apache-2.0
// Checksums of blocks while the log grows, is cut and grows again.
import { crc32 } from 'node:zlib'
import { expect, test } from 'vitest'
import { BlockSums, NO_SUM } from './block-sums.ts'

const BLOCK = 16
const log = Buffer.from(Array.from({ length: 80 }, (_, i) => (i * 37) & 0xff))

function sumOf(block: number, bytes: Uint8Array = log): number {
  return crc32(bytes.subarray(block * BLOCK, (block + 1) * BLOCK))
}

test('a cut keeps what is known of the blocks below it', () => {
  const sums = new BlockSums(BLOCK)
  sums.take(log)
  sums.cut(32)
  const other = Buffer.alloc(32, 7)
  sums.take(other)
  const all = [0, 1].map((block) => sums.at(block * BLOCK))
  expect(all).toEqual([sumOf(0), sumOf(1)])
  expect([32, 48].map((at) => sums.at(at))).toEqual([sumOf(0, other), sumOf(1, other)])
  expect([sums.first, sums.next]).toEqual([0, 64])
})

test('a cut within what is not whole yet begins that block anew', () => {
  const sums = new BlockSums(BLOCK)
  sums.take(log.subarray(0, 40))
  sums.cut(32)
  sums.take(log.subarray(32, 48))
  expect(sums.at(32)).toBe(sumOf(2))
})

test('a cut outside of what is known knows nothing below', () => {
  for (const at of [16, 96]) {
    const sums = new BlockSums(BLOCK)
    sums.restart(32)
    sums.take(log.subarray(32, 64))
    sums.cut(at)
    expect([sums.first, sums.next, sums.at(32)]).toEqual([at, at, NO_SUM])
  }
})
