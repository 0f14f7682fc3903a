// SPDX-License-Identifier: Apache-2.0
// Checksums of the log's newest blocks, computed while it grows.
import { crc32 } from 'node:zlib'

/** A block without a checksum: it was not seen whole, or its checksum happens to be this. */
export const NO_SUM = 0

/** CRC-32 of each block from {@link first} on. All offsets are log offsets; segments begin at multiples of the block's size. */
export class BlockSums {
  readonly blockBytes: number
  readonly #zeros: Uint8Array
  #sums: number[] = []
  #first = 0
  #next = 0
  #crc = 0
  #isWhole = true

  constructor(blockBytes: number) {
    this.blockBytes = blockBytes
    this.#zeros = new Uint8Array(blockBytes)
  }

  /** Where the first block starts that is known. */
  get first(): number {
    return this.#first
  }

  /** Everything below has been taken. */
  get next(): number {
    return this.#next
  }

  /** Goes on at an offset, knowing nothing of what lies below. */
  restart(offset: number): void {
    this.#sums = []
    this.#next = offset
    this.#first = offset - (offset % this.blockBytes)
    this.#crc = 0
    this.#isWhole = offset === this.#first
  }

  /** Goes on at the start of a block; what is known of the blocks below stays. */
  cut(blockStart: number): void {
    const kept = (blockStart - this.#first) / this.blockBytes
    if (kept < 0 || kept > this.#sums.length) {
      this.restart(blockStart)
      return
    }
    this.#sums.length = kept
    this.#next = blockStart
    this.#crc = 0
    this.#isWhole = true
  }

  /** The next bytes of the log. */
  take(bytes: Uint8Array): void {
    for (let at = 0; at < bytes.length;) {
      const room = this.blockBytes - (this.#next % this.blockBytes)
      const length = Math.min(room, bytes.length - at)
      const isAll = at === 0 && length === bytes.length
      this.#crc = crc32(isAll ? bytes : bytes.subarray(at, at + length), this.#crc)
      this.#next += length
      at += length
      if (length === room) this.#close()
    }
  }

  /** The log goes on at an offset that begins a block; what lies between was never written and reads as zero. */
  skipTo(offset: number): void {
    const rest = this.#next % this.blockBytes
    if (rest > 0) this.take(this.#zeros.subarray(rest))
    while (this.#next < offset) {
      this.#sums.push(NO_SUM)
      this.#next += this.blockBytes
    }
  }

  /** Checksum of the block that starts at an offset, or {@link NO_SUM}. */
  at(blockStart: number): number {
    return this.#sums[(blockStart - this.#first) / this.blockBytes] ?? NO_SUM
  }

  /** Forgets the blocks below an offset at which one starts. */
  drop(below: number): void {
    const count = Math.min(this.#sums.length, (below - this.#first) / this.blockBytes)
    if (count <= 0) return
    this.#sums = this.#sums.slice(count)
    this.#first += count * this.blockBytes
  }

  #close(): void {
    this.#sums.push(this.#isWhole ? this.#crc : NO_SUM)
    this.#crc = 0
    this.#isWhole = true
  }
}
