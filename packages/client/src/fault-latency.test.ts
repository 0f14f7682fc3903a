// SPDX-License-Identifier: Apache-2.0
// Slow brokers rest as long as Java's table says.
import { describe, expect, it } from 'vitest'
import { FaultLatency, isolationLatencyMs } from './fault-latency.ts'

describe('FaultLatency', () => {
  it.each([
    [10, 0],
    [99, 0],
    [550, 2000],
    [1799, 2000],
    [1800, 5000],
    [isolationLatencyMs, 10_000],
    [15_000, 30_000],
  ])('after an answer in %i ms a broker rests for %i ms', (latencyMs, restMs) => {
    const faults = new FaultLatency()
    faults.record('a', latencyMs, true, 1000)
    if (restMs > 0) expect(faults.isAvailable('a', 999 + restMs)).toBe(false)
    expect(faults.isAvailable('a', 1000 + restMs)).toBe(true)
  })

  it('takes an unknown broker for good', () => {
    const faults = new FaultLatency()
    expect([faults.isAvailable('a', 0), faults.isReachable('a')]).toEqual([true, true])
  })

  it('remembers that a broker could not be reached until it answers or is forgotten', () => {
    const faults = new FaultLatency()
    faults.record('a', 0, false, 0)
    expect(faults.isReachable('a')).toBe(false)
    faults.record('a', 0, true, 0)
    expect(faults.isReachable('a')).toBe(true)
    faults.record('a', 0, false, 0)
    faults.forget('a')
    expect(faults.isReachable('a')).toBe(true)
  })
})
