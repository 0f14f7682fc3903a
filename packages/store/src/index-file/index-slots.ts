// SPDX-License-Identifier: Apache-2.0
// The slots of the index file that is written to, in memory: pages that were never touched take none.
import { int32At, putInt32 } from '@rocketmq-ts/remoting/message'
import type { OpenFile } from '@rocketmq-ts/runtime'
import { SLOT_BYTES, slotPosition } from './index-format.ts'
import { readAt, writeAt } from './index-io.ts'

const PAGE_SLOTS = 1024
const PAGE_BYTES = PAGE_SLOTS * SLOT_BYTES
/** Pages of one read or write. */
const PAGES_AT_ONCE = 64

/** All slots of one file. Nothing is changed while they are being written. */
export class IndexSlots {
  readonly #slots: number
  readonly #pages: (Uint8Array | undefined)[]
  readonly #changed: Set<number> = new Set()

  constructor(slots: number) {
    this.#slots = slots
    this.#pages = Array.from({ length: Math.ceil(slots / PAGE_SLOTS) }, () => undefined)
  }

  /** Number of the newest entry of a slot, 0 when there is none. */
  get(slot: number): number {
    const page = this.#pages[(slot / PAGE_SLOTS) | 0]
    return page === undefined ? 0 : int32At(page, (slot % PAGE_SLOTS) * SLOT_BYTES)
  }

  set(slot: number, entry: number): void {
    const index = (slot / PAGE_SLOTS) | 0
    let page = this.#pages[index]
    if (page === undefined) {
      page = new Uint8Array(PAGE_BYTES)
      this.#pages[index] = page
    }
    putInt32(page, (slot % PAGE_SLOTS) * SLOT_BYTES, entry)
    this.#changed.add(index)
  }

  /** Fills the slots from the file. */
  async load(file: () => OpenFile): Promise<void> {
    for (let first = 0; first < this.#pages.length; first += PAGES_AT_ONCE) {
      const pages = Math.min(PAGES_AT_ONCE, this.#pages.length - first)
      const bytes = new Uint8Array(pages * PAGE_BYTES)
      const wanted = Math.min(bytes.length, (this.#slots - first * PAGE_SLOTS) * SLOT_BYTES)
      const read = bytes.subarray(0, wanted)
      await readAt(file(), read, slotPosition(first * PAGE_SLOTS))
      for (let i = 0; i < pages; i++) {
        const page = bytes.subarray(i * PAGE_BYTES, (i + 1) * PAGE_BYTES)
        if (!isZero(page)) this.#pages[first + i] = page.slice()
      }
    }
  }

  /** Calls `visit` for each slot that has an entry. */
  eachUsed(visit: (slot: number, entry: number) => void): void {
    this.#pages.forEach((page, index) => {
      if (page === undefined) return
      for (let at = 0; at < PAGE_BYTES; at += SLOT_BYTES) {
        const entry = int32At(page, at)
        if (entry !== 0) visit(index * PAGE_SLOTS + at / SLOT_BYTES, entry)
      }
    })
  }

  /** Writes what was changed since the last time, neighbours together. */
  async write(file: () => OpenFile): Promise<void> {
    const changed = [...this.#changed].sort((a, b) => a - b)
    for (let from = 0; from < changed.length;) {
      const first = changed[from] ?? 0
      let to = from + 1
      while (to - from < PAGES_AT_ONCE && changed[to] === first + (to - from)) to++
      const chunks = changed.slice(from, to).map((index) => this.#bytesOf(index))
      await writeAt(file(), chunks, slotPosition(first * PAGE_SLOTS))
      for (const index of changed.slice(from, to)) this.#changed.delete(index)
      from = to
    }
  }

  /** The last page may reach over the last slot; entries begin there. */
  #bytesOf(index: number): Uint8Array {
    const page = this.#pages[index] ?? new Uint8Array(PAGE_BYTES)
    const left = (this.#slots - index * PAGE_SLOTS) * SLOT_BYTES
    return left < PAGE_BYTES ? page.subarray(0, left) : page
  }
}

function isZero(page: Uint8Array): boolean {
  const words = new Int32Array(page.buffer, page.byteOffset, page.length / 4)
  let at = 0
  while (at < words.length && words[at] === 0) at++
  return at === words.length
}
