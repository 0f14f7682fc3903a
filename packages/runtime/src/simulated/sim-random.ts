// SPDX-License-Identifier: Apache-2.0
// Random numbers from a seed.
import type { Random } from '../random.ts'

/** The same seed gives the same numbers. (sfc32) */
export class SimRandom implements Random {
  #a: number
  #b: number
  #c: number
  #counter = 1

  constructor(seed: number) {
    this.#a = 0x9e3779b9 ^ (seed | 0)
    this.#b = 0x243f6a88 ^ Math.floor(seed / 0x1_0000_0000)
    this.#c = 0xb7e15162
    for (let i = 0; i < 12; i++) this.#next()
  }

  below(bound: number): number {
    const unit = this.#next() * 0x20_0000 + (this.#next() >>> 11)
    return Math.floor((unit / 2 ** 53) * bound)
  }

  bytes(length: number): Uint8Array {
    return Uint8Array.from({ length }, () => this.#next() & 0xff)
  }

  /** A number from `from` up to, not including, `to`. */
  between(from: number, to: number): number {
    return from + (this.below(2 ** 32) / 2 ** 32) * (to - from)
  }

  /** True once in `outOf` times. */
  once(outOf: number): boolean {
    return this.below(outOf) === 0
  }

  /** Seed for an independent row of numbers. */
  fork(): SimRandom {
    return new SimRandom(this.below(2 ** 48))
  }

  #next(): number {
    const sum = (this.#a + this.#b + this.#counter++) | 0
    this.#a = this.#b ^ (this.#b >>> 9)
    this.#b = (this.#c + (this.#c << 3)) | 0
    this.#c = ((this.#c << 21) | (this.#c >>> 11)) + sum
    return sum >>> 0
  }
}
