// SPDX-License-Identifier: Apache-2.0
// No more is on its way than allowed, and who waits is let in in order.
import { describe, expect, it } from 'vitest'
import { SendWindow } from './send-window.ts'

describe('SendWindow', () => {
  it('lets in as many as allowed and the rest in order', () => {
    const window = new SendWindow(2, 1000)
    const entered: number[] = []
    for (let index = 0; index < 4; index++) window.enter(1, () => entered.push(index))
    expect(entered).toEqual([0, 1])
    expect([window.inFlight, window.waiting]).toEqual([2, 2])
    window.leave(1)
    expect(entered).toEqual([0, 1, 2])
    window.leave(1)
    expect(entered).toEqual([0, 1, 2, 3])
    expect(window.waiting).toBe(0)
  })

  it('waits for room in bytes, and nobody overtakes', () => {
    const window = new SendWindow(10, 100)
    const entered: string[] = []
    window.enter(90, () => entered.push('large'))
    window.enter(20, () => entered.push('second'))
    window.enter(1, () => entered.push('third'))
    expect(entered).toEqual(['large'])
    window.leave(90)
    expect(entered).toEqual(['large', 'second', 'third'])
  })

  it('lets a message larger than the limit go alone', () => {
    const window = new SendWindow(10, 100)
    let entered = false
    window.enter(500, () => (entered = true))
    expect(entered).toBe(true)
  })
})
