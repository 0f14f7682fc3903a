// SPDX-License-Identifier: Apache-2.0
// The table of all queues by topic and queue id.
import type { Files } from '@rocketmq-ts/runtime'
import { ConsumeQueue, RingBudget } from './consume-queue.ts'
import type { OpenFiles } from './open-files.ts'
import { SegmentFiles } from './segment-files.ts'

/** A topic's name in bytes and its queues. */
export interface Topic {
  readonly name: string
  readonly bytes: Uint8Array
  readonly queues: Map<number, ConsumeQueue>
}

/** All queues of a store. */
export class ConsumeQueues {
  readonly directory: string
  readonly budget: RingBudget
  readonly #segmentBytes: number
  readonly #files: Files
  readonly #open: OpenFiles
  readonly #topics = new Map<string, Topic>()
  #count = 0

  constructor(options: {
    directory: string
    segmentBytes: number
    cacheBytes: number
    files: Files
    open: OpenFiles
  }) {
    this.directory = options.directory
    this.#segmentBytes = options.segmentBytes
    this.#files = options.files
    this.#open = options.open
    this.budget = new RingBudget(options.cacheBytes)
  }

  get count(): number {
    return this.#count
  }

  /** The topic, made when it is new. */
  topic(name: string): Topic {
    const known = this.#topics.get(name)
    if (known !== undefined) return known
    const topic: Topic = { name, bytes: Buffer.from(name, 'utf8'), queues: new Map() }
    this.#topics.set(name, topic)
    return topic
  }

  /** The queue, made when it is new; its files come with its first written entry. */
  queueOf(topic: Topic, queueId: number): ConsumeQueue {
    const known = topic.queues.get(queueId)
    if (known !== undefined) return known
    const queue = new ConsumeQueue({
      topic: topic.name,
      queueId,
      segments: new SegmentFiles({
        directory: `${this.directory}/${topic.name}/${queueId}`,
        segmentBytes: this.#segmentBytes,
        files: this.#files,
        open: this.#open,
      }),
      budget: this.budget,
    })
    topic.queues.set(queueId, queue)
    this.#count++
    return queue
  }

  find(topic: string, queueId: number): ConsumeQueue | undefined {
    return this.#topics.get(topic)?.queues.get(queueId)
  }

  ofTopic(name: string): Iterable<ConsumeQueue> {
    return this.#topics.get(name)?.queues.values() ?? []
  }

  *[Symbol.iterator](): IterableIterator<ConsumeQueue> {
    for (const topic of this.#topics.values()) yield* topic.queues.values()
  }

  /** Makes a queue for each directory `<topic>/<queueId>` and finds its files. */
  load(isClean: boolean): void {
    for (const name of this.#files.list(this.directory)) {
      for (const id of this.#files.list(`${this.directory}/${name}`)) {
        if (!/^\d{1,10}$/.test(id)) continue
        this.queueOf(this.topic(name), Number(id)).segments.load(isClean)
      }
    }
  }

  /** Forgets a topic and removes its files. */
  remove(name: string): void {
    const topic = this.#topics.get(name)
    if (topic === undefined) return
    for (const queue of topic.queues.values()) {
      queue.removed = true
      queue.freeRing()
      queue.segments.removeAll()
    }
    this.#count -= topic.queues.size
    this.#topics.delete(name)
    this.#files.remove(`${this.directory}/${name}`)
  }

  removeAll(): void {
    for (const name of [...this.#topics.keys()]) this.remove(name)
    for (const name of this.#files.list(this.directory)) {
      this.#files.remove(`${this.directory}/${name}`)
    }
  }

  /** Gives back the memory of queues that got nothing since the last sweep. */
  sweepIdle(): void {
    for (const queue of this) {
      const isIdle = !queue.active && queue.ringBytes > 0 && queue.persisted === queue.next
      if (isIdle && this.budget.usedBytes * 2 > this.budget.limitBytes) queue.freeRing()
      queue.active = false
    }
  }
}
