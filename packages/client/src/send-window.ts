// SPDX-License-Identifier: Apache-2.0
// How much may be on its way at once; what is above waits its turn.
import { Ring } from './ring.ts'

/** Who waits: called once there is room, which it then holds. */
interface Waiting {
  readonly bytes: number
  readonly enter: () => void
}

/** First come, first served. A single message larger than the byte limit still goes, alone. */
export class SendWindow {
  readonly #maxMessages: number
  readonly #maxBytes: number
  #messages = 0
  #bytes = 0
  readonly #waiting = new Ring<Waiting>()

  constructor(maxMessages: number, maxBytes: number) {
    this.#maxMessages = maxMessages
    this.#maxBytes = maxBytes
  }

  /** Messages on their way. */
  get inFlight(): number {
    return this.#messages
  }

  /** Messages that wait for room. */
  get waiting(): number {
    return this.#waiting.length
  }

  /** Calls `enter` now when there is room, else as soon as there is. */
  enter(bytes: number, enter: () => void): void {
    if (this.#waiting.length === 0 && this.#hasRoom(bytes)) {
      this.#take(bytes)
      enter()
    } else {
      this.#waiting.push({ bytes, enter })
    }
  }

  /** Gives back the room that an `enter` of as many bytes took. */
  leave(bytes: number): void {
    this.#messages--
    this.#bytes -= bytes
    for (let next = this.#waiting.peek(); next !== undefined; next = this.#waiting.peek()) {
      if (!this.#hasRoom(next.bytes)) return
      this.#waiting.shift()
      this.#take(next.bytes)
      next.enter()
    }
  }

  #hasRoom(bytes: number): boolean {
    if (this.#messages === 0) return true
    return this.#messages < this.#maxMessages && this.#bytes + bytes <= this.#maxBytes
  }

  #take(bytes: number): void {
    this.#messages++
    this.#bytes += bytes
  }
}
