// SPDX-License-Identifier: Apache-2.0
// One simulated file: what the kernel has, what the disk has, and which sectors differ.
import type { SimRandom } from './sim-random.ts'
import { SECTOR_BYTES, SparseBytes } from './sparse-bytes.ts'

/** A flush under way: what was in the kernel when it began. */
export interface FlushUnderWay {
  readonly change: number
  readonly byteLength: number
  readonly sectors: ReadonlyMap<number, Uint8Array>
}

/** A file without its name. */
export class SimInode {
  /** What a read sees. */
  readonly kernel: SparseBytes
  /** What a loss of power leaves, when luck is bad. */
  readonly disk: SparseBytes
  /** Sectors that the disk does not have, with the change that made them so. */
  readonly #dirty = new Map<number, number>()
  #lengthChange = 0
  #change = 0
  modifiedMs = 0

  constructor(kernel: SparseBytes = new SparseBytes(), disk: SparseBytes = new SparseBytes()) {
    this.kernel = kernel
    this.disk = disk
  }

  write(bytes: Uint8Array, position: number): void {
    if (bytes.length === 0) return
    this.#change++
    if (position + bytes.length > this.kernel.byteLength) this.#lengthChange = this.#change
    this.kernel.write(bytes, position)
    const last = Math.floor((position + bytes.length - 1) / SECTOR_BYTES)
    for (let sector = Math.floor(position / SECTOR_BYTES); sector <= last; sector++) {
      this.#dirty.set(sector, this.#change)
    }
  }

  truncate(byteLength: number): void {
    this.#change++
    if (byteLength !== this.kernel.byteLength) this.#lengthChange = this.#change
    for (const sector of this.kernel.truncate(byteLength)) this.#dirty.set(sector, this.#change)
  }

  /** A flush covers what was written before it began, and nothing else for certain. */
  beginFlush(): FlushUnderWay {
    const sectors = new Map<number, Uint8Array>()
    for (const sector of this.#dirty.keys()) {
      const bytes = new Uint8Array(SECTOR_BYTES)
      this.kernel.read(bytes, sector * SECTOR_BYTES)
      sectors.set(sector, bytes)
    }
    return { change: this.#change, byteLength: this.kernel.byteLength, sectors }
  }

  endFlush(flush: FlushUnderWay): void {
    this.disk.truncate(flush.byteLength)
    for (const [sector, bytes] of flush.sectors) this.disk.setSector(sector, bytes)
    this.#forget(flush)
  }

  /** A failed flush: the kernel reports it once and then takes the bytes for clean, although the disk does not have them. */
  loseFlush(flush: FlushUnderWay): void {
    this.#forget(flush)
  }

  /** What a loss of power leaves: each sector that was not flushed survives or not. */
  afterPowerLoss(random: SimRandom): SimInode {
    const survivors = random.below(5)
    const disk = this.disk.clone()
    if (this.#lengthChange > 0 && random.below(2) === 1) disk.truncate(this.kernel.byteLength)
    const bytes = new Uint8Array(SECTOR_BYTES)
    for (const sector of this.#dirty.keys()) {
      if (random.below(4) >= survivors) continue
      bytes.fill(0)
      this.kernel.read(bytes, sector * SECTOR_BYTES)
      disk.setSector(sector, bytes)
    }
    return new SimInode(disk.clone(), disk)
  }

  get heldBytes(): number {
    return this.kernel.heldBytes
  }

  #forget(flush: FlushUnderWay): void {
    for (const sector of flush.sectors.keys()) {
      if ((this.#dirty.get(sector) ?? 0) <= flush.change) this.#dirty.delete(sector)
    }
    if (this.#lengthChange <= flush.change) this.#lengthChange = 0
  }
}
