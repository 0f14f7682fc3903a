// SPDX-License-Identifier: Apache-2.0
// Picks the queue of a message: in turn, by sharding key, or by a user's function.
import { tagHash } from '@rocketmq-ts/remoting/message'
import type { MessageQueue } from './message-queue.ts'

/** Picks one of the topic's queues for a message. No other queue is tried when the send fails. */
export type QueueSelector<M> = (
  queues: readonly MessageQueue[],
  message: M,
) => MessageQueue | undefined

/** The queue that Java's SelectMessageQueueByHash gives for this text, so both clients keep one key on one queue. */
export function queueByShardingKey(
  queues: readonly MessageQueue[],
  shardingKey: string,
): MessageQueue | undefined {
  if (queues.length === 0) return undefined
  // The remainder first, then its absolute value, as Java does: −2^31 has no absolute value in 32 bits.
  return queues[Math.abs(tagHash(shardingKey) % queues.length)]
}

/** Deals the queues of one topic in turn, starting anywhere. */
export class QueueRotation {
  #next: number

  /** `start` is a random whole number, so that many clients do not begin on the same queue. */
  constructor(start: number) {
    this.#next = start
  }

  /** The next queue that `accepts`, or undefined when no queue does. */
  next(
    queues: readonly MessageQueue[],
    accepts?: (queue: MessageQueue) => boolean,
  ): MessageQueue | undefined {
    for (let tried = 0; tried < queues.length; tried++) {
      const queue = queues[this.#next % queues.length]
      this.#next = (this.#next + 1) % 0x7fff_ffff
      if (queue !== undefined && (accepts === undefined || accepts(queue))) return queue
    }
    return undefined
  }
}
