// SPDX-License-Identifier: Apache-2.0
// Strategies share queues exactly as Java's 5.5.0 classes do; the expected lists were printed by those classes.
import { describe, expect, it } from 'vitest'
import { allocateAveragelyByCircle } from './allocate-averagely-by-circle.ts'
import { allocateAveragely } from './allocate-averagely.ts'
import { allocateByConfig } from './allocate-by-config.ts'
import type { AllocationStrategy } from './allocation.ts'

const recorded: readonly [AllocationStrategy, number, number, string][] = [
  [allocateAveragely, 1, 1, '0|'],
  [allocateAveragely, 1, 3, '0|||'],
  [allocateAveragely, 4, 3, '0 1|2|3|'],
  [allocateAveragely, 4, 5, '0|1|2|3||'],
  [allocateAveragely, 8, 3, '0 1 2|3 4 5|6 7|'],
  [allocateAveragely, 8, 5, '0 1|2 3|4 5|6|7|'],
  [allocateAveragely, 8, 9, '0|1|2|3|4|5|6|7||'],
  [allocateAveragely, 10, 7, '0 1|2 3|4 5|6|7|8|9|'],
  [allocateAveragely, 16, 7, '0 1 2|3 4 5|6 7|8 9|10 11|12 13|14 15|'],
  [allocateAveragelyByCircle, 1, 2, '0||'],
  [allocateAveragelyByCircle, 4, 3, '0 3|1|2|'],
  [allocateAveragelyByCircle, 8, 5, '0 5|1 6|2 7|3|4|'],
  [allocateAveragelyByCircle, 8, 9, '0|1|2|3|4|5|6|7||'],
  [allocateAveragelyByCircle, 10, 7, '0 7|1 8|2 9|3|4|5|6|'],
  [allocateAveragelyByCircle, 16, 5, '0 5 10 15|1 6 11|2 7 12|3 8 13|4 9 14|'],
]

function queuesOf(count: number): { topic: string; brokerName: string; queueId: number }[] {
  return Array.from({ length: count }, (_, queueId) => ({ topic: 'T', brokerName: 'b', queueId }))
}

describe('allocation strategies', () => {
  it.each(recorded)(
    '%o shares %i queues over %i members as Java does',
    (strategy, queueCount, members, expected) => {
      const queues = queuesOf(queueCount)
      const clientIds = Array.from({ length: members }, (_, index) => `c${index}`)
      const shares = clientIds.map((clientId) =>
        strategy
          .allocate({ group: 'g', clientId, queues, clientIds })
          .map(({ queueId }) => queueId),
      )
      expect(shares.map((share) => `${share.join(' ')}|`).join('')).toBe(expected)
    },
  )

  it.each([allocateAveragely, allocateAveragelyByCircle])(
    '%o gives every queue to exactly one member',
    (strategy) => {
      for (let queueCount = 1; queueCount < 40; queueCount++) {
        for (let members = 1; members < 12; members++) {
          const queues = queuesOf(queueCount)
          const clientIds = Array.from({ length: members }, (_, index) => `c${index}`)
          const given = clientIds.flatMap((clientId) =>
            strategy.allocate({ group: 'g', clientId, queues, clientIds }),
          )
          expect(given.map(({ queueId }) => queueId).sort((a, b) => a - b)).toEqual(
            queues.map(({ queueId }) => queueId),
          )
        }
      }
    },
  )

  it('gives nothing to a client the broker does not list', () => {
    const asked = { group: 'g', clientId: 'stranger', queues: queuesOf(4), clientIds: ['a', 'b'] }
    expect(allocateAveragely.allocate(asked)).toEqual([])
    expect(allocateAveragelyByCircle.allocate(asked)).toEqual([])
  })

  it('gives the configured queues whoever else is there', () => {
    const mine = queuesOf(2)
    const asked = { group: 'g', clientId: 'a', queues: queuesOf(8), clientIds: ['a', 'b'] }
    expect(allocateByConfig(mine).allocate(asked)).toBe(mine)
  })

  it('carries the names Java sends to brokers', () => {
    const strategies = [allocateAveragely, allocateAveragelyByCircle, allocateByConfig([])]
    expect(strategies.map(({ name }) => name)).toEqual(['AVG', 'AVG_BY_CIRCLE', 'CONFIG'])
  })
})
