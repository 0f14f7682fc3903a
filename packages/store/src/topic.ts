// SPDX-License-Identifier: Apache-2.0
// A topic's name and its queues; lean, since there may be hundreds of thousands with one queue each.
import type { ConsumeQueue } from './consume-queue.ts'
import type { QueueType } from './consume-queues.ts'

/** Topics with more queues find them by a table. */
const FEW_QUEUES = 8

/** Made by {@link ConsumeQueues.topic}. */
export class Topic {
  readonly name: string
  readonly type: QueueType
  #bytes: Uint8Array | undefined
  // No room is kept for more: most topics have one.
  #queues: ConsumeQueue[] = []
  #byId: Map<number, ConsumeQueue> | undefined

  constructor(name: string, type: QueueType) {
    this.name = name
    this.type = type
  }

  /** The name in UTF-8. */
  get bytes(): Uint8Array {
    return (this.#bytes ??= Buffer.from(this.name, 'utf8'))
  }

  /** In the order in which they came. */
  get queues(): readonly ConsumeQueue[] {
    return this.#queues
  }

  find(queueId: number): ConsumeQueue | undefined {
    if (this.#byId !== undefined) return this.#byId.get(queueId)
    for (const queue of this.#queues) if (queue.queueId === queueId) return queue
    return undefined
  }

  add(queue: ConsumeQueue): void {
    if (this.#byId !== undefined) {
      this.#queues.push(queue)
      this.#byId.set(queue.queueId, queue)
      return
    }
    this.#queues = [...this.#queues, queue]
    if (this.#queues.length > FEW_QUEUES) {
      this.#byId = new Map(this.#queues.map((one) => [one.queueId, one]))
    }
  }

  remove(queue: ConsumeQueue): void {
    this.#queues.splice(this.#queues.indexOf(queue), 1)
    this.#byId?.delete(queue.queueId)
  }
}
