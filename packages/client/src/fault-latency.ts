// SPDX-License-Identifier: Apache-2.0
// Remembers which brokers answered slowly or not at all, and for how long to leave them alone.

/** Answer times and how long a broker that needed them is avoided; both lists ascend and have one length. */
export interface LatencyTable {
  readonly latencyMaxMs: readonly number[]
  readonly notAvailableMs: readonly number[]
}

/** Java's defaults (latencyMax, notAvailableDuration). */
export const defaultLatencyTable: LatencyTable = {
  latencyMaxMs: [50, 100, 550, 1800, 3000, 5000, 15_000],
  notAvailableMs: [0, 0, 2000, 5000, 6000, 10_000, 30_000],
}

/** What counts as the latency of a broker that could not be reached, so that it is avoided for long. */
export const isolationLatencyMs = 10_000

interface BrokerFault {
  availableFromMs: number
  reachable: boolean
}

/** Times are monotonic milliseconds, given by the caller. Source: MQFaultStrategy, LatencyFaultToleranceImpl. */
export class FaultLatency {
  readonly #table: LatencyTable
  readonly #faults = new Map<string, BrokerFault>()

  constructor(table: LatencyTable = defaultLatencyTable) {
    this.#table = table
  }

  /** Notes how one send went; `reachable` false says that no answer came at all. */
  record(brokerName: string, latencyMs: number, reachable: boolean, nowMs: number): void {
    const availableFromMs = nowMs + this.#avoidForMs(latencyMs)
    const fault = this.#faults.get(brokerName)
    if (fault === undefined) {
      this.#faults.set(brokerName, { availableFromMs, reachable })
    } else {
      fault.availableFromMs = availableFromMs
      fault.reachable = reachable
    }
  }

  /** Answers in time, as far as is known. */
  isAvailable(brokerName: string, nowMs: number): boolean {
    const fault = this.#faults.get(brokerName)
    return fault === undefined || nowMs >= fault.availableFromMs
  }

  /** Answers at all, as far as is known. */
  isReachable(brokerName: string): boolean {
    return this.#faults.get(brokerName)?.reachable ?? true
  }

  forget(brokerName: string): void {
    this.#faults.delete(brokerName)
  }

  #avoidForMs(latencyMs: number): number {
    for (let index = this.#table.latencyMaxMs.length - 1; index >= 0; index--) {
      if (latencyMs >= (this.#table.latencyMaxMs[index] ?? Infinity)) {
        return this.#table.notAvailableMs[index] ?? 0
      }
    }
    return 0
  }
}
