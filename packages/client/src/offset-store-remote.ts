// SPDX-License-Identifier: Apache-2.0
// Keeps a group's offsets on the brokers, where all members find them.
import type { Logger } from '@rocketmq-ts/runtime'
import { queryConsumerOffset, updateConsumerOffset } from './broker-calls.ts'
import type { ClientInstance } from './instance.ts'
import { queueKey, type MessageQueue } from './message-queue.ts'
import type { OffsetStore, QueueOffset } from './offset-store.ts'
import { masterOf } from './broker-address.ts'

interface StoredOffset extends QueueOffset {
  /** What the broker was last told, −1 when nothing. */
  told: number
}

/** Source: RemoteBrokerOffsetStore. */
export class RemoteOffsetStore implements OffsetStore {
  readonly #instance: ClientInstance
  readonly #group: string
  readonly #timeoutMs: number
  readonly #logger: Logger
  readonly #entries = new Map<string, StoredOffset>()

  constructor(instance: ClientInstance, group: string, timeoutMs: number, logger: Logger) {
    this.#instance = instance
    this.#group = group
    this.#timeoutMs = timeoutMs
    this.#logger = logger
  }

  entry(queue: MessageQueue): QueueOffset {
    return this.#stored(queue)
  }

  async read(queue: MessageQueue): Promise<number> {
    const address = await masterOf(this.#instance, queue)
    const offset = await queryConsumerOffset(
      this.#instance.remoting,
      address,
      { consumerGroup: this.#group, queue },
      { timeoutMs: this.#timeoutMs },
    )
    return offset ?? -1
  }

  async persist(options: { readonly settle: boolean }): Promise<void> {
    const { settle } = options
    // A oneway that was lost left `told` wrong: the last word does not rely on it.
    const changed = [...this.#entries.values()].filter(
      (one) => one.offset >= 0 && (settle || one.offset !== one.told),
    )
    await Promise.all(changed.map((one) => this.#tell(one, settle)))
  }

  async release(queue: MessageQueue): Promise<void> {
    const stored = this.#entries.get(queueKey(queue))
    if (stored === undefined) return
    this.#entries.delete(queueKey(queue))
    if (stored.offset >= 0 && stored.offset !== stored.told) await this.#tell(stored, true)
  }

  #stored(queue: MessageQueue): StoredOffset {
    const key = queueKey(queue)
    let stored = this.#entries.get(key)
    if (stored === undefined) {
      stored = { queue, offset: -1, told: -1 }
      this.#entries.set(key, stored)
    }
    return stored
  }

  async #tell(stored: StoredOffset, settle: boolean): Promise<void> {
    const { queue, offset } = stored
    try {
      const address = await masterOf(this.#instance, queue)
      await updateConsumerOffset(
        this.#instance.remoting,
        address,
        { consumerGroup: this.#group, queue, commitOffset: offset },
        { timeoutMs: this.#timeoutMs, oneway: !settle },
      )
      stored.told = Math.max(stored.told, offset)
    } catch (err) {
      // The next round tells it again; until then a restart would consume these messages once more.
      this.#logger.warn({ queue, offset, err }, 'cannot store the consumed offset')
    }
  }
}
