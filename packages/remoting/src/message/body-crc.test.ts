// SPDX-License-Identifier: Apache-2.0
import { crc32 } from 'node:zlib'
import { expect, test } from 'vitest'
import { bodyCrc } from './index.ts'

test('the table and the native checksum agree at every length around the switch, at any start', () => {
  const bytes = Buffer.from(Array.from({ length: 600 }, (_, index) => (index * 167 + 13) & 255))
  for (let start = 0; start < 9; start += 1) {
    for (let end = start; end <= 300; end += 1) {
      expect(bodyCrc(bytes, start, end)).toBe(crc32(bytes.subarray(start, end)) & 0x7fffffff)
    }
  }
})
