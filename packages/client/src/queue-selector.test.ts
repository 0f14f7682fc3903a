// SPDX-License-Identifier: Apache-2.0
// Queues are picked in turn, past those that are refused, and by the same hash as Java.
import { describe, expect, it } from 'vitest'
import { queueByShardingKey, QueueRotation } from './queue-selector.ts'

const queues = Array.from({ length: 8 }, (_, queueId) => ({
  topic: 'T',
  brokerName: queueId < 4 ? 'a' : 'b',
  queueId,
}))

describe('queueByShardingKey', () => {
  it.each([
    ['a', 1],
    ['order-1', 6],
    ['中文', 2],
    ['polygenelubricants', 0],
    ['x'.repeat(40), 0],
  ])('puts %s where SelectMessageQueueByHash puts it', (key, queueId) => {
    expect(queueByShardingKey(queues, key)?.queueId).toBe(queueId)
  })

  it('has no answer without queues', () => {
    expect(queueByShardingKey([], 'a')).toBeUndefined()
  })
})

describe('QueueRotation', () => {
  it('takes every queue once before it takes one again', () => {
    const rotation = new QueueRotation(5)
    const taken = queues.map(() => rotation.next(queues)?.queueId)
    expect(taken).toEqual([5, 6, 7, 0, 1, 2, 3, 4])
  })

  it('goes past queues that are not accepted', () => {
    const rotation = new QueueRotation(0)
    expect(rotation.next(queues, (queue) => queue.brokerName === 'b')?.queueId).toBe(4)
  })

  it('gives up when no queue is accepted', () => {
    expect(new QueueRotation(0).next(queues, () => false)).toBeUndefined()
  })
})
