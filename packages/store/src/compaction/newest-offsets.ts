// SPDX-License-Identifier: Apache-2.0
// The newest queue offset of each key, in bounded memory; Java's OffsetMap.
import { hash } from 'node:crypto'

const HASH_BYTES = 16
const ENTRY_BYTES = HASH_BYTES + 8
const FIRST_CAPACITY = 1024
/** Part of the slots that may be taken. */
const FULL = 0.75
/** However little memory is given. */
const LEAST_CAPACITY = 128

/** An open table of 128-bit hashes: long enough that two keys of a queue do not share one. */
export class NewestOffsets {
  readonly #maxKeys: number
  #hashes: Uint32Array
  #offsets: Float64Array
  #count = 0
  /** Offset of the last key that was put; 0 before. */
  lastOffset = 0

  constructor(maxBytes: number) {
    const most = Math.max(LEAST_CAPACITY, powerOfTwoUpTo(maxBytes / ENTRY_BYTES))
    this.#maxKeys = Math.floor(most * FULL)
    const capacity = Math.min(FIRST_CAPACITY, most)
    this.#hashes = new Uint32Array(capacity * 4)
    this.#offsets = new Float64Array(capacity)
  }

  get count(): number {
    return this.#count
  }

  /** Offsets come in ascending order. False when there is no room for a further key. */
  put(key: Uint8Array, offset: number): boolean {
    const words = hashOf(key)
    let slot = this.#slotOf(words)
    if (this.#offsets[slot] === 0) {
      if (this.#count >= this.#maxKeys) return false
      if (this.#count + 1 > this.#offsets.length * FULL) {
        this.#grow()
        slot = this.#slotOf(words)
      }
      this.#hashes.set(words, slot * 4)
      this.#count++
    }
    // One more, so that zero says that the slot is free.
    this.#offsets[slot] = offset + 1
    this.lastOffset = offset
    return true
  }

  /** −1 for a key that was not put. */
  get(key: Uint8Array): number {
    return (this.#offsets[this.#slotOf(hashOf(key))] ?? 0) - 1
  }

  #slotOf(words: Uint32Array): number {
    const mask = this.#offsets.length - 1
    let slot = (words[0] ?? 0) & mask
    while (this.#offsets[slot] !== 0 && !this.#isAt(slot, words)) slot = (slot + 1) & mask
    return slot
  }

  #isAt(slot: number, words: Uint32Array): boolean {
    for (let i = 0; i < 4; i++) if (this.#hashes[slot * 4 + i] !== words[i]) return false
    return true
  }

  #grow(): void {
    const hashes = this.#hashes
    const offsets = this.#offsets
    this.#hashes = new Uint32Array(hashes.length * 2)
    this.#offsets = new Float64Array(offsets.length * 2)
    for (let from = 0; from < offsets.length; from++) {
      const offset = offsets[from] ?? 0
      if (offset === 0) continue
      const words = hashes.subarray(from * 4, from * 4 + 4)
      const slot = this.#slotOf(words)
      this.#hashes.set(words, slot * 4)
      this.#offsets[slot] = offset
    }
  }
}

function hashOf(key: Uint8Array): Uint32Array {
  const digest = hash('sha256', key, 'buffer')
  const words = new Uint32Array(4)
  for (let i = 0; i < 4; i++) words[i] = digest.readUInt32LE(i * 4)
  return words
}

function powerOfTwoUpTo(count: number): number {
  return count < 1 ? 1 : 2 ** Math.floor(Math.log2(count))
}
