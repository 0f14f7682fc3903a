// SPDX-License-Identifier: Apache-2.0
// A queue of a topic on a broker: its text form and its order, as Java has them.
import type { MessageQueue } from '@rocketmq-ts/remoting/bodies'

export type { MessageQueue } from '@rocketmq-ts/remoting/bodies'

/** One text per queue, to key a Map with. */
export function queueKey(queue: MessageQueue): string {
  return `${queue.topic}@${queue.brokerName}@${queue.queueId}`
}

/** What Java's `MessageQueue.toString()` gives; the consistent hash is taken over it. */
export function queueText(queue: MessageQueue): string {
  return `MessageQueue [topic=${queue.topic}, brokerName=${queue.brokerName}, queueId=${queue.queueId}]`
}

/** Topic, then broker name, then queue id; names by UTF-16 unit, as Java compares strings. */
export function compareQueues(left: MessageQueue, right: MessageQueue): number {
  return (
    compareText(left.topic, right.topic) ||
    compareText(left.brokerName, right.brokerName) ||
    left.queueId - right.queueId
  )
}

/** Java's `String.compareTo` as far as its sign goes. */
export function compareText(left: string, right: string): number {
  if (left === right) return 0
  return left < right ? -1 : 1
}
