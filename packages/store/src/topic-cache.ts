// SPDX-License-Identifier: Apache-2.0
// Finds a topic by its bytes in a record without making a string of them each time.
import type { ConsumeQueues } from './consume-queues.ts'
import type { Topic } from './topic.ts'

const SLOTS = 256

/** Remembers one topic per slot; a topic that shares its slot with another is looked up by name. */
export class TopicCache {
  readonly #queues: ConsumeQueues
  readonly #slots: (Topic | undefined)[] = Array.from({ length: SLOTS }, () => undefined)

  constructor(queues: ConsumeQueues) {
    this.#queues = queues
  }

  /** The topic whose UTF-8 name lies in `bytes` from `start` up to `end`; made when it is new. */
  find(bytes: Uint8Array, start: number, end: number): Topic {
    const slot = ((end - start) * 31 + (bytes[end - 1] ?? 0) * 7 + (bytes[end - 2] ?? 0)) % SLOTS
    const remembered = this.#slots[slot]
    if (remembered !== undefined && isSame(remembered.bytes, bytes, start, end)) return remembered
    const name = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString(
      'utf8',
      start,
      end,
    )
    const topic = this.#queues.topic(name)
    this.#slots[slot] = topic
    return topic
  }
}

function isSame(name: Uint8Array, bytes: Uint8Array, start: number, end: number): boolean {
  if (name.length !== end - start) return false
  for (let i = 0; i < name.length; i++) if (name[i] !== bytes[start + i]) return false
  return true
}
