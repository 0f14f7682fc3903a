// SPDX-License-Identifier: Apache-2.0
// How many queues each topic has on each broker name.
import type { QueueData, TopicConfig } from '@rocketmq-ts/remoting/bodies'

/** The permission bit for sending. */
const WRITE = 2

/** Queues by topic, then broker name. A topic without brokers is not kept. */
export class TopicQueues {
  readonly #topics = new Map<string, Map<string, QueueData>>()

  names(): string[] {
    return [...this.#topics.keys()]
  }

  /** Queues of a topic by broker name; undefined when no broker has it. */
  of(topic: string): ReadonlyMap<string, QueueData> | undefined {
    return this.#topics.get(topic)
  }

  put(brokerName: string, topic: TopicConfig, perm: number): void {
    const { readQueueNums, topicName, topicSysFlag, writeQueueNums } = topic
    const brokers = this.#topics.get(topicName) ?? new Map<string, QueueData>()
    brokers.set(brokerName, { brokerName, perm, readQueueNums, topicSysFlag, writeQueueNums })
    this.#topics.set(topicName, brokers)
  }

  /** Takes a topic away from all brokers. */
  deleteTopic(topic: string): void {
    this.#topics.delete(topic)
  }

  /** Takes a topic away from one broker name. */
  delete(topic: string, brokerName: string): void {
    const brokers = this.#topics.get(topic)
    brokers?.delete(brokerName)
    if (brokers?.size === 0) this.#topics.delete(topic)
  }

  /** Takes all topics away from one broker name. */
  deleteBroker(brokerName: string): void {
    for (const topic of this.onBroker(brokerName)) this.delete(topic, brokerName)
  }

  /** Topics that a broker name has. */
  onBroker(brokerName: string): string[] {
    return [...this.#topics]
      .filter(([, brokers]) => brokers.has(brokerName))
      .map(([topic]) => topic)
  }

  /** Leaves a broker name's queues readable only: a slave acts for the master. */
  denyWriting(brokerName: string): void {
    for (const brokers of this.#topics.values()) {
      const queues = brokers.get(brokerName)
      if (queues !== undefined) brokers.set(brokerName, { ...queues, perm: queues.perm & ~WRITE })
    }
  }
}

export function isWritable(queues: QueueData): boolean {
  return (queues.perm & WRITE) !== 0
}
