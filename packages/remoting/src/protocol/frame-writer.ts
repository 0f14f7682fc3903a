// SPDX-License-Identifier: Apache-2.0
// Collects the outgoing frames of one turn: headers and small bodies in lent segments, large bodies by reference.
import { RocketMQError } from '../errors.ts'
import { writeInt32 } from './big-endian.ts'
import { FRAME_LENGTH_BYTES, MAX_FRAME_BYTES } from './frame.ts'
import type { SegmentPool } from './segment-pool.ts'

/** Bodies from this size on are handed to the socket as they are, smaller ones are copied. */
export const BODY_BY_REFERENCE_BYTES = 4096

/** What one turn's frames became. The owner gives the segments back, and tells the listeners, once the bytes are written. */
export interface Outgoing {
  readonly chunks: readonly Uint8Array[]
  readonly segments: readonly Buffer[]
  readonly written: readonly (() => void)[]
  readonly byteLength: number
}

/** One per connection. Write at {@link at} into {@link target} after {@link room} has made space. */
export class FrameWriter {
  readonly #pool: SegmentPool
  readonly #maxFrameBytes: number
  /** The current segment; look again after each call of {@link room}. */
  target: Buffer = Buffer.alloc(0)
  /** Where the next byte goes. */
  at = 0
  #frameAt = 0
  /** Start of what is in the current segment and not yet in a chunk. */
  #chunkAt = 0
  #chunks: Uint8Array[] = []
  #segments: Buffer[] = []
  #written: (() => void)[] = []
  #chunkBytes = 0

  constructor(pool: SegmentPool, maxFrameBytes: number = MAX_FRAME_BYTES) {
    this.#pool = pool
    this.#maxFrameBytes = maxFrameBytes
  }

  get isEmpty(): boolean {
    return this.#segments.length === 0
  }

  /** Bytes collected and not yet taken. */
  get byteLength(): number {
    return this.#chunkBytes + this.at - this.#chunkAt
  }

  /** Starts a frame: leaves room for its length and header word. */
  beginFrame(): void {
    this.room(8)
    this.#frameAt = this.at
    this.at += 8
  }

  /** Gives up the frame that was begun. */
  abandonFrame(): void {
    this.at = this.#frameAt
  }

  /** Makes space for `bytes` more in one piece. A frame's header always lies in one piece. */
  room(bytes: number): void {
    if (this.at + bytes > this.target.length) this.#nextSegment(bytes)
  }

  #nextSegment(bytes: number): void {
    const begun = this.at - this.#frameAt
    const segment = this.#pool.take(begun * 2 + bytes)
    this.target.copy(segment, 0, this.#frameAt, this.at)
    this.at = this.#frameAt
    this.#closeChunk()
    this.#segments.push(segment)
    this.target = segment
    this.#frameAt = 0
    this.#chunkAt = 0
    this.at = begun
  }

  #closeChunk(): void {
    if (this.at === this.#chunkAt) return
    this.#chunkBytes += this.at - this.#chunkAt
    this.#chunks.push(this.target.subarray(this.#chunkAt, this.at))
    this.#chunkAt = this.at
  }

  /**
   * Ends the header of the frame begun, fills in the lengths and adds the body.
   * Large parts of the body must not change until `written` is called.
   * @throws {RMQ_INVALID_ARGUMENT} when the frame is larger than any peer takes; it is then still begun.
   */
  endFrame(serializeType: number, body: readonly Uint8Array[], written?: () => void): void {
    let bodyBytes = 0
    for (const part of body) bodyBytes += part.length
    const headerBytes = this.at - this.#frameAt - 8
    const frameBytes = 8 + headerBytes + bodyBytes
    if (frameBytes > this.#maxFrameBytes) {
      throw new RocketMQError(
        'RMQ_INVALID_ARGUMENT',
        `cannot write a frame of ${frameBytes} bytes, the limit is ${this.#maxFrameBytes}`,
      )
    }
    writeInt32(frameBytes - FRAME_LENGTH_BYTES, this.target, this.#frameAt)
    writeInt32((serializeType << 24) | headerBytes, this.target, this.#frameAt + 4)
    // From here on what is written belongs to no begun frame.
    this.#frameAt = this.at
    for (const part of body) {
      if (part.length < BODY_BY_REFERENCE_BYTES) {
        this.room(part.length)
        this.target.set(part, this.at)
        this.at += part.length
        this.#frameAt = this.at
      } else {
        this.#closeChunk()
        this.#chunks.push(part)
        this.#chunkBytes += part.length
      }
    }
    if (written !== undefined) this.#written.push(written)
  }

  /** Hands over all that was collected and starts afresh. */
  take(): Outgoing {
    this.#closeChunk()
    const outgoing: Outgoing = {
      chunks: this.#chunks,
      segments: this.#segments,
      written: this.#written,
      byteLength: this.#chunkBytes,
    }
    this.target = EMPTY
    this.at = 0
    this.#frameAt = 0
    this.#chunkAt = 0
    this.#chunks = []
    this.#segments = []
    this.#written = []
    this.#chunkBytes = 0
    return outgoing
  }

  /** After the bytes of `outgoing` are written or lost: gives the segments back and tells who waited. */
  release(outgoing: Outgoing): void {
    for (const segment of outgoing.segments) this.#pool.giveBack(segment)
    for (const run of outgoing.written) run()
  }
}

const EMPTY: Buffer = Buffer.alloc(0)
