// SPDX-License-Identifier: Apache-2.0
// One raw connection: sends any bytes, and says what came back or what happened instead.

import { connect, type Socket } from 'node:net'
import { type Answer, takeFrame } from '../../golden/src/frames.ts'

export type Reaction = Answer | 'closed' | 'silent'

const responseFlag = 1

/** A connection whose answers are taken one by one. */
export class Peer {
  readonly #socket: Socket
  #received: Buffer = Buffer.alloc(0)
  #closed = false
  #wake: () => void = () => {}

  constructor(port: number) {
    this.#socket = connect({ port, host: '127.0.0.1', noDelay: true })
    this.#socket.on('data', (chunk: Buffer) => {
      this.#received = Buffer.concat([this.#received, chunk])
      this.#wake()
    })
    // A reset is one way of closing; what matters is that the connection is gone.
    this.#socket.on('error', () => {})
    this.#socket.on('close', () => {
      this.#closed = true
      this.#wake()
    })
  }

  send(bytes: Uint8Array): void {
    this.#socket.write(bytes)
  }

  /** The next answer, or what happened instead; requests of the server are passed over. */
  async next(withinMs: number): Promise<Reaction> {
    const deadlineMs = performance.now() + withinMs
    for (;;) {
      const frame = takeFrame(this.#received)
      if (frame !== undefined) {
        this.#received = frame.rest
        if ((frame.answer.flag & responseFlag) !== 0) return frame.answer
        continue
      }
      if (this.#closed) return 'closed'
      const leftMs = deadlineMs - performance.now()
      if (leftMs <= 0) return 'silent'
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, leftMs)
        this.#wake = () => {
          clearTimeout(timer)
          resolve()
        }
      })
    }
  }

  close(): void {
    this.#socket.destroy()
  }
}
