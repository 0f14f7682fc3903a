// SPDX-License-Identifier: Apache-2.0
// Queue locks: one client per queue, renewed, given up, expired.
import { beforeEach, expect, test } from 'vitest'
import { QueueLocks } from './queue-lock.ts'

let nowMs = 0
let locks: QueueLocks
beforeEach(() => {
  nowMs = 0
  locks = new QueueLocks({ nowMs: () => nowMs, monotonicMs: () => nowMs })
})

const queue = (queueId: number): { topic: string; brokerName: string; queueId: number } => ({
  topic: 'T',
  brokerName: 'b',
  queueId,
})

function lock(clientId: string, ...queueIds: number[]): number[] {
  return locks.lock('G', queueIds.map(queue), clientId).map(({ queueId }) => queueId)
}

test('the first client gets the queues, the next one those that are left', () => {
  expect(lock('a', 0, 1)).toEqual([0, 1])
  expect(lock('b', 0, 1, 2)).toEqual([2])
  expect(lock('a', 0, 2)).toEqual([0])
})

test('groups do not hinder each other', () => {
  lock('a', 0)
  expect(locks.lock('H', [queue(0)], 'b')).toHaveLength(1)
})

test('a lock holds for a minute after it was renewed', () => {
  lock('a', 0)
  nowMs = 50_000
  lock('a', 0)
  nowMs = 110_000
  expect(lock('b', 0)).toEqual([])
  nowMs = 110_001
  expect(lock('b', 0)).toEqual([0])
})

test('only its holder gives it up', () => {
  lock('a', 0)
  locks.unlock('G', [queue(0)], 'b')
  expect(lock('b', 0)).toEqual([])
  locks.unlock('G', [queue(0)], 'a')
  expect(lock('b', 0)).toEqual([0])
})

test('a group consumes in order while one of its locks holds', () => {
  expect(locks.isAnyLocked('G')).toBe(false)
  lock('a', 0)
  expect(locks.isAnyLocked('G')).toBe(true)
  nowMs = 60_001
  expect(locks.isAnyLocked('G')).toBe(false)
})
