// SPDX-License-Identifier: Apache-2.0
// How many queues each topic has on each broker name.
import type { QueueData, TopicConfig } from '@rocketmq-ts/remoting/bodies'

/** The permission bit for sending. */
const WRITE = 2
/** What restoring the permission to send gives, whatever a topic had before, as in Java. */
const READ_AND_WRITE = 6

/** Queues by topic, then broker name. A topic without brokers is not kept. */
export class TopicQueues {
  readonly #topics = new Map<string, Map<string, QueueData>>()
  /** The same the other way round: a broker that leaves must not look at every topic of its cluster. */
  readonly #byBroker = new Map<string, Set<string>>()
  readonly #onChanged: (topic: string) => void

  /** @param onChanged told of each topic whose queues are no longer what they were */
  constructor(onChanged: (topic: string) => void) {
    this.#onChanged = onChanged
  }

  names(): string[] {
    return [...this.#topics.keys()]
  }

  /** Queues of a topic by broker name; undefined when no broker has it. */
  of(topic: string): ReadonlyMap<string, QueueData> | undefined {
    return this.#topics.get(topic)
  }

  /** Topics whose first queues pass a test of their flags. */
  withFlags(test: (topicSysFlag: number) => boolean): string[] {
    return [...this.#topics].flatMap(([topic, brokers]) => {
      const first = brokers.values().next().value
      return first !== undefined && test(first.topicSysFlag) ? [topic] : []
    })
  }

  put(brokerName: string, topic: TopicConfig, perm: number): void {
    const { readQueueNums, topicName, topicSysFlag, writeQueueNums } = topic
    this.putQueues(topicName, { brokerName, perm, readQueueNums, topicSysFlag, writeQueueNums })
  }

  /** Takes over queues under the broker name they tell; nothing has changed when they are what they were. */
  putQueues(topic: string, queues: QueueData): void {
    const { brokerName } = queues
    let brokers = this.#topics.get(topic)
    if (brokers === undefined) this.#topics.set(topic, (brokers = new Map()))
    const before = brokers.get(brokerName)
    if (before !== undefined && isSame(before, queues)) return
    brokers.set(brokerName, queues)
    let topics = this.#byBroker.get(brokerName)
    if (topics === undefined) this.#byBroker.set(brokerName, (topics = new Set()))
    topics.add(topic)
    this.#onChanged(topic)
  }

  /** Takes a topic away from all brokers. */
  deleteTopic(topic: string): void {
    for (const brokerName of [...(this.#topics.get(topic)?.keys() ?? [])]) {
      this.delete(topic, brokerName)
    }
  }

  /** Takes a topic away from one broker name. */
  delete(topic: string, brokerName: string): void {
    const brokers = this.#topics.get(topic)
    if (brokers?.delete(brokerName) !== true) return
    if (brokers.size === 0) this.#topics.delete(topic)
    const topics = this.#byBroker.get(brokerName)
    topics?.delete(topic)
    if (topics?.size === 0) this.#byBroker.delete(brokerName)
    this.#onChanged(topic)
  }

  /** Takes all topics away from one broker name. */
  deleteBroker(brokerName: string): void {
    for (const topic of this.onBroker(brokerName)) this.delete(topic, brokerName)
  }

  /** Topics that a broker name has. */
  onBroker(brokerName: string): string[] {
    return [...(this.#byBroker.get(brokerName) ?? [])]
  }

  /** Something else about a broker name has changed that its topics' routes tell. */
  brokerChanged(brokerName: string): void {
    for (const topic of this.#byBroker.get(brokerName) ?? []) this.#onChanged(topic)
  }

  /** Takes the permission to send away from all queues of a broker name; returns how many topics it has. */
  denyWriting(brokerName: string): number {
    return this.#setPermission(brokerName, (perm) => perm & ~WRITE)
  }

  /** Lets all queues of a broker name be read and written; returns how many topics it has. */
  allowWriting(brokerName: string): number {
    return this.#setPermission(brokerName, () => READ_AND_WRITE)
  }

  #setPermission(brokerName: string, permissionOf: (perm: number) => number): number {
    const topics = this.onBroker(brokerName)
    for (const topic of topics) {
      const queues = this.#topics.get(topic)?.get(brokerName)
      if (queues === undefined) continue
      this.putQueues(topic, { ...queues, perm: permissionOf(queues.perm) })
    }
    return topics.length
  }
}

function isSame(a: QueueData, b: QueueData): boolean {
  return (
    a.perm === b.perm &&
    a.readQueueNums === b.readQueueNums &&
    a.writeQueueNums === b.writeQueueNums &&
    a.topicSysFlag === b.topicSysFlag
  )
}

export function isWritable(queues: QueueData): boolean {
  return (queues.perm & WRITE) !== 0
}
