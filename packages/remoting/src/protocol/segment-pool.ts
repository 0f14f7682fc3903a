// SPDX-License-Identifier: Apache-2.0
// Buffers that outgoing frames are written into, lent to a connection from its first frame of a turn until the socket has taken the bytes.

/** Bytes of a pooled segment. */
export const SEGMENT_BYTES = 32_768
const KEPT_SEGMENTS = 64

/** A bounded stack of segments, shared by the connections of one server or client. */
export class SegmentPool {
  readonly #free: Buffer[] = []
  #lent = 0

  /** Segments lent and not yet given back: zero when nothing is being written. */
  get lent(): number {
    return this.#lent
  }

  /** A segment of at least `minBytes`. */
  take(minBytes: number): Buffer {
    this.#lent++
    if (minBytes > SEGMENT_BYTES) return Buffer.allocUnsafeSlow(minBytes)
    return this.#free.pop() ?? Buffer.allocUnsafeSlow(SEGMENT_BYTES)
  }

  giveBack(segment: Buffer): void {
    this.#lent--
    if (segment.length === SEGMENT_BYTES && this.#free.length < KEPT_SEGMENTS)
      this.#free.push(segment)
  }
}
