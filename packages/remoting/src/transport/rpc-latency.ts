// SPDX-License-Identifier: Apache-2.0
// How long requests took, as counts per bucket: the figures behind Java's histogram rocketmq_rpc_latency.
import type { Clock, Turn } from '@rocketmq-ts/runtime'

/** Upper bounds of the buckets, milliseconds, inclusive; one more bucket holds what took longer. Source: RemotingMetricsManager. */
export const RPC_LATENCY_BOUNDS_MS: readonly number[] = [1, 3, 5, 7, 10, 100, 1000, 2000, 3000]

/** Java's label `result`. */
export type RpcResult = 'success' | 'oneway' | 'write_channel_failed'

/** One row of the histogram, by Java's labels. */
export interface RpcLatencyFigure {
  readonly requestCode: number
  readonly responseCode: number
  /** The request was put aside until something happened: pulls and pops without messages. */
  readonly isLongPolling: boolean
  readonly result: RpcResult
  readonly count: number
  readonly sumMs: number
  /** How many fell into each bucket of {@link RPC_LATENCY_BOUNDS_MS}; one number more than there are bounds. */
  readonly buckets: readonly number[]
}

interface Row {
  count: number
  sumMs: number
  readonly buckets: number[]
}

const RESULTS: readonly RpcResult[] = ['success', 'oneway', 'write_channel_failed']
/** Places in the list above: numbers are cheaper than names on the way of every request. */
export const RESULT_SUCCESS = 0
export const RESULT_ONEWAY = 1
export const RESULT_WRITE_FAILED = 2
/** More rows than all codes there are with their usual answers: a peer that invents codes must not fill the memory. */
const MAX_ROWS = 4096

/** The figures of one server. Time passes from one event-loop turn to the next: within a turn it stands still. */
export class RpcLatency {
  readonly #clock: Clock
  readonly #turn: Turn
  readonly #rows = new Map<number, Row>()
  #lastKey = -1
  #lastRow: Row | undefined
  #nowMs = 0
  #isNow = false
  readonly #turnEnded = (): void => {
    this.#isNow = false
  }

  constructor(clock: Clock, turn: Turn) {
    this.#clock = clock
    this.#turn = turn
  }

  /** Whole milliseconds at the beginning of this turn, from an origin of no meaning; wraps at 2^31. */
  nowMs(): number {
    if (!this.#isNow) {
      this.#isNow = true
      this.#nowMs = this.#clock.monotonicMs() | 0
      this.#turn.atEnd(this.#turnEnded)
    }
    return this.#nowMs
  }

  /** The next {@link nowMs} looks at the clock again, though the turn has not ended. */
  timePassed(): void {
    this.#isNow = false
  }

  /** Counts a request that came at `sinceMs` of {@link nowMs} and has its answer now. */
  record(
    requestCode: number,
    responseCode: number,
    isLongPolling: boolean,
    result: number,
    sinceMs: number,
  ): void {
    // Both codes are at most 32 bits, but those in use are far below these bounds; the rest share rows.
    const key =
      ((requestCode & 0xff_ffff) * 0x1_0000 + (responseCode & 0xffff)) * 8 +
      result * 2 +
      (isLongPolling ? 1 : 0)
    let row = key === this.#lastKey ? this.#lastRow : this.#rows.get(key)
    if (row === undefined) {
      if (this.#rows.size >= MAX_ROWS) return
      row = { count: 0, sumMs: 0, buckets: RPC_LATENCY_BOUNDS_MS.map(() => 0).concat(0) }
      this.#rows.set(key, row)
    }
    this.#lastKey = key
    this.#lastRow = row
    const tookMs = Math.max((this.nowMs() - sinceMs) | 0, 0)
    let bucket = 0
    while (bucket < RPC_LATENCY_BOUNDS_MS.length && tookMs > (RPC_LATENCY_BOUNDS_MS[bucket] ?? 0)) {
      bucket++
    }
    row.count++
    row.sumMs += tookMs
    row.buckets[bucket] = (row.buckets[bucket] ?? 0) + 1
  }

  /** All rows, as they are now. */
  figures(): readonly RpcLatencyFigure[] {
    return [...this.#rows].map(([key, { count, sumMs, buckets }]) => {
      const codes = Math.floor(key / 8)
      const responseCode = codes % 0x1_0000
      return {
        requestCode: Math.floor(codes / 0x1_0000),
        responseCode: responseCode > 0x7fff ? responseCode - 0x1_0000 : responseCode,
        isLongPolling: (key & 1) === 1,
        result: RESULTS[Math.floor((key % 8) / 2)] ?? 'success',
        count,
        sumMs,
        buckets: [...buckets],
      }
    })
  }
}
