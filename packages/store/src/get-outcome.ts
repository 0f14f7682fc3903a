// SPDX-License-Identifier: Apache-2.0
// The result of a read while it is built and while its bytes are on loan.
import type { Block } from './cold-blocks.ts'
import type { ConsumeQueue } from './consume-queue.ts'
import type { GetResult, GetStatus } from './messages.ts'
import type { Chunk } from './tail.ts'

/** Where loans are counted. */
export interface ReadCounters {
  heldSpans: number
}

/** Collects records; adjacent ones become one span. */
export class GetOutcome implements GetResult {
  status: GetStatus = 'NO_MESSAGE_IN_QUEUE'
  nextBeginOffset: number
  minOffset = 0
  maxOffset = 0
  messageCount = 0
  bodyBytes = 0
  farBehind = false
  /** Log offset of the last entry looked at. */
  furthestOffset = 0
  readonly spans: Uint8Array[] = []
  readonly #counters: ReadCounters
  #chunks: Chunk[] | undefined
  #lastChunk: Chunk | undefined
  #buffer: Buffer | undefined
  #from = 0
  #to = 0
  #released = false

  constructor(counters: ReadCounters, queueOffset: number) {
    this.#counters = counters
    this.nextBeginOffset = queueOffset
  }

  /** The outcome for a queue that has nothing at the offset; undefined when it has. @see DefaultMessageStore.getMessage */
  finishOutside(queue: ConsumeQueue, queueOffset: number): this | undefined {
    const { minOffset, maxOffset } = queue
    this.minOffset = minOffset
    this.maxOffset = maxOffset
    if (maxOffset === 0) return this.finish('NO_MESSAGE_IN_QUEUE', 0)
    if (queueOffset < minOffset) return this.finish('OFFSET_TOO_SMALL', minOffset)
    if (queueOffset === maxOffset) return this.finish('OFFSET_OVERFLOW_ONE', queueOffset)
    if (queueOffset > maxOffset) return this.finish('OFFSET_OVERFLOW_BADLY', maxOffset)
    return undefined
  }

  /** An outcome without messages. */
  finish(status: GetStatus, nextBeginOffset: number): this {
    this.status = status
    this.nextBeginOffset = nextBeginOffset
    return this
  }

  /** Adds a whole record that lies in the tail, and holds its chunk. */
  addFromChunk(chunk: Chunk, at: number, byteLength: number, messages: number): void {
    if (chunk !== this.#lastChunk) {
      chunk.acquire()
      this.#lastChunk = chunk
      if (this.#chunks === undefined) this.#chunks = [chunk]
      else this.#chunks.push(chunk)
    }
    this.#add(chunk.bytes, at, byteLength)
    this.countRecord(messages)
  }

  /** Adds a record or a part of one that lies in a block. */
  addFromBlock(block: Block, at: number, byteLength: number): void {
    this.#add(block.bytes, at, byteLength)
  }

  /** One more record, with one message or a batch of them. */
  /** A message that cannot be had: Java's word when an answer holds nothing else. */
  noteDamaged(): void {
    if (this.bodyBytes === 0) this.status = 'MESSAGE_WAS_REMOVING'
  }

  countRecord(messages: number): void {
    this.messageCount += messages
    this.status = 'FOUND'
  }

  /** Makes a span of what has been added last; call it when nothing more is added. */
  seal(): void {
    if (this.#buffer === undefined) return
    this.spans.push(this.#buffer.subarray(this.#from, this.#to))
    this.#counters.heldSpans++
    this.#buffer = undefined
  }

  /** A message was there, but not one that was asked for. */
  noteUnmatched(): void {
    if (this.bodyBytes === 0) this.status = 'NO_MATCHED_MESSAGE'
  }

  release(): void {
    if (this.#released) return
    this.#released = true
    this.#counters.heldSpans -= this.spans.length
    if (this.#chunks === undefined) return
    for (const chunk of this.#chunks) chunk.release()
  }

  #add(buffer: Buffer, at: number, byteLength: number): void {
    this.bodyBytes += byteLength
    if (buffer === this.#buffer && at === this.#to) {
      this.#to += byteLength
      return
    }
    this.seal()
    this.#buffer = buffer
    this.#from = at
    this.#to = at + byteLength
  }
}
