// SPDX-License-Identifier: Apache-2.0
// The content of a simulated file: only pages that were written take memory.

export const SECTOR_BYTES = 512
export const PAGE_BYTES = 4096

/** Bytes by position; what was never written reads as zero. */
export class SparseBytes {
  #byteLength = 0
  readonly #pages = new Map<number, Uint8Array>()

  get byteLength(): number {
    return this.#byteLength
  }

  /** Copies into `into`; returns how many bytes there were. */
  read(into: Uint8Array, position: number): number {
    const end = Math.min(position + into.length, this.#byteLength)
    for (let at = position; at < end;) {
      const inPage = at % PAGE_BYTES
      const length = Math.min(PAGE_BYTES - inPage, end - at)
      const page = this.#pages.get((at - inPage) / PAGE_BYTES)
      if (page === undefined) into.fill(0, at - position, at - position + length)
      else into.set(page.subarray(inPage, inPage + length), at - position)
      at += length
    }
    return Math.max(0, end - position)
  }

  write(bytes: Uint8Array, position: number): void {
    for (let done = 0; done < bytes.length;) {
      const at = position + done
      const inPage = at % PAGE_BYTES
      const length = Math.min(PAGE_BYTES - inPage, bytes.length - done)
      const index = (at - inPage) / PAGE_BYTES
      let page = this.#pages.get(index)
      if (page === undefined) {
        page = new Uint8Array(PAGE_BYTES)
        this.#pages.set(index, page)
      }
      page.set(bytes.subarray(done, done + length), inPage)
      done += length
    }
    this.#byteLength = Math.max(this.#byteLength, position + bytes.length)
  }

  /** Sets the length; returns the sectors whose content this has changed. */
  truncate(byteLength: number): number[] {
    const changed: number[] = []
    if (byteLength < this.#byteLength) {
      for (const [index, page] of this.#pages) {
        const start = index * PAGE_BYTES
        if (start + PAGE_BYTES <= byteLength) continue
        const keep = Math.max(0, byteLength - start)
        page.fill(0, keep)
        const first = Math.floor((start + keep) / SECTOR_BYTES)
        const last = (start + PAGE_BYTES) / SECTOR_BYTES
        for (let sector = first; sector < last; sector++) changed.push(sector)
      }
    }
    this.#byteLength = byteLength
    return changed
  }

  /** Replaces one sector, as far as the content reaches. */
  setSector(sector: number, bytes: Uint8Array): void {
    const position = sector * SECTOR_BYTES
    const length = Math.min(bytes.length, this.#byteLength - position)
    if (length > 0) this.write(bytes.subarray(0, length), position)
  }

  /** Turns one bit over. Bits count from 0 over the whole content; one behind its end does nothing. */
  flipBit(bit: number): void {
    const at = Math.floor(bit / 8)
    const byte = new Uint8Array(1)
    if (this.read(byte, at) === 0) return
    byte[0] = (byte[0] ?? 0) ^ (1 << (bit % 8))
    this.write(byte, at)
  }

  /** Memory that a write would take in addition to {@link heldBytes}. */
  bytesToHold(position: number, byteLength: number): number {
    let missing = 0
    const end = position + byteLength
    for (let page = Math.floor(position / PAGE_BYTES); page * PAGE_BYTES < end; page++) {
      if (!this.#pages.has(page)) missing += PAGE_BYTES
    }
    return missing
  }

  clone(): SparseBytes {
    const copy = new SparseBytes()
    copy.#byteLength = this.#byteLength
    for (const [index, page] of this.#pages) copy.#pages.set(index, page.slice())
    return copy
  }

  /** Bytes of memory that hold content. */
  get heldBytes(): number {
    return this.#pages.size * PAGE_BYTES
  }
}
