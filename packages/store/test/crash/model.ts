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
  /** Queue offsets that it takes: as many as it has messages. */
  readonly count: number
  readonly offset: number
  readonly storeTimestampMs: number
  readonly tagsCode: number
  /** Its key in the index, when it has one. */
  readonly key: string | undefined
  /** The whole record. */
  readonly bytes: Buffer
  promised: Promised
}

/** Another queue that has an entry of a record. */
export interface Elsewhere {
  readonly topic: string
  readonly queueId: number
  readonly queueOffset: number
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

/** Queue offset that the next message of a queue gets. */
export function nextOf({ first, records }: ModelQueue): number {
  const last = records.at(-1)
  return last === undefined ? first : last.queueOffset + last.count
}

/** Index of the record that has a queue offset. */
export function indexOf({ first, records }: ModelQueue, queueOffset: number): number {
  const index = queueOffset - first
  if (records[index]?.queueOffset === queueOffset) return index
  return records.findIndex((sent) => queueOffset < sent.queueOffset + sent.count)
}

export class Model {
  /** Records from here on are being cut from the log: nothing is promised for them any more. */
  cutFrom: number = Number.POSITIVE_INFINITY
  /** In the order of the log. */
  log: Sent[] = []
  readonly #deleted = new Set<string>()
  readonly queues: Map<string, ModelQueue> = new Map()

  append(sent: Sent, elsewhere: readonly Elsewhere[] = []): void {
    this.log.push(sent)
    if (sent.queueOffset >= 0) this.queueOf(sent.topic, sent.queueId).records.push(sent)
    for (const place of elsewhere) {
      this.queueOf(place.topic, place.queueId).records.push({ ...sent, ...place })
    }
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

  /** The log is being cut at `offset`. */
  beginCut(offset: number): void {
    this.cutFrom = offset
    for (const sent of this.log) if (sent.offset >= offset) sent.promised = 'nothing'
  }

  /** Forgets the records below `start`: their files have been removed. */
  forgetBelow(start: number): void {
    this.log = this.log.filter(({ offset }) => offset >= start)
    for (const queue of this.queues.values()) {
      const next = nextOf(queue)
      queue.records = queue.records.filter(({ offset }) => offset >= start)
      queue.first = queue.records[0]?.queueOffset ?? next
    }
  }
}
