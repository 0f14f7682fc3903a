// SPDX-License-Identifier: Apache-2.0
// A bounded number of things under way, with a queue of those that wait for their turn. Java: the two semaphores of NettyRemotingAbstract.

/** Most that wait; Java has a blocked thread for each. */
const MAX_WAITING = 10_000

/** One that waits for a permit. */
export interface Waiter {
  readonly deadlineMs: number
  /** A permit was taken for it. */
  readonly run: () => void
  /** None came free in time. */
  readonly expired: () => void
}

/** Taken by counting down; no promise and no closure as long as there are enough. */
export class Permits {
  #free: number
  #waiting: Waiter[] = []
  #earliestMs = Infinity

  constructor(count: number) {
    this.#free = count
  }

  get free(): number {
    return this.#free
  }

  get waitingCount(): number {
    return this.#waiting.length
  }

  /** False when none is free. */
  take(): boolean {
    if (this.#free <= 0) return false
    this.#free--
    return true
  }

  /** Gives back what was taken; those that wait come first, in their order. */
  give(count = 1): void {
    this.#free += count
    while (this.#free > 0) {
      const waiter = this.#waiting.shift()
      if (waiter === undefined) return
      this.#free--
      waiter.run()
    }
  }

  /** Puts `waiter` at the end of the queue; false when the queue is full. */
  wait(waiter: Waiter): boolean {
    if (this.#waiting.length >= MAX_WAITING) return false
    this.#waiting.push(waiter)
    if (waiter.deadlineMs < this.#earliestMs) this.#earliestMs = waiter.deadlineMs
    return true
  }

  /** Takes `waiter` out of the queue; false when it is there no more. */
  forget(waiter: Waiter): boolean {
    const place = this.#waiting.indexOf(waiter)
    if (place >= 0) this.#waiting.splice(place, 1)
    return place >= 0
  }

  /** Tells those that have waited too long. */
  expire(nowMs: number): void {
    if (nowMs < this.#earliestMs) return
    const expired = this.#waiting.filter(({ deadlineMs }) => deadlineMs <= nowMs)
    this.#waiting = this.#waiting.filter(({ deadlineMs }) => deadlineMs > nowMs)
    this.#earliestMs = Math.min(...this.#waiting.map(({ deadlineMs }) => deadlineMs))
    for (const waiter of expired) waiter.expired()
  }
}
