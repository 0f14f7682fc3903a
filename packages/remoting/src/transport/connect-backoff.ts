// SPDX-License-Identifier: Apache-2.0
// Addresses that could not be reached are left alone for a little while, longer each time they fail again.
const FIRST_PAUSE_MS = 50
/** More addresses than a client talks to; beyond that it starts afresh. */
const MAX_ADDRESSES = 1000

interface Failing {
  readonly failures: number
  readonly untilMs: number
}

/** One failure is forgiven, so that a server that restarts is found again at once. */
export class ConnectBackoff {
  readonly #longestMs: number
  readonly #failing = new Map<string, Failing>()

  /** Zero never waits. */
  constructor(longestMs: number) {
    this.#longestMs = longestMs
  }

  /** How long the address should still be left alone. */
  pauseMs(address: string, nowMs: number): number {
    return Math.max((this.#failing.get(address)?.untilMs ?? nowMs) - nowMs, 0)
  }

  failed(address: string, nowMs: number): void {
    const failures = (this.#failing.get(address)?.failures ?? 0) + 1
    const pauseMs = failures === 1 ? 0 : FIRST_PAUSE_MS * 2 ** Math.min(failures - 2, 20)
    if (this.#failing.size >= MAX_ADDRESSES) this.#failing.clear()
    this.#failing.set(address, { failures, untilMs: nowMs + Math.min(pauseMs, this.#longestMs) })
  }

  succeeded(address: string): void {
    this.#failing.delete(address)
  }
}
