// SPDX-License-Identifier: Apache-2.0
// Tells bytes of the log that have changed at rest: a checksum for each block, in files of our own beside Java's.
//
//   <root>/checksums/<segment>     per block of 4096 bytes two int32, big-endian: CRC-32 and its complement, or anything else when
//                                  there is none; so a torn write or a flipped bit in here never makes sound bytes look damaged
//
// A checksum is written only when its block is on disk and below the checkpoint, so nobody alters the block afterwards, Java neither.
// Blocks without one (what Java wrote, what was written just before a crash) are not checked here.
import { crc32 } from 'node:zlib'
import { int32At, putInt32 } from '@rocketmq-ts/remoting/message'
import type { Files, Logger, OpenFile } from '@rocketmq-ts/runtime'
import type { OpenFiles } from '../open-files.ts'
import { type SegmentFiles, segmentName } from '../segment-files.ts'
import type { Tail } from '../tail.ts'
import { BlockSums, NO_SUM } from './block-sums.ts'
import { SUM_PAGE_BYTES, SumPages } from './sum-pages.ts'

/** A disk's page: what a flipped bit costs is the records that touch one. */
export const SUM_BLOCK_BYTES = 4096
const SUM_BYTES = 8
const MOST_GATHERED_BYTES = 1024 * 1024
/** What was written before a crash is summed up again as far as this. */
const MOST_RESUMED_BYTES = 64 * 1024 * 1024
/** Blocks looked at to tell a damaged block from checksums that belong to another log; half as many say nothing. */
const SAMPLES = 8
const NAME = /^\d{20}$/

/** Hears the starts of the blocks that are damaged. */
export type Verified = (damaged: readonly number[]) => void

const SOUND: readonly number[] = []
const NO_SUMS = new Int32Array(0)

/** Keeps and checks the checksums of one log. */
export class LogChecksums {
  readonly #directory: string
  readonly #segments: SegmentFiles
  readonly #files: Files
  readonly #open: OpenFiles
  readonly #logger: Logger
  readonly #sums = new BlockSums(SUM_BLOCK_BYTES)
  /** Segments that have a file. */
  readonly #known = new Set<number>()
  readonly #reported = new Set<number>()
  readonly #slices: Uint8Array[] = []
  readonly #pages = new SumPages()

  constructor(options: {
    directory: string
    segments: SegmentFiles
    files: Files
    open: OpenFiles
    logger: Logger
  }) {
    this.#directory = options.directory
    this.#segments = options.segments
    this.#files = options.files
    this.#open = options.open
    this.#logger = options.logger
  }

  /**
   * Finds the files there are, forgets what lies behind the log's end, and sums up again what is not known to be on disk.
   * Segments whose length is no multiple of a block's are not supported: ask {@link isSummable} before.
   */
  resume(end: number, durable: number): void {
    for (const name of this.#files.list(this.#directory)) {
      if (NAME.test(name)) this.#known.add(Number(name))
    }
    this.truncate(end)
    const known = Math.min(durable, end, this.#coveredEnd())
    const from = Math.max(known, end - MOST_RESUMED_BYTES, this.#segments.start)
    this.#sums.restart(from - (from % SUM_BLOCK_BYTES))
    this.#takeFromFiles(end)
  }

  /** Blocks that cannot be read have no checksum. */
  #takeFromFiles(end: number): void {
    try {
      this.#sumFiles(end)
    } catch (error) {
      this.#logger.warn({ err: error, offset: this.#sums.next }, 'the log cannot be summed up')
      this.#sums.restart(end)
    }
  }

  #sumFiles(end: number): void {
    const block = new Uint8Array(SUM_BLOCK_BYTES)
    while (this.#sums.next < end) {
      const at = this.#sums.next
      const length = Math.min(SUM_BLOCK_BYTES - (at % SUM_BLOCK_BYTES), end - at)
      const bytes = block.subarray(0, length)
      this.#segments.fileAt(at).readSync(bytes, at - this.#segments.startOf(at))
      this.#sums.take(bytes)
    }
  }

  /** Where the last block ends that has a checksum on disk: a crash may have come before those of what was flushed last. */
  #coveredEnd(): number {
    const segment = Math.max(this.#segments.start, ...this.#known)
    if (!this.#known.has(segment)) return segment
    const sums = new Uint8Array(this.#fileBytes)
    try {
      const file = this.#fileOf(segment)
      file.readSync(sums, 0)
      // A killed process may have left them in the kernel alone, and its new file without a name on the disk.
      file.flushSync()
      this.#flushNames()
    } catch (error) {
      this.#logger.warn({ err: error, offset: segment }, 'checksums of the log are made again')
      return segment
    }
    const last = sums.findLastIndex((byte) => byte !== 0)
    return segment + Math.ceil((last + 1) / SUM_BYTES) * SUM_BLOCK_BYTES
  }

  /** Takes what the log has gained. Call it after each write: the tail keeps what is not written, the rest may leave it any time. */
  follow(tail: Tail, written: number): void {
    const sums = this.#sums
    // Whoever was acknowledged may have appended so much that it has left memory by now.
    if (tail.start > sums.next) this.#takeFromFiles(tail.start)
    while (sums.next < written) {
      const slices = this.#slices
      slices.length = 0
      const from = sums.next
      const segmentEnd = this.#segments.startOf(from) + this.#segments.segmentBytes
      const to = tail.gather(from, segmentEnd, MOST_GATHERED_BYTES, slices)
      for (const slice of slices) sums.take(slice)
      if (to > sums.next) sums.skipTo(to)
      if (to === from) break
    }
    this.#slices.length = 0
  }

  /** Writes the checksums of the blocks below an offset that is on disk, and on disk in the checkpoint. */
  async persist(below: number): Promise<void> {
    const sums = this.#sums
    this.#removeBelow(this.#segments.start)
    const to = Math.min(below, sums.next)
    const last = to - (to % SUM_BLOCK_BYTES)
    while (sums.first < last) {
      const from = sums.first
      const segment = this.#segments.startOf(from)
      const end = Math.min(last, segment + this.#segments.segmentBytes)
      try {
        await this.#write(segment, from, end)
      } catch (error) {
        this.#logger.warn({ err: error, offset: from }, 'checksums of the log cannot be written')
      }
      sums.drop(end)
    }
  }

  /** Compares bytes read from the log at `start` with their checksums. */
  verify(start: number, bytes: Uint8Array, byteLength: number, done: Verified): void {
    this.sumsOf(start, byteLength, (sums) => {
      const damaged: number[] = []
      for (const [i, sum] of sums.entries()) {
        const at = sumStart(start, i)
        const block = bytes.subarray(at - start, at - start + SUM_BLOCK_BYTES)
        if (!isSumOf(sum, block)) damaged.push(at)
      }
      const isDamaged = damaged.length > 0 && this.#isDamage(this.#segments.startOf(start), damaged)
      done(isDamaged ? damaged : SOUND)
    })
  }

  /** The checksums of the blocks that lie whole in a stretch of one segment, to be compared when the blocks are used. */
  sumsOf(start: number, byteLength: number, done: (sums: Int32Array) => void): void {
    const first = sumStart(start, 0)
    const end = start + byteLength - ((start + byteLength) % SUM_BLOCK_BYTES)
    if (first >= end) {
      done(NO_SUMS)
      return
    }
    const sums = new Int32Array((end - first) / SUM_BLOCK_BYTES)
    const segment = this.#segments.startOf(start)
    const isStored = first < this.#sums.first && this.#known.has(segment)
    // Page after page: few stretches are about more than one.
    const fillFrom = (from: number): void => {
      if (from >= end) {
        done(sums)
        return
      }
      const position = positionOf(from - segment)
      const inPage = position % SUM_PAGE_BYTES
      const to = Math.min(end, from + ((SUM_PAGE_BYTES - inPage) / SUM_BYTES) * SUM_BLOCK_BYTES)
      const take = (page: Uint8Array | undefined): void => {
        for (let at = from; at < to; at += SUM_BLOCK_BYTES) {
          const i = (at - first) / SUM_BLOCK_BYTES
          if (at >= this.#sums.first) sums[i] = this.#sums.at(at)
          else if (page !== undefined) sums[i] = sumAt(page, inPage + positionOf(at - from))
        }
        fillFrom(to)
      }
      if (!isStored || from >= this.#sums.first) take(undefined)
      else {
        const key = from - (inPage / SUM_BYTES) * SUM_BLOCK_BYTES
        this.#pages.get(key, () => this.#fileOf(segment), position - inPage, take)
      }
    }
    fillFrom(first)
  }

  /** Whether the block at `start` of the log has the checksum that {@link sumsOf} gave; reports it when not. */
  isSound(start: number, block: Uint8Array, sum: number): boolean {
    return isSumOf(sum, block) || !this.#isDamage(this.#segments.startOf(start), [start])
  }

  /** Whether the bytes of a record at rest are those that were written. */
  verifyRange(offset: number, byteLength: number, done: (isSound: boolean) => void): void {
    const start = offset - (offset % SUM_BLOCK_BYTES)
    const segment = this.#segments.startOf(offset)
    const end = Math.ceil((offset + byteLength) / SUM_BLOCK_BYTES) * SUM_BLOCK_BYTES
    const bytes = new Uint8Array(end - start)
    this.#segments.fileAt(offset).read(bytes, start - segment, (error, bytesRead) => {
      if (error !== undefined) done(false)
      else this.verify(start, bytes, bytesRead, (damaged) => done(damaged.length === 0))
    })
  }

  /** The log has been cut: what follows has other checksums. */
  truncate(offset: number): void {
    this.#pages.forgetAll()
    const segment = this.#segments.startOf(offset)
    for (const known of this.#known) if (known > segment) this.#remove(known)
    if (this.#known.has(segment)) {
      const file = this.#fileOf(segment)
      const kept = positionOf(offset - segment - (offset % SUM_BLOCK_BYTES))
      const behind = new Uint8Array(this.#fileBytes - kept)
      file.readSync(behind, kept)
      if (behind.some((byte) => byte !== 0)) {
        file.truncate(kept)
        file.truncate(this.#fileBytes)
        file.flushSync()
      }
    }
    // From the block that holds the cut: its first part stays as it is.
    this.#sums.cut(offset - (offset % SUM_BLOCK_BYTES))
    this.#takeFromFiles(offset)
  }

  get #fileBytes(): number {
    return positionOf(this.#segments.segmentBytes)
  }

  #path(segment: number): string {
    return `${this.#directory}/${segmentName(segment)}`
  }

  #fileOf(segment: number): OpenFile {
    return this.#open.get(this.#path(segment))
  }

  async #write(segment: number, from: number, end: number): Promise<void> {
    const bytes = new Uint8Array(positionOf(end - from))
    for (let at = from; at < end; at += SUM_BLOCK_BYTES) {
      putSum(bytes, positionOf(at - from), this.#sums.at(at))
    }
    const isNew = !this.#known.has(segment)
    if (isNew) {
      this.#files.makeDirectory(this.#directory)
      this.#open.create(this.#path(segment), this.#fileBytes)
    }
    const file = this.#fileOf(segment)
    this.#pages.forgetAll()
    await new Promise<void>((resolve, reject) => {
      const finish = (error: Error | undefined): void => {
        if (error === undefined) resolve()
        else reject(error)
      }
      file.write([bytes], positionOf(from - segment), (error) => {
        this.#pages.forgetAll()
        // Asked for again: the file may have been closed meanwhile, with others that nobody had used for long.
        if (error === undefined) this.#fileOf(segment).flush(finish)
        else finish(error)
      })
    })
    if (!isNew) return
    this.#known.add(segment)
    this.#flushNames()
  }

  #flushNames(): void {
    this.#files.flushDirectory(this.#directory)
    this.#files.flushDirectory(this.#directory.slice(0, this.#directory.lastIndexOf('/')))
  }

  /** False when the checksums are those of another log, for instance of one that was replaced: then most of them are wrong. */
  #isDamage(segment: number, damaged: readonly number[]): boolean {
    const [any] = damaged
    if (any === undefined || this.#reported.has(any)) return true
    // Those of another log, put away after they had been read.
    if (any < this.#sums.first && !this.#known.has(segment)) return false
    if (any < this.#sums.first && this.#areForeign(segment, damaged)) {
      this.#logger.warn({ path: this.#path(segment) }, 'checksums of another log are put away')
      this.#remove(segment)
      return false
    }
    for (const offset of damaged) this.#reported.add(offset)
    this.#logger.error(
      { path: this.#segments.path(segment), offsets: damaged, blockBytes: SUM_BLOCK_BYTES },
      'bytes of the commit log have changed at rest: the messages there are passed over; check the disk, and restore the file from a copy',
    )
    return true
  }

  #areForeign(segment: number, damaged: readonly number[]): boolean {
    const stored = new Uint8Array(this.#fileBytes)
    const block = new Uint8Array(SUM_BLOCK_BYTES)
    let covered: number[] = []
    try {
      this.#fileOf(segment).readSync(stored, 0)
      for (let at = 0; at < stored.length; at += SUM_BYTES) {
        const offset = segment + (at / SUM_BYTES) * SUM_BLOCK_BYTES
        if (sumAt(stored, at) !== NO_SUM && !damaged.includes(offset)) covered.push(offset)
      }
      const step = Math.ceil(covered.length / SAMPLES)
      covered = covered.filter((_offset, i) => i % step === 0)
      const wrong = covered.filter((offset) => {
        this.#segments.fileAt(offset).readSync(block, offset - segment)
        return (crc32(block) | 0) !== sumAt(stored, positionOf(offset - segment))
      })
      return covered.length > SAMPLES / 2 && wrong.length * 2 > covered.length
    } catch {
      return false
    }
  }

  #removeBelow(start: number): void {
    for (const known of this.#known) if (known < start) this.#remove(known)
  }

  #remove(segment: number): void {
    this.#known.delete(segment)
    this.#pages.forgetAll()
    this.#open.close(this.#path(segment))
    this.#files.remove(this.#path(segment))
  }
}

function putSum(bytes: Uint8Array, at: number, sum: number): void {
  if (sum === NO_SUM) return
  putInt32(bytes, at, sum | 0)
  putInt32(bytes, at + 4, ~sum)
}

function sumAt(bytes: Uint8Array, at: number): number {
  const sum = int32At(bytes, at)
  return int32At(bytes, at + 4) === ~sum ? sum : NO_SUM
}

/** Start of the `i`th block that lies whole behind `start`. */
export function sumStart(start: number, i: number): number {
  return (Math.ceil(start / SUM_BLOCK_BYTES) + i) * SUM_BLOCK_BYTES
}

function isSumOf(sum: number, block: Uint8Array): boolean {
  return sum === NO_SUM || (sum | 0) === (crc32(block) | 0)
}

/** Position of a block's checksum in its file. */
function positionOf(inSegment: number): number {
  return (inSegment / SUM_BLOCK_BYTES) * SUM_BYTES
}

/** Whether blocks fill segments and cold reads, and checksums are wanted. */
export function isSummable(config: {
  readonly blockChecksums: boolean
  readonly commitLogSegmentBytes: number
  readonly coldReadBlockBytes: number
}): boolean {
  const { blockChecksums, commitLogSegmentBytes, coldReadBlockBytes } = config
  const fits = commitLogSegmentBytes % SUM_BLOCK_BYTES === 0
  return blockChecksums && fits && coldReadBlockBytes % SUM_BLOCK_BYTES === 0
}
