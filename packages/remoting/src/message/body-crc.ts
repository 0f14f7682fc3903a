// SPDX-License-Identifier: Apache-2.0
// The checksum of a message body: CRC-32 with its top bit cleared, as Java stores it.
import { crc32 } from 'node:zlib'

/** From here on the native checksum is faster than the table below, in spite of the call it costs. */
const NATIVE_FROM_BYTES = 192
const POLYNOMIAL = 0xedb88320
const MASK = 0x7fffffff

/** Eight tables of 256 entries: eight bytes are folded in per step. */
const TABLE: Int32Array = createTable()

/** CRC-32 of `bytes` from `start` up to `end`, from 0 to 2^31 − 1. Allocates nothing below 192 bytes. */
export function bodyCrc(bytes: Uint8Array, start: number, end: number): number {
  if (end - start >= NATIVE_FROM_BYTES) {
    const isWhole = start === 0 && end === bytes.length
    return crc32(isWhole ? bytes : bytes.subarray(start, end)) & MASK
  }
  let crc = -1
  let at = start
  for (const last = end - 8; at <= last; at += 8) {
    crc =
      entry(1792 + ((crc ^ byte(bytes, at)) & 255)) ^
      entry(1536 + (((crc >>> 8) ^ byte(bytes, at + 1)) & 255)) ^
      entry(1280 + (((crc >>> 16) ^ byte(bytes, at + 2)) & 255)) ^
      entry(1024 + ((crc >>> 24) ^ byte(bytes, at + 3))) ^
      entry(768 + byte(bytes, at + 4)) ^
      entry(512 + byte(bytes, at + 5)) ^
      entry(256 + byte(bytes, at + 6)) ^
      entry(byte(bytes, at + 7))
  }
  for (; at < end; at += 1) crc = (crc >>> 8) ^ entry((crc ^ byte(bytes, at)) & 255)
  return ~crc & MASK
}

function byte(bytes: Uint8Array, at: number): number {
  return bytes[at] as number
}

function entry(index: number): number {
  return TABLE[index] as number
}

function createTable(): Int32Array {
  const table = new Int32Array(8 * 256)
  for (let index = 0; index < 256; index += 1) {
    let crc = index
    for (let bit = 0; bit < 8; bit += 1) crc = crc & 1 ? (crc >>> 1) ^ POLYNOMIAL : crc >>> 1
    table[index] = crc
  }
  for (let index = 256; index < table.length; index += 1) {
    const previous = table[index - 256] as number
    table[index] = (previous >>> 8) ^ (table[previous & 255] as number)
  }
  return table
}
