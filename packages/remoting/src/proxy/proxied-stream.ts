// SPDX-License-Identifier: Apache-2.0
// One direction of a proxied connection: cuts the stream into frames, asks what to do with each, and writes it on in order.
import type { Clock, Socket, Timers } from '@rocketmq-ts/runtime'
import { FRAME_LENGTH_BYTES, FrameDecoder, type FrameSink } from '../protocol/frame.ts'
import { beginsWithProxyHeader, FIRST_BYTES, readProxyHeader } from '../transport/proxy-protocol.ts'
import { answerTo } from './answer-frame.ts'
import { seeFrame, type Direction, type FrameArrival, type SeenFrame } from './seen-frame.ts'
import type { Intercept, Verdict } from './verdict.ts'

/** The sender is asked to pause while more than this waits for the receiver, or for a verdict. */
const MAX_WAITING_BYTES = 4 * 1024 * 1024
/** A frame's length is below 2^24, so its first byte is 0, or 1 at the very limit. Anything else is no frame. */
const MAX_FIRST_BYTE = 1

/** What a stream needs of its connection. */
export interface StreamOwner {
  readonly connection: number
  readonly clock: Clock
  readonly timers: Timers
  readonly intercept: Intercept
  /** Requests seen in the other direction whose answers come here. */
  readonly answered: FrameArrival['answered']
  requestSeen(frame: SeenFrame): void
  /** The stream is no sequence of frames (TLS, another protocol): from here on its bytes pass unseen. */
  unreadable(direction: Direction, reason: string): void
  /** Writes to the side the frames come from. */
  writeBack(bytes: Uint8Array): void
  cut(): void
}

/** Frames from `source` to `sink`. */
export class ProxiedStream implements FrameSink {
  readonly #owner: StreamOwner
  readonly #direction: Direction
  readonly #source: Socket
  readonly #sink: Socket
  readonly #decoder: FrameDecoder = new FrameDecoder(this)
  #first: Buffer | undefined = Buffer.alloc(0)
  #isOpaque = false
  #isDone = false
  /** Frames wait here while a verdict is awaited. */
  readonly #waiting: Buffer[] = []
  #waitingBytes = 0
  #isJudging = false
  #isPaused = false

  constructor(owner: StreamOwner, direction: Direction, source: Socket, sink: Socket) {
    this.#owner = owner
    this.#direction = direction
    this.#source = source
    this.#sink = sink
  }

  data(chunk: Uint8Array): void {
    if (this.#isDone) return
    if (this.#isOpaque) {
      this.#write(chunk)
      return
    }
    const frames = this.#first === undefined ? chunk : this.#begin(this.#first, chunk)
    if (frames === undefined || frames.length === 0) return
    try {
      this.#decoder.push(frames)
    } catch (error) {
      // The bytes are in the decoder's hands and partly gone: Java closes such a connection, too.
      this.#owner.unreadable(this.#direction, error instanceof Error ? error.message : 'no frame')
      this.#owner.cut()
    }
  }

  frame(bytes: Buffer, start: number, end: number): boolean {
    const frame = bytes.subarray(start - FRAME_LENGTH_BYTES, end)
    this.#waiting.push(frame)
    this.#waitingBytes += frame.length
    this.#pauseOrResume()
    if (!this.#isJudging) void this.#judgeAll()
    return !this.#isDone
  }

  /** The receiver has taken what was queued. */
  drained(): void {
    this.#pauseOrResume()
  }

  /** Nothing is written any more. */
  stop(): void {
    this.#isDone = true
    this.#waiting.length = 0
  }

  /** Passes a PROXY header on as it is; returns what follows it, undefined while it is not all there. */
  #begin(held: Buffer, chunk: Uint8Array): Uint8Array | undefined {
    const bytes = Buffer.concat([held, chunk])
    const first = bytes[0] ?? 0
    if (first <= MAX_FIRST_BYTE) {
      this.#first = undefined
      return bytes
    }
    if (bytes.length < FIRST_BYTES) {
      this.#first = bytes
      return undefined
    }
    this.#first = undefined
    if (!beginsWithProxyHeader(bytes)) return this.#passUnseen(bytes, 'its bytes are no frames')
    try {
      const header = readProxyHeader(bytes)
      if (header === undefined) {
        this.#first = bytes
        return undefined
      }
      this.#write(bytes.subarray(0, header.byteLength))
      const rest = bytes.subarray(header.byteLength)
      if (rest.length === 0) this.#first = Buffer.alloc(0)
      if ((rest[0] ?? 0) > MAX_FIRST_BYTE) return this.#passUnseen(rest, 'its bytes are no frames')
      return rest
    } catch {
      return this.#passUnseen(bytes, 'its PROXY header is malformed')
    }
  }

  #passUnseen(bytes: Buffer, reason: string): undefined {
    this.#isOpaque = true
    this.#owner.unreadable(this.#direction, bytes[0] === 0x16 ? 'it is TLS' : reason)
    this.#write(bytes)
  }

  async #judgeAll(): Promise<void> {
    this.#isJudging = true
    for (let bytes = this.#waiting.shift(); bytes !== undefined; bytes = this.#waiting.shift()) {
      this.#waitingBytes -= bytes.length
      const frame = this.#see(bytes)
      if (frame === undefined) {
        this.#write(bytes)
        continue
      }
      if (!frame.isAnswer) this.#owner.requestSeen(frame)
      const verdict = this.#owner.intercept(frame)
      // Most verdicts are there at once; only others cost a turn.
      this.#carryOut(frame, verdict instanceof Promise ? await this.#settled(verdict) : verdict)
    }
    this.#isJudging = false
    this.#pauseOrResume()
  }

  async #settled(verdict: Promise<Verdict>): Promise<Verdict> {
    try {
      return await verdict
    } catch (error) {
      this.#owner.unreadable(this.#direction, `an interceptor failed: ${String(error)}`)
      return 'pass'
    }
  }

  #see(bytes: Buffer): SeenFrame | undefined {
    const { connection, clock, answered } = this.#owner
    const atMs = clock.monotonicMs()
    try {
      return seeFrame(bytes, { connection, direction: this.#direction, atMs, answered })
    } catch (error) {
      this.#owner.unreadable(this.#direction, error instanceof Error ? error.message : 'no command')
      return undefined
    }
  }

  #carryOut(frame: SeenFrame, verdict: Verdict): void {
    if (verdict === 'pass') this.#write(frame.bytes)
    else if (verdict === 'drop') return
    else if (verdict === 'close') this.#owner.cut()
    else if (verdict === 'duplicate') {
      this.#write(frame.bytes)
      this.#write(frame.bytes)
    } else if ('replaceWith' in verdict) this.#write(verdict.replaceWith)
    else if ('delayMs' in verdict) this.#writeLater(frame.bytes, verdict.delayMs)
    else if ('truncateTo' in verdict) {
      this.#write(frame.bytes.subarray(0, verdict.truncateTo))
      this.#sink.end()
      this.#owner.cut()
    } else if (!frame.isOneway) {
      const { code, remark } = verdict.answer
      this.#owner.writeBack(answerTo(frame, code, remark))
    }
  }

  #writeLater(bytes: Uint8Array, delayMs: number): void {
    this.#waitingBytes += bytes.length
    this.#pauseOrResume()
    this.#owner.timers.after(delayMs, () => {
      this.#waitingBytes -= bytes.length
      this.#write(bytes)
    })
  }

  #write(bytes: Uint8Array): void {
    if (this.#isDone) return
    this.#sink.write([bytes])
    this.#pauseOrResume()
  }

  // A peer that does not read must not fill our memory with what the other one sends.
  #pauseOrResume(): void {
    const isFull = this.#waitingBytes + this.#sink.queuedBytes() > MAX_WAITING_BYTES
    if (isFull === this.#isPaused) return
    this.#isPaused = isFull
    if (isFull) this.#source.pause()
    else this.#source.resume()
  }
}
