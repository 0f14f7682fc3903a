// SPDX-License-Identifier: Apache-2.0
// Blocks of the log read from files for messages that have left the tail: bounded, shared by all readers, with read-ahead.
import { type LogChecksums, SUM_BLOCK_BYTES } from './checksums/log-checksums.ts'
import type { SegmentFiles } from './segment-files.ts'

/** A stretch of the log that was read from a file. Never changes and is never used again, so views stay right for as long as they are kept. */
export class Block {
  readonly bytes: Buffer
  /** Log offset of the first byte. */
  readonly start: number
  /** Log offset behind the last byte that is valid. */
  end: number
  /** Starts of the checksummed stretches that have changed at rest. */
  readonly #damaged: readonly number[]

  constructor(start: number, bytes: Buffer, byteLength: number, damaged: readonly number[] = []) {
    this.start = start
    this.bytes = bytes
    this.end = start + byteLength
    this.#damaged = damaged
  }

  /** True when some byte from `from` up to `to` may not be what was written. */
  isDamaged(from: number, to: number): boolean {
    if (this.#damaged.length === 0) return false
    return this.#damaged.some((at) => at < to && at + SUM_BLOCK_BYTES > from)
  }
}

type Loaded = (error: Error | undefined) => void

/** Keeps the blocks used last. Blocks begin at multiples of their size within a segment. */
export class ColdBlocks {
  readonly #segments: SegmentFiles
  readonly #checksums: LogChecksums | undefined
  readonly #blockBytes: number
  readonly #limit: number
  readonly #blocks = new Map<number, Block>()
  readonly #loading = new Map<number, Loaded[]>()
  #lastMiss = -1
  #generation = 0

  constructor(options: {
    segments: SegmentFiles
    blockBytes: number
    totalBytes: number
    checksums?: LogChecksums | undefined
  }) {
    this.#checksums = options.checksums
    this.#segments = options.segments
    this.#blockBytes = Math.min(options.blockBytes, options.segments.segmentBytes)
    this.#limit = Math.max(4, Math.floor(options.totalBytes / this.#blockBytes))
  }

  get blockBytes(): number {
    return this.#blockBytes
  }

  /** Start of the block that holds `offset`. */
  startOf(offset: number): number {
    const segmentStart = this.#segments.startOf(offset)
    return offset - ((offset - segmentStart) % this.#blockBytes)
  }

  /** The block that holds `offset`, when it is in memory. */
  find(offset: number): Block | undefined {
    const start = this.startOf(offset)
    const block = this.#blocks.get(start)
    if (block === undefined || offset >= block.end) return undefined
    this.#blocks.delete(start)
    this.#blocks.set(start, block)
    return block
  }

  /**
   * Reads the block that holds `offset`, up to `limit` (nothing above it may be looked at yet), without waiting on the event loop.
   * A reader that goes on from block to block finds the next one already under way.
   */
  load(offset: number, limit: number, loaded: Loaded): void {
    const start = this.startOf(offset)
    const waiting = this.#loading.get(start)
    if (waiting !== undefined) {
      waiting.push(loaded)
      return
    }
    const isSequential = start === this.#lastMiss + this.#blockBytes
    this.#lastMiss = start
    this.#read(start, limit, [loaded])
    if (isSequential) this.#readAhead(start + this.#blockBytes, limit)
  }

  /** Forgets all blocks, also those that are being read: the log has been cut. */
  forgetAll(): void {
    this.#blocks.clear()
    this.#generation++
    this.#lastMiss = -1
  }

  #readAhead(start: number, limit: number): void {
    // Only whole blocks: a partial one would have to be read again.
    if (start + this.#blockBytes > limit || !this.#segments.holds(start)) return
    if (this.startOf(start) !== start) return
    if (this.#blocks.has(start) || this.#loading.has(start)) return
    this.#lastMiss = start
    this.#read(start, limit, [])
  }

  #read(start: number, limit: number, waiting: Loaded[]): void {
    const segmentStart = this.#segments.startOf(start)
    const segmentEnd = segmentStart + this.#segments.segmentBytes
    const byteLength = Math.min(this.#blockBytes, segmentEnd - start, limit - start)
    const bytes = Buffer.allocUnsafeSlow(byteLength)
    this.#loading.set(start, waiting)
    const generation = this.#generation
    const finish = (
      error: Error | undefined,
      bytesRead: number,
      damaged?: readonly number[],
    ): void => {
      this.#loading.delete(start)
      if (error === undefined && generation === this.#generation)
        this.#keep(new Block(start, bytes, bytesRead, damaged))
      for (const tell of waiting) tell(error)
    }
    const done = (error: Error | undefined, bytesRead: number): void => {
      if (error !== undefined || this.#checksums === undefined) finish(error, bytesRead)
      else {
        this.#checksums.verify(start, bytes, bytesRead, (damaged) => {
          finish(undefined, bytesRead, damaged)
        })
      }
    }
    try {
      this.#segments.fileAt(start).read(bytes, start - segmentStart, done)
    } catch (error) {
      done(error instanceof Error ? error : new Error(String(error)), 0)
    }
  }

  #keep(block: Block): void {
    this.#blocks.delete(block.start)
    this.#blocks.set(block.start, block)
    if (this.#blocks.size > this.#limit) {
      const oldest = this.#blocks.keys().next().value
      if (oldest !== undefined) this.#blocks.delete(oldest)
    }
  }
}
