// SPDX-License-Identifier: Apache-2.0
// The tail stays within its bounds, keeps what is not written, and never reuses what somebody reads.
import { describe, expect, it } from 'vitest'
import { Tail } from './tail.ts'

const tailOf = (): Tail => new Tail({ chunkBytes: 100, maxBytes: 400, start: 1000 })

/** Appends records of 50 bytes; returns the log's end. */
function fill(tail: Tail, count: number, from: number, written: () => number): number {
  let end = from
  for (let i = 0; i < count; i++) {
    if (!tail.fits(50) && !tail.roll(end, 50, written())) return end
    tail.active.bytes.fill(i, tail.active.used, tail.active.used + 50)
    tail.active.used += 50
    end += 50
  }
  return end
}

describe('Tail', () => {
  it('keeps room for a blank in every chunk', () => {
    const tail = tailOf()
    expect(tail.fits(92)).toBe(true)
    expect(tail.fits(93)).toBe(false)
  })

  it('finds what it holds and nothing else', () => {
    const tail = tailOf()
    const end = fill(tail, 4, 1000, () => 1000)
    expect(tail.find(999)).toBeUndefined()
    expect(tail.find(1000)?.start).toBe(1000)
    expect(tail.find(1149)?.start).toBe(1100)
    expect(tail.find(end)).toBeUndefined()
  })

  it('refuses when everything it holds is not written yet, and goes on when it is', () => {
    const tail = tailOf()
    const end = fill(tail, 100, 1000, () => 1000)
    expect(end).toBe(1000 + 4 * 50)
    expect(tail.roll(end, 50, end)).toBe(true)
    expect(tail.chunks.length).toBe(4)
    expect(tail.start).toBe(1050)
  })

  it('uses a chunk again only when nobody reads it', () => {
    const tail = tailOf()
    let written = 1000
    written = fill(tail, 4, written, () => written)
    const [read, unread] = tail.chunks
    read?.acquire()
    const bytes = read?.bytes.subarray(0, 50)
    const before = Buffer.from(bytes ?? [])
    fill(tail, 50, written, () => Number.MAX_SAFE_INTEGER)
    expect(tail.chunks).not.toContain(read)
    expect(tail.chunks).toContain(unread)
    expect(bytes?.equals(before)).toBe(true)
    expect(read?.readers).toBe(1)
  })

  it('takes a record larger than a chunk, and than itself', () => {
    const tail = tailOf()
    expect(tail.roll(1000, 5000, 1000)).toBe(true)
    expect(tail.fits(5000)).toBe(true)
    tail.active.used = 5000
    expect(tail.roll(6000, 50, 1000)).toBe(false)
    expect(tail.roll(6000, 50, 6000)).toBe(true)
    expect(tail.roll(6000, 50, 6000)).toBe(true)
    // Its memory is not kept for others.
    expect(tail.chunks.map((chunk) => chunk.bytes.length)).toEqual([100, 100])
  })
})
