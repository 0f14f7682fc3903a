// SPDX-License-Identifier: Apache-2.0
// Reads a store some bits of which have flipped: less may be served than was stored, nothing else.
import { ok } from 'node:assert/strict'
import type { GetResult } from '../../src/index.ts'
import { recordsOf } from '../support/store.ts'
import type { ModelQueue } from './model.ts'
import type { StoreLife } from './store-life.ts'

/** Reads every queue from end to end; returns the log offsets of what was served. @throws {Error} when that was altered or another's. */
export async function readLeniently(life: StoreLife): Promise<Set<number>> {
  const store = await life.running()
  const served = new Set<number>()
  const read = async ({ topic, queueId, records }: ModelQueue): Promise<void> => {
    // Of a topic that was deleted and has come back, the log still has what was there before.
    const own = life.model.log.filter((sent) => sent.topic === topic && sent.queueId === queueId)
    const byOffset = new Map([...own, ...records].map((sent) => [sent.offset, sent]))
    const end = store.maxOffset(topic, queueId)
    for (let queueOffset = store.minOffset(topic, queueId); queueOffset < end;) {
      const result = await new Promise<GetResult>((resolve) => {
        store.get({ topic, queueId, queueOffset, maxCount: 32, maxBytes: 1_000_000 }, resolve)
      })
      for (const record of recordsOf(result)) {
        const offset = Number(record.readBigInt64BE(28))
        const sent = byOffset.get(offset)
        ok(sent !== undefined, `${topic}/${queueId} serves what is not its own, at ${offset}`)
        ok(sent.bytes.equals(record), `an altered message is served at ${offset}`)
        served.add(offset)
      }
      result.release()
      queueOffset = Math.max(result.nextBeginOffset, queueOffset + 1)
    }
  }
  for (const queue of life.model.queues.values()) await life.runtime.settle(read(queue))
  return served
}
