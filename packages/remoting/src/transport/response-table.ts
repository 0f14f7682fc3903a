// SPDX-License-Identifier: Apache-2.0
// Requests that wait for their answer, by opaque, with time-outs found by a sweep instead of a timer each.
import { RocketMQError } from '../errors.ts'
import type { CommandScan } from '../protocol/command-scan.ts'
import type { ExtFields } from '../protocol/encode-command.ts'
import type { RequestType } from '../protocol/schema.ts'
import type { RequestOptions, Response } from './connection.ts'
import type { Permits } from './permits.ts'
import { ReceivedResponse } from './received-response.ts'

/** A request as it was sent, so that it can be sent again elsewhere. */
export interface SentOnce {
  readonly type: RequestType<unknown, unknown>
  readonly header: unknown
  readonly options: RequestOptions
  /** With all that hooks and the signature added. */
  readonly ext: ExtFields | undefined
  /** It was sent elsewhere before, and will not be again. */
  readonly isRetry: boolean
}

/** A request whose answer somebody waits for. */
export interface Unanswered extends SentOnce {
  readonly resolve: (response: Response<unknown>) => void
  readonly reject: (error: Error) => void
  readonly sentMs: number
  readonly deadlineMs: number
}

interface Waiting extends Unanswered {
  readonly onAbort: (() => void) | undefined
}

/** One per connection. */
export class ResponseTable {
  readonly #peer: { readonly remoteAddress: string }
  /** One is given back for each request that is not waiting any more. */
  readonly #permits: Permits
  readonly #waiting = new Map<number, Waiting>()
  #nextOpaque = 0
  /** No deadline lies before this. */
  #earliestMs = Infinity

  constructor(peer: { readonly remoteAddress: string }, permits: Permits) {
    this.#peer = peer
    this.#permits = permits
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
  wait<Req, Res>(
    opaque: number,
    sent: Omit<SentOnce, 'type' | 'header'> & {
      readonly type: RequestType<Req, Res>
      readonly header: Req
    },
    nowMs: number,
    timeoutMs: number,
  ): Promise<Response<Res>> {
    return new Promise<Response<Res>>((resolve, reject) => {
      const { type, header, options, ext, isRetry } = sent
      const { signal } = options
      const deadlineMs = nowMs + timeoutMs
      if (deadlineMs < this.#earliestMs) this.#earliestMs = deadlineMs
      const onAbort = signal === undefined ? undefined : (): void => this.#abort(opaque)
      if (onAbort !== undefined) signal?.addEventListener('abort', onAbort, { once: true })
      // `type` and `resolve` belong together, whatever Res is.
      this.#waiting.set(opaque, {
        type,
        header,
        options,
        ext,
        isRetry,
        resolve: resolve as (response: Response<unknown>) => void,
        reject,
        sentMs: nowMs,
        deadlineMs,
        onAbort,
      } as Waiting)
    })
  }

  /** Hands an answer to who waits for it; one that comes too late is dropped. */
  answer(scan: CommandScan): void {
    const waiting = this.take(scan.opaque)
    if (waiting !== undefined) {
      waiting.resolve(new ReceivedResponse(waiting.type, scan, this.#peer.remoteAddress))
    }
  }

  /** The request waits no more; whoever takes it settles its promise. */
  take(opaque: number): Unanswered | undefined {
    const waiting = this.#waiting.get(opaque)
    if (waiting === undefined) return undefined
    this.#waiting.delete(opaque)
    if (waiting.onAbort !== undefined) {
      waiting.options.signal?.removeEventListener('abort', waiting.onAbort)
    }
    this.#permits.give()
    return waiting
  }

  #abort(opaque: number): void {
    const waiting = this.take(opaque)
    if (waiting === undefined) return
    const { signal } = waiting.options
    waiting.reject(abortedError(waiting.type.name, this.#peer.remoteAddress, signal))
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
      this.take(opaque)
      waiting.reject(
        new RocketMQError(
          'RMQ_TIMEOUT',
          `${this.#peer.remoteAddress} did not answer ${waiting.type.name} within ${Math.round(waiting.deadlineMs - waiting.sentMs)} ms`,
          { address: this.#peer.remoteAddress },
        ),
      )
    }
    this.#earliestMs = earliestMs
    return sentMs
  }

  /** Fails everything that waits. */
  rejectAll(error: (requestName: string) => Error): void {
    for (const opaque of [...this.#waiting.keys()]) {
      const waiting = this.take(opaque)
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
