// SPDX-License-Identifier: Apache-2.0
// A queue of a topic on a broker, and the order Java gives to names.
import type { MessageQueue } from '@rocketmq-ts/remoting/bodies'

export type { MessageQueue } from '@rocketmq-ts/remoting/bodies'

/** One text per queue, to key a Map with. */
export function queueKey(queue: MessageQueue): string {
  return `${queue.topic}@${queue.brokerName}@${queue.queueId}`
}

/** Java's `String.compareTo` as far as its sign goes. */
export function compareText(left: string, right: string): number {
  if (left === right) return 0
  return left < right ? -1 : 1
}
