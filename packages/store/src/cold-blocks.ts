// SPDX-License-Identifier: Apache-2.0
// Stretches of the log read from files for messages that have left the tail: bounded, shared by all readers, with read-ahead.
import { BlockCheck } from './checksums/block-check.ts'
import type { LogChecksums } from './checksums/log-checksums.ts'
import type { SegmentFiles } from './segment-files.ts'

/** What is read for a message that nobody reads beside. */
const SCATTERED_BYTES = 16 * 1024
/** So many of these wanted of one block: whoever reads here reads most of it. */
const DENSE_UNITS = 5
/** Most reads that are begun for what a reader is going to want next. */
const MAX_OTHERS = 32

/** A stretch of the log that was read from a file. Never changes and is never used again, so views stay right for as long as they are kept. */
export class Block {
  readonly bytes: Buffer
  /** Log offset of the first byte. */
  readonly start: number
  /** Log offset behind the last byte that is valid. */
  readonly end: number
  readonly #check: BlockCheck | undefined
  #lastUnit = -1
  #unitsUsed: number

  constructor(options: {
    start: number
    bytes: Buffer
    byteLength: number
    check: BlockCheck | undefined
    unitsUsed: number
  }) {
    this.start = options.start
    this.bytes = options.bytes
    this.end = options.start + options.byteLength
    this.#check = options.check
    this.#unitsUsed = options.unitsUsed
  }

  /** True when readers have wanted so much of it that they will want most of what follows. */
  get isDense(): boolean {
    return this.#unitsUsed >= DENSE_UNITS
  }

  /** True when some byte from `from` up to `to` may not be what was written. */
  isDamaged(from: number, to: number): boolean {
    return this.#check?.isDamaged(from, to) === true
  }

  /** A reader wants what lies at an offset. */
  noteUse(offset: number): void {
    const unit = Math.floor((offset - this.start) / SCATTERED_BYTES)
    if (unit === this.#lastUnit) return
    this.#lastUnit = unit
    this.#unitsUsed++
  }
}

type Loaded = (error: Error | undefined) => void

/** Blocks of one size, those used last. They begin at multiples of their size within a segment. */
class BlocksOfSize {
  readonly blockBytes: number
  readonly loading = new Map<number, Loaded[]>()
  readonly #blocks = new Map<number, Block>()
  readonly #limit: number

  constructor(blockBytes: number, totalBytes: number) {
    this.blockBytes = blockBytes
    this.#limit = Math.max(4, Math.floor(totalBytes / blockBytes))
  }

  /** The block that starts at an offset; that it was asked for does not keep it. */
  peek(start: number): Block | undefined {
    return this.#blocks.get(start)
  }

  use(start: number, offset: number): Block | undefined {
    const block = this.#blocks.get(start)
    if (block === undefined || offset >= block.end) return undefined
    this.#blocks.delete(start)
    this.#blocks.set(start, block)
    block.noteUse(offset)
    return block
  }

  keep(block: Block): void {
    this.#blocks.delete(block.start)
    this.#blocks.set(block.start, block)
    if (this.#blocks.size <= this.#limit) return
    const oldest = this.#blocks.keys().next().value
    if (oldest !== undefined) this.#blocks.delete(oldest)
  }

  clear(): void {
    this.#blocks.clear()
  }
}

/**
 * Reads little where the messages that are wanted lie scattered among others, and whole blocks, the next one ahead, where they lie
 * close to each other. Keeps what was used last.
 */
export class ColdBlocks {
  readonly #segments: SegmentFiles
  readonly #checksums: LogChecksums | undefined
  readonly #large: BlocksOfSize
  /** Undefined when blocks are so small that nothing smaller is worth a read. */
  readonly #small: BlocksOfSize | undefined
  #generation = 0

  constructor(options: {
    segments: SegmentFiles
    blockBytes: number
    totalBytes: number
    checksums?: LogChecksums | undefined
  }) {
    this.#checksums = options.checksums
    this.#segments = options.segments
    const blockBytes = Math.min(options.blockBytes, options.segments.segmentBytes)
    const hasSmall = blockBytes > SCATTERED_BYTES && blockBytes % SCATTERED_BYTES === 0
    const totalBytes = hasSmall ? options.totalBytes / 2 : options.totalBytes
    this.#large = new BlocksOfSize(blockBytes, totalBytes)
    this.#small = hasSmall ? new BlocksOfSize(SCATTERED_BYTES, totalBytes) : undefined
  }

  /** The block that holds `offset`, when it is in memory. */
  find(offset: number): Block | undefined {
    const block = this.#large.use(this.#startOf(offset, this.#large), offset)
    if (block !== undefined || this.#small === undefined) return block
    return this.#small.use(this.#startOf(offset, this.#small), offset)
  }

  /**
   * Reads a block that holds `offset`, up to `limit` (nothing above it may be looked at yet), without waiting on the event loop.
   * A reader that goes on from block to block finds the next one already under way.
   */
  load(offset: number, limit: number, loaded: Loaded): void {
    const large = this.#large
    const start = this.#startOf(offset, large)
    const waiting = large.loading.get(start)
    if (waiting !== undefined) {
      waiting.push(loaded)
      return
    }
    const before = large.peek(start - large.blockBytes)
    const goesOn = before !== undefined && (this.#small === undefined || before.isDense)
    const small = this.#small
    if (small !== undefined && !goesOn && !this.#isDense(start, small)) {
      this.#loadSmall(small, offset, limit, loaded)
      return
    }
    // One that was read in small pieces so far counts as dense; one that follows must show that it is.
    this.#read(large, start, limit, [loaded], goesOn ? 0 : DENSE_UNITS)
    if (goesOn) this.#readAhead(start + large.blockBytes, limit)
  }

  /**
   * As {@link load}, with what lies at `others` at the same time; hands over what it got of both, as others who read may have pushed it
   * out by then. What lies at `others` may be missing without an error.
   */
  loadTogether(
    offset: number,
    others: readonly number[],
    limit: number,
    loaded: (error: Error | undefined, blocks: readonly Block[]) => void,
  ): void {
    const blocks: Block[] = []
    let waiting = 1
    let failure: Error | undefined
    const take = (at: number): void => {
      const block = this.find(at)
      if (block !== undefined && !blocks.includes(block)) blocks.push(block)
      waiting--
      if (waiting === 0) loaded(failure, blocks)
    }
    if (this.#small !== undefined) {
      for (const at of others.slice(0, MAX_OTHERS)) {
        if (this.#isInMemory(at)) continue
        waiting++
        this.load(at, limit, () => take(at))
      }
    }
    this.load(offset, limit, (error) => {
      failure = error
      take(offset)
    })
  }

  /** Forgets all blocks, also those that are being read: the log has been cut. */
  forgetAll(): void {
    this.#large.clear()
    this.#small?.clear()
    this.#generation++
  }

  #isInMemory(offset: number): boolean {
    const isIn = (size: BlocksOfSize): boolean =>
      offset < (size.peek(this.#startOf(offset, size))?.end ?? 0)
    return isIn(this.#large) || (this.#small !== undefined && isIn(this.#small))
  }

  /** Start of the block of a size that holds `offset`. */
  #startOf(offset: number, { blockBytes }: BlocksOfSize): number {
    return offset - ((offset - this.#segments.startOf(offset)) % blockBytes)
  }

  /** True when enough was read of the large block at `start` for the rest to be wanted as well. */
  #isDense(start: number, small: BlocksOfSize): boolean {
    let units = 0
    for (let at = start; at < start + this.#large.blockBytes; at += small.blockBytes) {
      if (small.peek(at) !== undefined || small.loading.has(at)) units++
    }
    return units >= DENSE_UNITS
  }

  #loadSmall(small: BlocksOfSize, offset: number, limit: number, loaded: Loaded): void {
    const start = this.#startOf(offset, small)
    const waiting = small.loading.get(start)
    if (waiting === undefined) this.#read(small, start, limit, [loaded])
    else waiting.push(loaded)
  }

  #readAhead(start: number, limit: number): void {
    const large = this.#large
    // Only whole blocks: a partial one would have to be read again.
    if (start + large.blockBytes > limit || !this.#segments.holds(start)) return
    if (this.#startOf(start, large) !== start) return
    if (large.peek(start) !== undefined || large.loading.has(start)) return
    this.#read(large, start, limit, [])
  }

  #read(
    size: BlocksOfSize,
    start: number,
    limit: number,
    waiting: Loaded[],
    unitsUsed: number = 0,
  ): void {
    const segmentStart = this.#segments.startOf(start)
    const segmentEnd = segmentStart + this.#segments.segmentBytes
    const byteLength = Math.min(size.blockBytes, segmentEnd - start, limit - start)
    const bytes = Buffer.allocUnsafeSlow(byteLength)
    size.loading.set(start, waiting)
    const generation = this.#generation
    const finish = (error: Error | undefined, bytesRead: number, check?: BlockCheck): void => {
      size.loading.delete(start)
      if (error === undefined && generation === this.#generation) {
        size.keep(new Block({ start, bytes, byteLength: bytesRead, check, unitsUsed }))
      }
      for (const tell of waiting) tell(error)
    }
    const done = (error: Error | undefined, bytesRead: number): void => {
      const checksums = this.#checksums
      if (error !== undefined || checksums === undefined) finish(error, bytesRead)
      else {
        checksums.sumsOf(start, bytesRead, (sums) => {
          finish(undefined, bytesRead, new BlockCheck(checksums, start, bytes, sums))
        })
      }
    }
    try {
      this.#segments.fileAt(start).read(bytes, start - segmentStart, done)
    } catch (error) {
      done(error instanceof Error ? error : new Error(String(error)), 0)
    }
  }
}
