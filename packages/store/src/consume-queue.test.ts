// SPDX-License-Identifier: Apache-2.0
// The ring keeps every entry that the files do not have, whatever the order of puts and writes.
import { int32At, int64At } from '@rocketmq-ts/remoting/message'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ConsumeQueue, ENTRY_BYTES, RingBudget } from './consume-queue.ts'
import type { SegmentFiles } from './segment-files.ts'

function queueWith(cacheBytes: number): ConsumeQueue {
  // No file is touched by what is tested here.
  const segments = { count: 0 } as SegmentFiles
  return new ConsumeQueue({ topic: 'T', queueId: 0, segments, budget: new RingBudget(cacheBytes) })
}

describe('ConsumeQueue', () => {
  it('holds every entry from persisted to next, and right ones below', () => {
    const steps = fc.array(
      fc.oneof(fc.record({ put: fc.nat(60) }), fc.record({ write: fc.nat(80) })),
    )
    fc.assert(
      fc.property(steps, fc.constantFrom(0, 400, 4000, 100_000), (actions, cacheBytes) => {
        const queue = queueWith(cacheBytes)
        for (const action of actions) {
          if ('put' in action) {
            for (let i = 0; i < action.put; i++) {
              const index = queue.next
              expect(queue.put(index * 1000, index + 1, -index)).toBe(index)
            }
            queue.readable = queue.next
          } else queue.persisted = Math.min(queue.readable, queue.persisted + action.write)
          for (let index = 0; index < queue.next; index++) {
            const at = queue.slotOf(index)
            if (at < 0) expect(index).toBeLessThan(queue.persisted)
            else {
              const { ring } = queue
              const entry = [int64At(ring, at), int32At(ring, at + 8), int64At(ring, at + 12)]
              expect(entry).toEqual([index * 1000, index + 1, index === 0 ? 0 : -index])
            }
          }
          expect(queue.slotOf(queue.next)).toBe(-1)
          const waiting = Buffer.concat(queue.slices(queue.persisted, queue.next))
          expect(waiting.length).toBe((queue.next - queue.persisted) * ENTRY_BYTES)
          if (waiting.length > 0) expect(int64At(waiting, 0)).toBe(queue.persisted * 1000)
        }
      }),
      { numRuns: 200 },
    )
  })

  it('takes memory from the budget and gives all of it back', () => {
    const budget = new RingBudget(100_000)
    const queue = new ConsumeQueue({
      topic: 'T',
      queueId: 0,
      segments: { count: 0 } as SegmentFiles,
      budget,
    })
    for (let i = 0; i < 3000; i++) queue.put(i, 1, 0)
    expect(budget.usedBytes).toBe(queue.ringBytes)
    queue.persisted = queue.next
    queue.freeRing()
    expect([budget.usedBytes, queue.ringBytes]).toEqual([0, 0])
    expect(queue.put(1, 1, 0)).toBe(3000)
  })

  it('keeps negative and large tags codes', () => {
    const queue = queueWith(0)
    const codes = [-2_147_483_648, -1, 0, 2_147_483_647, 1_795_266_127_645, Number.MAX_SAFE_INTEGER]
    codes.forEach((code) => queue.put(0, 1, code))
    expect(codes.map((_, index) => int64At(queue.ring, queue.slotOf(index) + 12))).toEqual(codes)
  })
})
