// SPDX-License-Identifier: Apache-2.0
// Which client of a group consumes which queue in order: locks that expire. @see RebalanceLockManager
import type { MessageQueue } from '@rocketmq-ts/remoting/bodies'
import type { Clock } from '@rocketmq-ts/runtime'

/** How long a lock holds without being renewed. (Java: rocketmq.broker.rebalance.lockMaxLiveTime) */
const LOCK_MS = 60_000

interface Lock {
  clientId: string
  renewedMs: number
}

/** Queue locks by group. */
export class QueueLocks {
  readonly #clock: Clock
  readonly #groups = new Map<string, Map<string, Lock>>()

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** Locks or renews; returns the queues that are now the client's. */
  lock(group: string, queues: readonly MessageQueue[], clientId: string): readonly MessageQueue[] {
    const nowMs = this.#clock.monotonicMs()
    let locks = this.#groups.get(group)
    if (locks === undefined) {
      locks = new Map()
      this.#groups.set(group, locks)
    }
    const own: MessageQueue[] = []
    for (const queue of queues) {
      const key = keyOf(queue)
      const lock = locks.get(key)
      if (lock === undefined) locks.set(key, { clientId, renewedMs: nowMs })
      else if (lock.clientId === clientId || isExpired(lock, nowMs)) {
        lock.clientId = clientId
        lock.renewedMs = nowMs
      } else continue
      own.push(queue)
    }
    return own
  }

  /** Gives up the client's locks; those of others stay. */
  unlock(group: string, queues: readonly MessageQueue[], clientId: string): void {
    const locks = this.#groups.get(group)
    if (locks === undefined) return
    for (const queue of queues) {
      const key = keyOf(queue)
      if (locks.get(key)?.clientId === clientId) locks.delete(key)
    }
    if (locks.size === 0) this.#groups.delete(group)
  }

  /** True when a queue of the group is locked by anybody: it consumes in order. @see isLockAllExpired */
  isAnyLocked(group: string): boolean {
    const nowMs = this.#clock.monotonicMs()
    for (const lock of this.#groups.get(group)?.values() ?? []) {
      if (!isExpired(lock, nowMs)) return true
    }
    return false
  }
}

function isExpired(lock: Lock, nowMs: number): boolean {
  return nowMs - lock.renewedMs > LOCK_MS
}

function keyOf({ topic, brokerName, queueId }: MessageQueue): string {
  return `${topic}@${brokerName}@${queueId}`
}
