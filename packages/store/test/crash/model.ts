// SPDX-License-Identifier: Apache-2.0
// What a store has to hold: every record that was appended, where, and what was promised for it.
import type { CrashKind } from '@rocketmq-ts/runtime/simulated'

/** Against what a record is promised to be safe. */
export type Promised = 'nothing' | 'process' | 'power'

/** A record that was appended. */
export interface Sent {
  readonly topic: string
  readonly queueId: number
  /** −1 when it is in no queue. */
  readonly queueOffset: number
  readonly offset: number
  readonly storeTimestampMs: number
  readonly tagsCode: number
  /** The whole record. */
  readonly bytes: Buffer
  promised: Promised
}

/** Records of one queue: the first has queue offset `first`. */
export interface ModelQueue {
  readonly topic: string
  readonly queueId: number
  first: number
  records: Sent[]
  /** Below `first` lie entries of a deleted topic which a crash has brought back: nobody asks for them. */
  isRevenant: boolean
}

export function endOf(sent: Sent): number {
  return sent.offset + sent.bytes.length
}

export class Model {
  /** In the order of the log. */
  log: Sent[] = []
  readonly #deleted = new Set<string>()
  readonly queues: Map<string, ModelQueue> = new Map()

  append(sent: Sent): void {
    this.log.push(sent)
    if (sent.queueOffset >= 0) this.queueOf(sent.topic, sent.queueId).records.push(sent)
  }

  queueOf(topic: string, queueId: number): ModelQueue {
    const name = `${topic}/${queueId}`
    let queue = this.queues.get(name)
    if (queue === undefined) {
      queue = { topic, queueId, first: 0, records: [], isRevenant: false }
      this.queues.set(name, queue)
    }
    return queue
  }

  at(topic: string, queueId: number, queueOffset: number): Sent | undefined {
    const queue = this.queues.get(`${topic}/${queueId}`)
    return queue?.records[queueOffset - queue.first]
  }

  deleteTopic(topic: string): void {
    for (const [name, queue] of this.queues) {
      if (queue.topic !== topic) continue
      this.#deleted.add(name)
      this.queues.delete(name)
    }
  }

  /** What has been deleted may come back with a crash, because its records are still in the log. */
  bringBack(topic: string, queueId: number, maxOffset: number): boolean {
    if (!this.#deleted.has(`${topic}/${queueId}`)) return false
    const queue = this.queueOf(topic, queueId)
    queue.first = maxOffset
    queue.isRevenant = true
    return true
  }

  /**
   * Forgets the records behind `end`, which a crash took.
   * @throws {Error} when one of them was promised to survive it, or the log has a hole.
   */
  lose(end: number, kind: CrashKind): void {
    const kept = this.log.filter((sent) => endOf(sent) <= end)
    for (const lost of this.log.slice(kept.length)) {
      const { topic, queueId, queueOffset, offset, promised } = lost
      const place = `${topic}/${queueId} ${queueOffset} at ${offset}`
      if (offset < end) throw new Error(`the log ends inside of a record: ${place}`)
      if (promised === 'power' || (promised === 'process' && kind === 'process')) {
        throw new Error(
          `lost ${place}, promised against a loss of ${promised}; the log ends at ${end}`,
        )
      }
    }
    this.log = kept
    for (const queue of this.queues.values()) {
      queue.records = queue.records.filter((sent) => endOf(sent) <= end)
    }
  }
}
