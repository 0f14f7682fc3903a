// SPDX-License-Identifier: Apache-2.0
// Held pulls: woken by what they want, by time, by a missed arrival.
import { beforeEach, expect, test } from 'vitest'
import { LongPolling, type HeldPull } from './long-polling.ts'

let nowMs = 0
let ends: Map<string, number>
let polling: LongPolling
let woken: string[]
beforeEach(() => {
  nowMs = 1000
  ends = new Map()
  woken = []
  const clock = { nowMs: () => nowMs, monotonicMs: () => nowMs }
  polling = new LongPolling(clock, (topic, queueId) => ends.get(`${topic}-${queueId}`) ?? 0)
  polling.tick()
})

function hold(name: string, more: Partial<HeldPull> = {}): void {
  polling.hold({
    topic: 'T',
    queueId: 0,
    queueOffset: 5,
    matchTags: undefined,
    deadlineMs: 16_000,
    isAbandoned: false,
    resume: () => void woken.push(name),
    ...more,
  })
}

/** Resuming waits for the end of what is running. */
async function wokenNow(): Promise<string[]> {
  await Promise.resolve()
  return woken.splice(0)
}

test('an arrival wakes all who wait at or before it, in their order', async () => {
  hold('first')
  hold('second', { queueOffset: 4 })
  hold('later', { queueOffset: 6 })
  polling.arrived('T', 0, 5, 0)
  expect(await wokenNow()).toEqual(['first', 'second'])
  expect(polling.size).toBe(1)
})

test('an arrival elsewhere wakes nobody', async () => {
  hold('one')
  polling.arrived('T', 1, 5, 0)
  polling.arrived('U', 0, 5, 0)
  expect(await wokenNow()).toEqual([])
})

test('an arrival wakes only who wants its tag', async () => {
  hold('seven', { matchTags: (code) => code === 7 })
  hold('eight', { matchTags: (code) => code === 8 })
  polling.arrived('T', 0, 5, 8)
  expect(await wokenNow()).toEqual(['eight'])
})

test('a message that came before the hold wakes at once', async () => {
  ends.set('T-0', 6)
  hold('late')
  expect(await wokenNow()).toEqual(['late'])
})

test('time ends the wait', async () => {
  hold('short', { deadlineMs: 2000 })
  hold('long', { deadlineMs: 3000 })
  nowMs = 1999
  polling.tick()
  expect(await wokenNow()).toEqual([])
  nowMs = 2000
  polling.tick()
  expect(await wokenNow()).toEqual(['short'])
})

test('an arrival that was missed is found within five seconds', async () => {
  hold('one')
  ends.set('T-0', 6)
  nowMs = 5999
  polling.tick()
  expect(await wokenNow()).toEqual([])
  nowMs = 6000
  polling.tick()
  expect(await wokenNow()).toEqual(['one'])
})

test('who has gone is dropped without an answer', async () => {
  hold('gone', { isAbandoned: true })
  polling.tick()
  expect(await wokenNow()).toEqual([])
  expect(polling.size).toBe(0)
})

test('all are answered at the end', async () => {
  hold('a')
  hold('b', { topic: 'U' })
  polling.releaseAll()
  expect((await wokenNow()).toSorted()).toEqual(['a', 'b'])
  expect(polling.size).toBe(0)
})
