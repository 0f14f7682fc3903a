// SPDX-License-Identifier: Apache-2.0
// LZ4 frames: what a message body compressed with LZ4 is.
//
//   frame    magic 04 22 4D 18 | FLG 1 | BD 1 | content size 0 or 8 | dictionary id 0 or 4 | HC 1 | blocks | end 4: 0
//            | content checksum 0 or 4
//   FLG      bits 7–6 version 1, 5 independent blocks, 4 block checksums, 3 content size, 2 content checksum,
//            1 reserved, 0 dictionary id
//   BD       bits 6–4: 4 64 KiB, 5 256 KiB, 6 1 MiB, 7 4 MiB: the most a block holds; the others are reserved
//   HC       second byte of the XXH32 of what stands between magic and HC
//   block    size 4, highest bit: stored as it is | data | checksum 0 or 4: XXH32 of the data
//   skipped  magic 5? 2A 4D 18 | size 4 | data
//
// All numbers are little endian. Source: the LZ4 frame format description, version 1.6.
import { decodeLz4Block, encodeLz4Block, lz4BlockBound, lz4BlockLength } from './lz4-block.ts'
import { xxh32 } from './xxh32.ts'

const FRAME_MAGIC = 0x184d2204
const SKIPPABLE_MAGIC = 0x184d2a50
const SKIPPABLE_MASK = 0xfffffff0

const VERSION_MASK = 0xc0
const VERSION_1 = 0x40
const INDEPENDENT_BLOCKS = 0x20
const BLOCK_CHECKSUMS = 0x10
const CONTENT_SIZE = 0x08
const CONTENT_CHECKSUM = 0x04
const RESERVED_FLAG = 0x02
const DICTIONARY_ID = 0x01
const RESERVED_SIZE_BITS = 0x8f
const STORED_BLOCK = 0x80000000
/** Copies reach at most this far back. */
const WINDOW_BYTES = 65_536

/**
 * Restores one or more frames; skippable ones hold nothing.
 * @throws {RangeError} when the bytes are no such frames, are cut, fail a checksum, or hold more than `maxBytes`.
 */
export function decodeLz4Frames(bytes: Uint8Array, maxBytes: number): Uint8Array {
  const measured = new FrameWalk(bytes, maxBytes, undefined)
  measured.all()
  const target = Buffer.allocUnsafe(measured.out)
  new FrameWalk(bytes, maxBytes, target).all()
  return target
}

/**
 * Goes through the frames twice: without a target it measures and checks, so that nothing is allocated on a peer's word;
 * with one it restores.
 */
class FrameWalk {
  readonly #bytes: Buffer
  readonly #maxBytes: number
  readonly #target: Buffer | undefined
  #at = 0
  /** Bytes restored, or measured, so far. */
  out = 0

  constructor(bytes: Uint8Array, maxBytes: number, target: Buffer | undefined) {
    this.#bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    this.#maxBytes = maxBytes
    this.#target = target
  }

  all(): void {
    const bytes = this.#bytes
    do {
      const magic = bytes.readUInt32LE(this.#at)
      if ((magic & SKIPPABLE_MASK) >>> 0 === SKIPPABLE_MAGIC) {
        this.#at += 8 + bytes.readUInt32LE(this.#at + 4)
        if (this.#at > bytes.length) throw new RangeError('the LZ4 frame is cut')
        continue
      }
      if (magic !== FRAME_MAGIC) throw new RangeError('not an LZ4 frame')
      this.#at += 4
      this.#frame()
    } while (this.#at < bytes.length)
  }

  #frame(): void {
    const bytes = this.#bytes
    const descriptorAt = this.#at
    const flags = bytes.readUInt8(descriptorAt)
    checkFlags(flags)
    const blockLimit = blockBytesOf(bytes.readUInt8(descriptorAt + 1))
    const hasSize = (flags & CONTENT_SIZE) !== 0
    const headerEnd = descriptorAt + 2 + (hasSize ? 8 : 0)
    if (bytes.readUInt8(headerEnd) !== ((xxh32(bytes, descriptorAt, headerEnd) >>> 8) & 0xff)) {
      throw new RangeError('the header of the LZ4 frame fails its checksum')
    }
    this.#at = headerEnd + 1
    const frameStart = this.out
    this.#blocks(flags, blockLimit)
    const length = this.out - frameStart
    if (hasSize && bytes.readBigUInt64LE(descriptorAt + 2) !== BigInt(length)) {
      throw new RangeError(`the LZ4 frame does not hold the ${length} bytes it says`)
    }
    if ((flags & CONTENT_CHECKSUM) !== 0) {
      const checksum = bytes.readUInt32LE(this.#at)
      this.#at += 4
      const target = this.#target
      if (target !== undefined && xxh32(target, frameStart, this.out) !== checksum) {
        throw new RangeError('the content of the LZ4 frame fails its checksum')
      }
    }
  }

  #blocks(flags: number, blockLimit: number): void {
    const bytes = this.#bytes
    const frameStart = this.out
    for (;;) {
      const size = bytes.readUInt32LE(this.#at)
      const start = this.#at + 4
      this.#at = start
      if (size === 0) return
      const end = start + (size & ~STORED_BLOCK)
      if (end > bytes.length) throw new RangeError('the LZ4 frame is cut')
      const limit = Math.min(blockLimit, this.#maxBytes - this.out)
      // Linked blocks may copy from those before them.
      const isLinked = (flags & INDEPENDENT_BLOCKS) === 0
      const windowStart = isLinked ? Math.max(frameStart, this.out - WINDOW_BYTES) : this.out
      const isStored = (size & STORED_BLOCK) !== 0
      this.out = isStored
        ? this.#stored(start, end, limit)
        : this.#compressed(start, end, limit, windowStart)
      this.#at = end
      if ((flags & BLOCK_CHECKSUMS) !== 0) this.#blockChecksum(start, end)
    }
  }

  #stored(start: number, end: number, limit: number): number {
    if (end - start > limit) throw new RangeError(`the LZ4 block holds more than ${limit} bytes`)
    this.#target?.set(this.#bytes.subarray(start, end), this.out)
    return this.out + end - start
  }

  #compressed(start: number, end: number, limit: number, windowStart: number): number {
    const target = this.#target
    return target === undefined
      ? this.out + lz4BlockLength(this.#bytes, start, end, limit)
      : decodeLz4Block(this.#bytes, start, end, target, this.out, windowStart)
  }

  #blockChecksum(start: number, end: number): void {
    const checksum = this.#bytes.readUInt32LE(end)
    this.#at = end + 4
    if (this.#target === undefined && xxh32(this.#bytes, start, end) !== checksum) {
      throw new RangeError('a block of the LZ4 frame fails its checksum')
    }
  }
}

function checkFlags(flags: number): void {
  if ((flags & VERSION_MASK) !== VERSION_1 || (flags & RESERVED_FLAG) !== 0) {
    throw new RangeError('an LZ4 frame of an unknown version')
  }
  if ((flags & DICTIONARY_ID) !== 0) throw new RangeError('an LZ4 frame that needs a dictionary')
}

/** The most a block holds. */
function blockBytesOf(descriptor: number): number {
  const code = descriptor >>> 4
  if ((descriptor & RESERVED_SIZE_BITS) !== 0 || code < 4) {
    throw new RangeError('an LZ4 frame with blocks of an unknown size')
  }
  return 1 << (8 + 2 * code)
}

/** FLG and BD as Java's LZ4FrameOutputStream writes them: independent blocks of up to 4 MiB, no checksums. */
const DESCRIPTOR = Buffer.from([VERSION_1 | INDEPENDENT_BLOCKS, 0x70])
const BLOCK_BYTES = 4 * 1024 * 1024
const HEADER_BYTES = 7

/** One frame with the whole of `bytes`, which Java and every other reader restores. */
export function encodeLz4Frame(bytes: Uint8Array): Uint8Array {
  const blockCount = Math.ceil(bytes.length / BLOCK_BYTES)
  const target = Buffer.allocUnsafe(
    HEADER_BYTES + lz4BlockBound(bytes.length) + blockCount * 20 + 4,
  )
  target.writeUInt32LE(FRAME_MAGIC, 0)
  DESCRIPTOR.copy(target, 4)
  target[6] = xxh32(DESCRIPTOR) >>> 8
  let at = HEADER_BYTES
  for (let start = 0; start < bytes.length; start += BLOCK_BYTES) {
    at = putBlock(bytes, start, Math.min(bytes.length, start + BLOCK_BYTES), target, at)
  }
  target.writeUInt32LE(0, at)
  return target.subarray(0, at + 4)
}

function putBlock(
  bytes: Uint8Array,
  start: number,
  end: number,
  target: Buffer,
  to: number,
): number {
  const dataAt = to + 4
  const dataEnd = encodeLz4Block(bytes, start, end, target, dataAt)
  if (dataEnd - dataAt < end - start) {
    target.writeUInt32LE(dataEnd - dataAt, to)
    return dataEnd
  }
  target.writeUInt32LE(((end - start) | STORED_BLOCK) >>> 0, to)
  target.set(bytes.subarray(start, end), dataAt)
  return dataAt + end - start
}
