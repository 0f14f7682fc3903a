// SPDX-License-Identifier: Apache-2.0
// The newest bytes of the log in memory: appended here first, written from here, read from here without a system call.
import { BLANK_BYTES } from './record-limits.ts'

/**
 * A stretch of the log in memory. Bytes are only ever appended; a chunk never reaches over a segment's end.
 * A reader that keeps a view calls {@link acquire} and later {@link release}. A chunk with readers is never used again:
 * it is left to the garbage collector, so a reader that forgets to release keeps memory, not wrong bytes.
 */
export class Chunk {
  readonly bytes: Buffer
  /** Log offset of the first byte. */
  start = 0
  /** Bytes appended so far. */
  used = 0
  /** Set when the rest of the segment behind this chunk is blank: the log goes on there. */
  continuesAt = -1
  #readers = 0

  constructor(byteLength: number) {
    this.bytes = Buffer.allocUnsafeSlow(byteLength)
  }

  /** Log offset behind the last byte. */
  get end(): number {
    return this.start + this.used
  }

  get readers(): number {
    return this.#readers
  }

  acquire(): void {
    this.#readers++
  }

  release(): void {
    this.#readers--
  }
}

/** A bounded list of chunks, oldest first. */
export class Tail {
  readonly #chunkBytes: number
  readonly #maxBytes: number
  readonly #chunks: Chunk[] = []
  readonly #spare: Chunk[] = []
  #bytes = 0
  #active: Chunk

  /** @param start Log offset at which the tail begins. */
  constructor(options: { chunkBytes: number; maxBytes: number; start: number }) {
    this.#chunkBytes = options.chunkBytes
    this.#maxBytes = Math.max(options.maxBytes, 2 * options.chunkBytes)
    this.#active = this.#push(options.chunkBytes, options.start)
  }

  /** The chunk that is appended to. */
  get active(): Chunk {
    return this.#active
  }

  /** Oldest first; the last one is the active one. */
  get chunks(): readonly Chunk[] {
    return this.#chunks
  }

  /** Lowest log offset held. */
  get start(): number {
    return this.#chunks[0]?.start ?? 0
  }

  /** True when a record of `recordBytes` fits into the active chunk and leaves room for a blank. */
  fits(recordBytes: number): boolean {
    return this.#active.used + recordBytes + BLANK_BYTES <= this.#active.bytes.length
  }

  /**
   * Begins a chunk at `start` with room for `recordBytes`. Chunks wholly below `written` make room for it, oldest first;
   * returns false when what is not written yet already fills the tail.
   */
  roll(start: number, recordBytes: number, written: number): boolean {
    const needed = Math.max(this.#chunkBytes, recordBytes + BLANK_BYTES)
    let oldest = this.#chunks[0]
    while (oldest !== undefined && this.#bytes + needed > this.#maxBytes) {
      if (oldest.end > written) return false
      if (oldest === this.#active) break
      this.#chunks.shift()
      this.#bytes -= oldest.bytes.length
      if (oldest.readers === 0 && oldest.bytes.length === this.#chunkBytes) this.#spare.push(oldest)
      oldest = this.#chunks[0]
    }
    this.#active = this.#push(needed, start)
    return true
  }

  /** Forgets everything and begins at `start`. Chunks that are being read stay with their readers. */
  restart(start: number): void {
    this.#chunks.length = 0
    this.#bytes = 0
    this.#active = this.#push(this.#chunkBytes, start)
  }

  /** The chunk that holds `offset`, or undefined when it has left memory or is not appended yet. */
  find(offset: number): Chunk | undefined {
    for (let i = this.#chunks.length - 1; i >= 0; i--) {
      const chunk = this.#chunks[i]
      if (chunk !== undefined && offset >= chunk.start) {
        return offset < chunk.start + chunk.used ? chunk : undefined
      }
    }
    return undefined
  }

  /**
   * Adds views of what was appended from `from` up to `limit` to `into`: whole chunks of one segment, at least one, until `mostBytes`.
   * So whoever goes on where it stopped always starts at a record. Returns the log offset reached; blanks are stepped over.
   */
  gather(from: number, limit: number, mostBytes: number, into: Uint8Array[]): number {
    let to = from
    let byteLength = 0
    for (const chunk of this.#chunks) {
      if (chunk.end <= to && chunk.continuesAt <= to) continue
      if (chunk.start >= limit) break
      const skip = to - chunk.start
      const more = chunk.used - skip
      if (byteLength > 0 && byteLength + more > mostBytes) break
      into.push(chunk.bytes.subarray(skip, chunk.used))
      byteLength += more
      to = chunk.continuesAt >= 0 ? chunk.continuesAt : to + more
    }
    return to
  }

  #push(byteLength: number, start: number): Chunk {
    const spare = byteLength === this.#chunkBytes ? this.#spare.pop() : undefined
    const chunk = spare ?? new Chunk(byteLength)
    chunk.start = start
    chunk.used = 0
    chunk.continuesAt = -1
    this.#chunks.push(chunk)
    this.#bytes += byteLength
    return chunk
  }
}
