// SPDX-License-Identifier: Apache-2.0
// Waiters ordered by log offset, released when a watermark passes them: no promise, no closure, no map entry per message.
import type { AckWaiter, SafetyStatus } from './messages.ts'

/** A ring of (offset, time, waiter) that grows by doubling. */
export class AckQueue {
  #offsets = new Float64Array(64)
  #times = new Float64Array(64)
  #waiters: (AckWaiter | undefined)[] = Array.from({ length: 64 }, () => undefined)
  #head = 0
  #size = 0
  #last = 0

  get size(): number {
    return this.#size
  }

  /** When the oldest waiter came, by the caller's clock; undefined when none waits. */
  get oldestTime(): number | undefined {
    return this.#size === 0 ? undefined : this.#times[this.#head]
  }

  /** Parks a waiter. An offset below that of the waiter before it counts as equal to it: order is kept, nobody is released too early. */
  push(offset: number, timeMs: number, waiter: AckWaiter): void {
    if (this.#size === this.#offsets.length) this.#grow()
    const at = (this.#head + this.#size) & (this.#offsets.length - 1)
    this.#last = this.#size > 0 && offset < this.#last ? this.#last : offset
    this.#offsets[at] = this.#last
    this.#times[at] = timeMs
    this.#waiters[at] = waiter
    this.#size++
  }

  /** Releases every waiter at or below the watermark. */
  release(watermark: number, status: SafetyStatus): void {
    while (this.#size > 0 && (this.#offsets[this.#head] ?? 0) <= watermark) this.#pop(status)
  }

  /** Releases every waiter that came at or before `timeMs`. */
  releaseOlderThan(timeMs: number, status: SafetyStatus): void {
    while (this.#size > 0 && (this.#times[this.#head] ?? 0) <= timeMs) this.#pop(status)
  }

  /** Releases those who wait now, not those who come while they are told. */
  releaseAll(status: SafetyStatus): void {
    for (let left = this.#size; left > 0; left--) this.#pop(status)
  }

  #pop(status: SafetyStatus): void {
    const waiter = this.#waiters[this.#head]
    this.#waiters[this.#head] = undefined
    this.#head = (this.#head + 1) & (this.#offsets.length - 1)
    this.#size--
    waiter?.acknowledged(status)
  }

  #grow(): void {
    const capacity = this.#offsets.length
    const offsets = new Float64Array(capacity * 2)
    const times = new Float64Array(capacity * 2)
    const waiters: (AckWaiter | undefined)[] = Array.from({ length: capacity * 2 }, () => undefined)
    for (let i = 0; i < this.#size; i++) {
      const from = (this.#head + i) & (capacity - 1)
      offsets[i] = this.#offsets[from] ?? 0
      times[i] = this.#times[from] ?? 0
      waiters[i] = this.#waiters[from]
    }
    this.#offsets = offsets
    this.#times = times
    this.#waiters = waiters
    this.#head = 0
  }
}
