// SPDX-License-Identifier: Apache-2.0
// A peer that sends any bytes over a real socket and knows which opaques were answered.
import { connect, type Socket } from 'node:net'

/** What is known of an answer without reading its body. */
export interface Answer {
  readonly code: number
  readonly bytes: number
}

/** How long anything may take before it counts as hanging. */
export const PATIENCE_MS = 20_000

/** One connection. */
export class Peer {
  readonly #socket: Socket
  readonly #answers = new Map<number, Answer>()
  readonly #cut: Buffer[] = []
  #cutBytes = 0
  #wake: (() => void) | undefined
  isClosed = false
  answerCount = 0

  private constructor(socket: Socket) {
    this.#socket = socket
    // A server may reset a connection in the middle of what it is sent.
    socket.on('error', () => undefined)
    socket.on('data', (chunk: Buffer) => this.#received(chunk))
    socket.on('close', () => {
      this.isClosed = true
      this.#wake?.()
    })
  }

  static open(port: number): Promise<Peer> {
    return new Promise((resolve, reject) => {
      const socket = connect({ host: '127.0.0.1', port, noDelay: true })
      socket.once('error', reject)
      socket.once('connect', () => {
        socket.off('error', reject)
        resolve(new Peer(socket))
      })
    })
  }

  send(bytes: Uint8Array): void {
    this.#socket.write(bytes)
  }

  /** Says that nothing more will come. */
  end(): void {
    this.#socket.end()
  }

  destroy(): void {
    this.#socket.destroy()
  }

  answerTo(opaque: number): Answer | undefined {
    return this.#answers.get(opaque)
  }

  /** Waits until `done` or the connection is closed; false when neither comes. */
  async until(done: () => boolean, patienceMs: number = PATIENCE_MS): Promise<boolean> {
    const deadline = performance.now() + patienceMs
    while (!done() && !this.isClosed) {
      const leftMs = deadline - performance.now()
      if (leftMs <= 0) return false
      await this.#news(leftMs)
    }
    return true
  }

  #news(withinMs: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, withinMs)
      this.#wake = () => {
        clearTimeout(timer)
        resolve()
      }
    })
  }

  #received(chunk: Buffer): void {
    this.#cut.push(chunk)
    this.#cutBytes += chunk.length
    // Large answers come in many chunks: they are joined once.
    if (this.#cutBytes < this.#wanted()) return
    const bytes = this.#cut.length === 1 ? chunk : Buffer.concat(this.#cut)
    this.#cut.length = 0
    let at = 0
    while (bytes.length - at >= 4 && bytes.length - at >= 4 + bytes.readInt32BE(at)) {
      const end = at + 4 + bytes.readInt32BE(at)
      this.#answered(bytes.subarray(at + 4, end))
      at = end
    }
    if (at < bytes.length) this.#cut.push(bytes.subarray(at))
    this.#cutBytes = bytes.length - at
    this.#wake?.()
  }

  #wanted(): number {
    const first = this.#cut[0]
    return first === undefined || first.length < 4 ? 4 : 4 + first.readInt32BE()
  }

  /** Answers are read by hand, so that a fault of our reader cannot hide one of our writer. */
  #answered(frame: Buffer): void {
    const headerEnd = 4 + frame.readUIntBE(1, 3)
    const header = frame.subarray(4, headerEnd)
    const bytes = frame.length
    this.answerCount++
    if (frame[0] === 1) {
      this.#answers.set(header.readInt32BE(5), {
        code: header.readInt16BE(0),
        bytes,
      })
      return
    }
    const { code, opaque } = JSON.parse(header.toString()) as {
      code: number
      opaque: number
    }
    this.#answers.set(opaque, { code, bytes })
  }
}
