// SPDX-License-Identifier: Apache-2.0
// How much may be on its way at once; what is above waits its turn.
import { Ring } from './ring.ts'

/** What wants to be on its way. */
export interface Entrant {
  readonly bytes: number
  /** There is room, and it is taken: give it back with `leave`. */
  enter(): void
}

/** First come, first served. A single message larger than the byte limit still goes, alone. */
export class SendWindow {
  readonly #maxMessages: number
  readonly #maxBytes: number
  #messages = 0
  #bytes = 0
  readonly #waiting = new Ring<Entrant>()
  #lettingIn = false

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

  /** Lets the entrant in now when there is room, else as soon as there is. */
  enter(entrant: Entrant): void {
    if (this.#waiting.length > 0 || !this.#hasRoom(entrant.bytes)) {
      this.#waiting.push(entrant)
      return
    }
    this.#take(entrant.bytes)
    entrant.enter()
  }

  /** Gives back the room of an entrant, and lets in who waits. */
  leave(entrant: Entrant): void {
    this.#messages--
    this.#bytes -= entrant.bytes
    // An entrant that fails at once leaves from within its own enter: the loop under way goes on, no deeper.
    if (this.#lettingIn) return
    this.#lettingIn = true
    try {
      for (let next = this.#waiting.peek(); next !== undefined; next = this.#waiting.peek()) {
        if (!this.#hasRoom(next.bytes)) return
        this.#waiting.shift()
        this.#take(next.bytes)
        next.enter()
      }
    } finally {
      this.#lettingIn = false
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
