// SPDX-License-Identifier: Apache-2.0
// One simulated file: what the kernel has, what the disk has, and which sectors differ.
import type { SimRandom } from './sim-random.ts'
import { PAGE_BYTES, SECTOR_BYTES, SparseBytes } from './sparse-bytes.ts'

/** Sectors that one write-back of the kernel looks at. */
const WRITE_BACK_SECTORS = 64
/** A disk with large sectors keeps or loses whole pages. */
const SECTORS_OF_A_PAGE = PAGE_BYTES / SECTOR_BYTES

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
  /** Lengths the file has had since the disk's; each of them may be what a loss of power leaves. */
  #lengths: number[] = []
  #change = 0
  modifiedMs = 0

  constructor(kernel: SparseBytes = new SparseBytes(), disk: SparseBytes = new SparseBytes()) {
    this.kernel = kernel
    this.disk = disk
  }

  write(bytes: Uint8Array, position: number): void {
    if (bytes.length === 0) return
    this.#change++
    if (position + bytes.length > this.kernel.byteLength) {
      this.#noteLength(position + bytes.length)
    }
    this.kernel.write(bytes, position)
    const last = Math.floor((position + bytes.length - 1) / SECTOR_BYTES)
    for (let sector = Math.floor(position / SECTOR_BYTES); sector <= last; sector++) {
      this.#dirty.set(sector, this.#change)
    }
  }

  truncate(byteLength: number): void {
    this.#change++
    if (byteLength !== this.kernel.byteLength) this.#noteLength(byteLength)
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

  /**
   * A failed flush: the kernel reports it once and then takes the bytes for clean. The disk has some of them; of the others
   * reads see the new bytes for as long as they stay in memory, which `evicts` ends for half of them.
   */
  loseFlush(flush: FlushUnderWay, random: SimRandom, evicts: boolean): void {
    const old = new Uint8Array(SECTOR_BYTES)
    for (const [sector, bytes] of flush.sectors) {
      const isCovered = (this.#dirty.get(sector) ?? 0) <= flush.change
      if (random.once(3)) this.#putOnDisk(sector, bytes)
      else if (evicts && isCovered && random.once(2)) {
        old.fill(0)
        this.disk.read(old, sector * SECTOR_BYTES)
        this.kernel.setSector(sector, old)
      }
    }
    this.#forget(flush)
  }

  /** The kernel brings some bytes to the disk although nobody asked: later versions of the same sectors may then be lost. */
  writeBack(random: SimRandom): void {
    const bytes = new Uint8Array(SECTOR_BYTES)
    let seen = 0
    for (const sector of this.#dirty.keys()) {
      if (++seen > WRITE_BACK_SECTORS) return
      if (random.once(2)) continue
      bytes.fill(0)
      this.kernel.read(bytes, sector * SECTOR_BYTES)
      this.#putOnDisk(sector, bytes)
    }
  }

  /**
   * What a loss of power leaves: of what was not flushed any set of sectors, or of pages, or what changed first; and a length
   * that the file has had since the last flush.
   */
  afterPowerLoss(random: SimRandom): SimInode {
    const disk = this.disk.clone()
    const length = this.#lengths[random.below(2 * this.#lengths.length)]
    if (length !== undefined) disk.truncate(length)
    const survives = this.#choiceOf(random)
    const bytes = new Uint8Array(SECTOR_BYTES)
    for (const [sector, change] of this.#dirty) {
      if (!survives(sector, change)) continue
      bytes.fill(0)
      this.kernel.read(bytes, sector * SECTOR_BYTES)
      disk.setSector(sector, bytes)
    }
    return new SimInode(disk.clone(), disk)
  }

  /** A bit turns over while the disk rests. */
  flipBit(bit: number): void {
    this.disk.flipBit(bit)
    this.kernel.flipBit(bit)
  }

  get heldBytes(): number {
    return this.kernel.heldBytes
  }

  /** Bytes of space that a write would take in addition. */
  bytesToHold(position: number, byteLength: number): number {
    return this.kernel.bytesToHold(position, byteLength)
  }

  #choiceOf(random: SimRandom): (sector: number, change: number) => boolean {
    if (random.once(4)) {
      const last = this.#change - random.below(this.#dirty.size + 1)
      return (_sector, change) => change <= last
    }
    const share = random.below(5)
    if (random.once(2)) return () => random.below(4) < share
    const pages = new Map<number, boolean>()
    return (sector) => {
      const page = Math.floor(sector / SECTORS_OF_A_PAGE)
      const known = pages.get(page) ?? random.below(4) < share
      pages.set(page, known)
      return known
    }
  }

  #noteLength(byteLength: number): void {
    this.#lengthChange = this.#change
    this.#lengths.push(byteLength)
  }

  // The disk's length grows with its bytes, or they would be out of reach.
  #putOnDisk(sector: number, bytes: Uint8Array): void {
    const end = Math.min((sector + 1) * SECTOR_BYTES, this.kernel.byteLength)
    if (end > this.disk.byteLength) this.disk.truncate(end)
    this.disk.setSector(sector, bytes)
  }

  #forget(flush: FlushUnderWay): void {
    for (const sector of flush.sectors.keys()) {
      if ((this.#dirty.get(sector) ?? 0) <= flush.change) this.#dirty.delete(sector)
    }
    if (this.#lengthChange <= flush.change) {
      this.#lengthChange = 0
      this.#lengths = []
    }
  }
}
