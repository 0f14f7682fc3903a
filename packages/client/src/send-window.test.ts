// SPDX-License-Identifier: Apache-2.0
// No more is on its way than allowed, and who waits is let in in order.
import { describe, expect, it } from 'vitest'
import { SendWindow } from './send-window.ts'

describe('SendWindow', () => {
  it('lets in as many as allowed and the rest in order', () => {
    const window = new SendWindow(2, 1000)
    const entered: number[] = []
    const entrants = [0, 1, 2, 3].map((index) => ({
      bytes: 1,
      enter: () => void entered.push(index),
    }))
    for (const entrant of entrants) window.enter(entrant)
    expect(entered).toEqual([0, 1])
    expect([window.inFlight, window.waiting]).toEqual([2, 2])
    window.leave(entrants[0]!)
    expect(entered).toEqual([0, 1, 2])
    window.leave(entrants[1]!)
    expect(entered).toEqual([0, 1, 2, 3])
    expect(window.waiting).toBe(0)
  })

  it('waits for room in bytes, and nobody overtakes', () => {
    const window = new SendWindow(10, 100)
    const entered: number[] = []
    const entrants = [90, 20, 1].map((bytes) => ({ bytes, enter: () => void entered.push(bytes) }))
    for (const entrant of entrants) window.enter(entrant)
    expect(entered).toEqual([90])
    window.leave(entrants[0]!)
    expect(entered).toEqual([90, 20, 1])
  })

  it('lets in any number that leave at once', () => {
    const window = new SendWindow(1, 100)
    let entered = 0
    const first = { bytes: 1, enter: () => undefined }
    window.enter(first)
    for (let index = 0; index < 100_000; index++) {
      const entrant = {
        bytes: 1,
        enter: () => {
          entered++
          window.leave(entrant)
        },
      }
      window.enter(entrant)
    }
    window.leave(first)
    expect([entered, window.inFlight, window.waiting]).toEqual([100_000, 0, 0])
  })

  it('lets a message larger than the limit go alone', () => {
    const window = new SendWindow(10, 100)
    let entered = false
    window.enter({ bytes: 500, enter: () => void (entered = true) })
    expect(entered).toBe(true)
  })
})
