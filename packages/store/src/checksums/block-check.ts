// SPDX-License-Identifier: Apache-2.0
// Compares bytes that were read from the log with their checksums, no earlier and no further than they are used.
import { type LogChecksums, SUM_BLOCK_BYTES, sumStart } from './log-checksums.ts'

const SOUND = 1
const DAMAGED = 2

/** What is known of the checksummed blocks of a stretch of the log. */
export class BlockCheck {
  readonly #checksums: LogChecksums
  readonly #start: number
  readonly #bytes: Uint8Array
  readonly #sums: Int32Array
  /** What was found, for each checksum; 0 where nobody has looked yet. */
  readonly #found: Uint8Array

  /** @param sums Those of the blocks that lie whole in `bytes`, which begin at `start`. */
  constructor(checksums: LogChecksums, start: number, bytes: Uint8Array, sums: Int32Array) {
    this.#checksums = checksums
    this.#start = start
    this.#bytes = bytes
    this.#sums = sums
    this.#found = new Uint8Array(sums.length)
  }

  /** True when some byte from `from` up to `to` may not be what was written. */
  isDamaged(from: number, to: number): boolean {
    const first = sumStart(this.#start, 0)
    const last = Math.min(this.#sums.length - 1, Math.floor((to - 1 - first) / SUM_BLOCK_BYTES))
    const begin = Math.max(0, Math.floor((from - first) / SUM_BLOCK_BYTES))
    for (let i = begin; i <= last; i++) {
      if (this.#found[i] === 0) this.#found[i] = this.#look(i)
      if (this.#found[i] === DAMAGED) return true
    }
    return false
  }

  #look(i: number): number {
    const start = sumStart(this.#start, i)
    const at = start - this.#start
    const block = this.#bytes.subarray(at, at + SUM_BLOCK_BYTES)
    return this.#checksums.isSound(start, block, this.#sums[i] ?? 0) ? SOUND : DAMAGED
  }
}
