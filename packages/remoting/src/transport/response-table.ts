// SPDX-License-Identifier: Apache-2.0
// Requests that wait for their answer, by opaque, with time-outs found by a sweep instead of a timer each.
import { RocketMQError } from '../errors.ts'
import type { CommandScan } from '../protocol/command-scan.ts'
import type { RequestType } from '../protocol/schema.ts'
import type { Response } from './connection.ts'
import { ReceivedResponse } from './received-response.ts'

interface Waiting {
  readonly type: RequestType<unknown, unknown>
  readonly resolve: (response: Response<unknown>) => void
  readonly reject: (error: Error) => void
  readonly sentMs: number
  readonly deadlineMs: number
  readonly signal: AbortSignal | undefined
  readonly onAbort: (() => void) | undefined
}

/** One per connection. */
export class ResponseTable {
  readonly #address: string
  readonly #waiting = new Map<number, Waiting>()
  #nextOpaque = 0
  /** No deadline lies before this. */
  #earliestMs = Infinity

  constructor(address: string) {
    this.#address = address
  }

  get size(): number {
    return this.#waiting.size
  }

  /** A number no waiting request has. */
  nextOpaque(): number {
    do this.#nextOpaque = (this.#nextOpaque + 1) & 0x7fff_ffff
    while (this.#waiting.has(this.#nextOpaque))
    return this.#nextOpaque
  }

  /** The promise of the answer to the request sent with `opaque`. */
  wait<Res>(
    opaque: number,
    type: RequestType<unknown, Res>,
    nowMs: number,
    timeoutMs: number,
    signal: AbortSignal | undefined,
  ): Promise<Response<Res>> {
    return new Promise<Response<Res>>((resolve, reject) => {
      const deadlineMs = nowMs + timeoutMs
      if (deadlineMs < this.#earliestMs) this.#earliestMs = deadlineMs
      const onAbort = signal === undefined ? undefined : (): void => this.#abort(opaque)
      if (onAbort !== undefined) signal?.addEventListener('abort', onAbort, { once: true })
      // `type` and `resolve` belong together, whatever Res is.
      this.#waiting.set(opaque, {
        type,
        resolve: resolve as (response: Response<unknown>) => void,
        reject,
        sentMs: nowMs,
        deadlineMs,
        signal,
        onAbort,
      } as Waiting)
    })
  }

  /** Hands an answer to who waits for it; one that comes too late is dropped. */
  answer(scan: CommandScan): void {
    const waiting = this.#take(scan.opaque)
    if (waiting !== undefined) {
      waiting.resolve(new ReceivedResponse(waiting.type, scan, this.#address))
    }
  }

  #take(opaque: number): Waiting | undefined {
    const waiting = this.#waiting.get(opaque)
    if (waiting === undefined) return undefined
    this.#waiting.delete(opaque)
    if (waiting.onAbort !== undefined) waiting.signal?.removeEventListener('abort', waiting.onAbort)
    return waiting
  }

  #abort(opaque: number): void {
    const waiting = this.#take(opaque)
    if (waiting === undefined) return
    waiting.reject(abortedError(waiting.type.name, this.#address, waiting.signal))
  }

  /** Fails what has waited too long; returns when the longest waiting of those was sent, undefined when there was none. */
  expire(nowMs: number): number | undefined {
    if (nowMs < this.#earliestMs) return undefined
    let earliestMs = Infinity
    let sentMs: number | undefined
    for (const [opaque, waiting] of this.#waiting) {
      if (waiting.deadlineMs > nowMs) {
        if (waiting.deadlineMs < earliestMs) earliestMs = waiting.deadlineMs
        continue
      }
      if (sentMs === undefined || waiting.sentMs < sentMs) sentMs = waiting.sentMs
      this.#take(opaque)
      waiting.reject(
        new RocketMQError(
          'RMQ_TIMEOUT',
          `${this.#address} did not answer ${waiting.type.name} within ${Math.round(waiting.deadlineMs - waiting.sentMs)} ms`,
          { address: this.#address },
        ),
      )
    }
    this.#earliestMs = earliestMs
    return sentMs
  }

  /** Fails everything that waits. */
  rejectAll(error: (requestName: string) => Error): void {
    for (const opaque of [...this.#waiting.keys()]) {
      const waiting = this.#take(opaque)
      waiting?.reject(error(waiting.type.name))
    }
  }
}

/** What a caller gets whose signal fired. */
export function abortedError(
  what: string,
  address: string,
  signal: AbortSignal | undefined,
): RocketMQError {
  return new RocketMQError('RMQ_ABORTED', `${what} to ${address} was aborted`, {
    address,
    cause: signal?.reason as unknown,
  })
}
