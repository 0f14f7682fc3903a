// SPDX-License-Identifier: Apache-2.0
// Waiters are released in order, each once, never before their offset.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { AckQueue } from './ack-queue.ts'
import type { SafetyStatus } from './messages.ts'

describe('AckQueue', () => {
  it('agrees with a plain list under any mixture of pushes and releases', () => {
    const step = fc.oneof(
      fc.record({ push: fc.nat(50) }),
      fc.record({ release: fc.nat(200) }),
      fc.record({ olderThan: fc.nat(100) }),
    )
    fc.assert(
      fc.property(fc.array(step, { maxLength: 400 }), (steps) => {
        const queue = new AckQueue()
        let model: { id: number; offset: number; time: number }[] = []
        const told: [number, SafetyStatus][] = []
        const expected: [number, SafetyStatus][] = []
        let last = 0
        steps.forEach((action, time) => {
          if ('push' in action) {
            last += action.push
            model.push({ id: time, offset: last, time })
            queue.push(last, time, { acknowledged: (status) => told.push([time, status]) })
          } else if ('release' in action) {
            const mark = last - action.release
            for (const waiter of model.filter(({ offset }) => offset <= mark)) {
              expected.push([waiter.id, 'PUT_OK'])
            }
            model = model.filter(({ offset }) => offset > mark)
            queue.release(mark, 'PUT_OK')
          } else {
            const mark = time - action.olderThan
            for (const waiter of model.filter((w) => w.time <= mark)) {
              expected.push([waiter.id, 'FLUSH_DISK_TIMEOUT'])
            }
            model = model.filter((w) => w.time > mark)
            queue.releaseOlderThan(mark, 'FLUSH_DISK_TIMEOUT')
          }
          expect(queue.size).toBe(model.length)
          expect(queue.oldestTime).toBe(model[0]?.time)
        })
        expect(told).toEqual(expected)
      }),
    )
  })

  it('counts an offset below that of the waiter before it as equal to it', () => {
    const queue = new AckQueue()
    const told: string[] = []
    queue.push(100, 0, { acknowledged: () => told.push('first') })
    queue.push(50, 0, { acknowledged: () => told.push('second') })
    queue.release(99, 'PUT_OK')
    expect(told).toEqual([])
    queue.release(100, 'PUT_OK')
    expect(told).toEqual(['first', 'second'])
  })

  it('does not release those who come while all are released', () => {
    const queue = new AckQueue()
    const told: string[] = []
    queue.push(1, 0, {
      acknowledged: () => {
        told.push('old')
        queue.push(2, 0, { acknowledged: () => told.push('new') })
      },
    })
    queue.releaseAll('SERVICE_NOT_AVAILABLE')
    expect(told).toEqual(['old'])
    expect(queue.size).toBe(1)
  })
})
