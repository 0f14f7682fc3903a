// SPDX-License-Identifier: Apache-2.0
// The ring behaves like an array that is pushed to and shifted from.
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Ring } from './ring.ts'

describe('Ring', () => {
  it('agrees with an array under any mix of pushes and shifts', () => {
    fc.assert(
      fc.property(fc.array(fc.boolean(), { maxLength: 400 }), (pushes) => {
        const ring = new Ring<number>()
        const model: number[] = []
        pushes.forEach((push, index) => {
          if (push) {
            ring.push(index)
            model.push(index)
          } else {
            expect(ring.shift()).toBe(model.shift())
          }
          expect(ring.length).toBe(model.length)
          expect(ring.peek()).toBe(model[0])
          expect(ring.peek(3)).toBe(model[3])
        })
      }),
    )
  })

  it('works on after it grew large and emptied', () => {
    const ring = new Ring<number>()
    for (let index = 0; index < 5000; index++) ring.push(index)
    for (let index = 0; index < 5000; index++) expect(ring.shift()).toBe(index)
    ring.push(7)
    expect(ring.shift()).toBe(7)
    expect(ring.shift()).toBeUndefined()
  })

  it('is empty after clear', () => {
    const ring = new Ring<number>()
    ring.push(1)
    ring.clear()
    expect(ring.length).toBe(0)
    expect(ring.shift()).toBeUndefined()
  })
})
