// SPDX-License-Identifier: Apache-2.0
// The open connections of a server or client, with the one timer that serves them all.
import type { Cancel, Clock, Timers } from '@rocketmq-ts/runtime'
import type { SocketConnection } from './socket-connection.ts'

/** How often connections look at their time-outs. */
export const TICK_MS = 100
/** How long a close waits for what is still being written. */
const CLOSE_GRACE_MS = 3000

/** Ticks while it holds a connection. */
export class ConnectionSet {
  readonly #clock: Clock
  readonly #timers: Timers
  readonly #connections = new Set<SocketConnection>()
  #stopTicking: Cancel | undefined
  #emptied: (() => void)[] = []

  constructor(clock: Clock, timers: Timers) {
    this.#clock = clock
    this.#timers = timers
  }

  get size(): number {
    return this.#connections.size
  }

  add(connection: SocketConnection): void {
    this.#connections.add(connection)
    this.#stopTicking ??= this.#timers.every(TICK_MS, () => this.#tick())
  }

  delete(connection: SocketConnection): void {
    this.#connections.delete(connection)
    if (this.#connections.size > 0) return
    this.#stopTicking?.()
    this.#stopTicking = undefined
    const emptied = this.#emptied
    this.#emptied = []
    for (const run of emptied) run()
  }

  #tick(): void {
    const nowMs = this.#clock.monotonicMs()
    for (const connection of this.#connections) connection.tick(nowMs)
  }

  /**
   * Closes all connections and resolves once they are gone; what cannot be written in time is dropped.
   * `finishMs`: how long each may take to answer what it has taken.
   */
  closeAll(finishMs = 0): Promise<void> {
    for (const connection of this.#connections) {
      if (finishMs === 0) connection.close()
      else connection.finish()
    }
    if (this.#connections.size === 0) return Promise.resolve()
    return new Promise((resolve) => {
      const ends = finishMs === 0 ? [CLOSE_GRACE_MS] : [finishMs, finishMs + CLOSE_GRACE_MS]
      const cancels = ends.map((afterMs) => this.#timers.after(afterMs, () => this.#insist()))
      this.#emptied.push(() => {
        for (const cancel of cancels) cancel()
        resolve()
      })
    })
  }

  /** Closes what is still open, and drops what was told to close before. */
  #insist(): void {
    for (const connection of this.#connections) {
      if (connection.closed) connection.destroy()
      else connection.close()
    }
  }

  /** Resolves once no connection is left, or after `withinMs`. */
  whenEmpty(withinMs: number): Promise<void> {
    if (this.#connections.size === 0) return Promise.resolve()
    return new Promise((resolve) => {
      const cancel = this.#timers.after(withinMs, resolve)
      this.#emptied.push(() => {
        cancel()
        resolve()
      })
    })
  }
}
