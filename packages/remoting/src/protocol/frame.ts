// SPDX-License-Identifier: Apache-2.0
// Length-prefixed frames: finds them in the chunks of a stream, in place where a chunk holds them whole.
//
//   0        4               4+N
//   +--------+---------------+
//   | N      | N bytes       |   N: int32, big endian, does not count itself
//   +--------+---------------+
import { RocketMQError } from '../errors.ts'
import { int32At } from './big-endian.ts'

/** The longest frame taken, its four length bytes included. */
export const MAX_FRAME_BYTES = 16_777_216

/** Bytes of the length in front of each frame. */
export const FRAME_LENGTH_BYTES = 4

/** Below this a cut frame's whole length is allocated at once. */
const SMALL_FRAME_BYTES = 8192

/** Who hears of frames. */
export interface FrameSink {
  /**
   * One frame, without its length, at `bytes[start … end)`. The bytes are never reused, so views stay valid, but they keep the whole chunk alive.
   * Returns false to have the rest of the chunk dropped.
   */
  frame(bytes: Buffer, start: number, end: number): boolean
}

/** Cuts a stream into frames, however it is fragmented. One per connection. */
export class FrameDecoder {
  readonly #sink: FrameSink
  #maxFrameBytes: number
  /** Start of a frame that was cut by the end of a chunk, its length bytes included. */
  #cut: Buffer | undefined
  #cutBytes = 0
  #stopped = false

  constructor(sink: FrameSink, maxFrameBytes: number = MAX_FRAME_BYTES) {
    this.#sink = sink
    this.#maxFrameBytes = maxFrameBytes
  }

  /** From the next frame on, frames may be this long, the length bytes included. */
  limit(maxFrameBytes: number): void {
    this.#maxFrameBytes = maxFrameBytes
  }

  /** Bytes of an unfinished frame held back. */
  get pendingBytes(): number {
    return this.#cutBytes
  }

  /**
   * Takes the next chunk and hands each complete frame to the sink.
   * @throws {RMQ_PROTOCOL} when a length is negative or too large; the stream cannot be read on.
   */
  push(chunk: Uint8Array): void {
    if (this.#stopped) return
    const bytes = Buffer.isBuffer(chunk)
      ? chunk
      : Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength)
    let at = this.#cut === undefined ? 0 : this.#fillCut(this.#cut, bytes)
    const end = bytes.length
    while (!this.#stopped && end - at >= FRAME_LENGTH_BYTES) {
      const start = at + FRAME_LENGTH_BYTES
      const frameEnd = start + this.#lengthAt(bytes, at)
      if (frameEnd > end) break
      at = frameEnd
      if (!this.#sink.frame(bytes, start, frameEnd)) this.#stopped = true
    }
    if (at < end && !this.#stopped) this.#keep(bytes, at)
  }

  #lengthAt(bytes: Buffer, at: number): number {
    const length = int32At(bytes, at)
    // Java's decoder counts the four length bytes against the limit.
    if (length < 0 || length > this.#maxFrameBytes - FRAME_LENGTH_BYTES) {
      this.#stopped = true
      throw new RocketMQError(
        'RMQ_PROTOCOL',
        `cannot read a frame of ${length + FRAME_LENGTH_BYTES} bytes, the limit is ${this.#maxFrameBytes}`,
      )
    }
    return length
  }

  /** Copies what the frame that was cut still lacks; returns how much of the chunk that took. */
  #fillCut(cut: Buffer, bytes: Buffer): number {
    let taken = 0
    if (this.#cutBytes < FRAME_LENGTH_BYTES) {
      taken = bytes.copy(cut, this.#cutBytes, 0, FRAME_LENGTH_BYTES - this.#cutBytes)
      this.#cutBytes += taken
      if (this.#cutBytes < FRAME_LENGTH_BYTES) return taken
    }
    const total = FRAME_LENGTH_BYTES + this.#lengthAt(cut, 0)
    const take = Math.min(total - this.#cutBytes, bytes.length - taken)
    const target = this.#roomFor(cut, this.#cutBytes + take, total)
    bytes.copy(target, this.#cutBytes, taken, taken + take)
    this.#cutBytes += take
    this.#cut = target
    if (this.#cutBytes === total) {
      this.#cut = undefined
      this.#cutBytes = 0
      if (!this.#sink.frame(target, FRAME_LENGTH_BYTES, total)) this.#stopped = true
    }
    return taken + take
  }

  /** The buffer of a cut frame grows with what arrived, at most twice that: a length alone reserves nothing. */
  #roomFor(cut: Buffer, wanted: number, total: number): Buffer {
    if (cut.length >= wanted) return cut
    const target = Buffer.allocUnsafe(
      total <= SMALL_FRAME_BYTES ? total : Math.min(total, Math.max(wanted, cut.length * 2)),
    )
    cut.copy(target, 0, 0, this.#cutBytes)
    return target
  }

  #keep(bytes: Buffer, at: number): void {
    const have = bytes.length - at
    const total =
      have < FRAME_LENGTH_BYTES
        ? FRAME_LENGTH_BYTES
        : FRAME_LENGTH_BYTES + this.#lengthAt(bytes, at)
    const cut = Buffer.allocUnsafe(total <= SMALL_FRAME_BYTES ? total : have)
    bytes.copy(cut, 0, at)
    this.#cut = cut
    this.#cutBytes = have
  }
}
