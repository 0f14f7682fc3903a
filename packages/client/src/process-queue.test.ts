// SPDX-License-Identifier: Apache-2.0
// Whatever the order in which messages finish, only what has no gap before it may be committed.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { ProcessQueue } from './process-queue.ts'

const queue = { topic: 'T', brokerName: 'a', queueId: 0 }
const limits = { messages: 10, bytes: 1000, span: 20 }

describe('ProcessQueue', () => {
  it('commits up to the smallest unfinished offset, in any order of finishing', () => {
    const order = fc
      .array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 40 })
      .chain((gaps) =>
        fc.tuple(fc.constant(gaps), fc.shuffledSubarray(gaps.map((_, index) => index))),
      )
    fc.assert(
      fc.property(order, ([gaps, finishing]) => {
        const held = new ProcessQueue<string>(queue, 0)
        let offset = 100
        const messages = gaps.map((gap) => held.hold((offset += gap), 'm', 1))
        const unfinished = new Set(messages.map((message) => message.queueOffset))
        for (const index of finishing) {
          const message = messages[index]!
          unfinished.delete(message.queueOffset)
          const expected = unfinished.size === 0 ? offset + 1 : Math.min(...unfinished)
          expect(held.finish(message, 0)).toBe(expected)
        }
        expect(held.messageCount).toBe(unfinished.size)
      }),
    )
  })

  it('counts a message that finishes twice once', () => {
    const held = new ProcessQueue<string>(queue, 0)
    const first = held.hold(5, 'm', 10)
    held.hold(6, 'm', 10)
    held.finish(first, 0)
    expect(held.finish(first, 0)).toBe(6)
    expect(held.messageCount).toBe(1)
    expect(held.bodyBytes).toBe(10)
  })

  it.each([
    ['messages', 11, 1, 1],
    ['bytes', 3, 400, 1],
    ['span', 3, 1, 11],
  ])('is full because of %s', (reason, count, bytes, step) => {
    const held = new ProcessQueue<string>(queue, 0)
    const all = Array.from({ length: count }, (_, index) => held.hold(index * step, 'm', bytes))
    expect(held.fullBecauseOf(limits)).toBe(reason)
    for (const message of all) held.finish(message, 0)
    expect(held.fullBecauseOf(limits)).toBeUndefined()
  })

  it('finds the oldest message overdue only once its handler has run for the whole time', () => {
    const held = new ProcessQueue<string>(queue, 0)
    const message = held.hold(1, 'm', 1)
    expect(held.overdue(10_000, 1000)).toBeUndefined()
    message.startedMs = 500
    expect(held.overdue(1499, 1000)).toBeUndefined()
    expect(held.overdue(1500, 1000)).toBe(message)
  })

  it('is expired two minutes after its last pull', () => {
    const held = new ProcessQueue<string>(queue, 0)
    expect(held.pullExpired(120_000)).toBe(false)
    expect(held.pullExpired(120_001)).toBe(true)
  })
})
