// SPDX-License-Identifier: Apache-2.0
// Compares a store with the model: the log, every queue, every way to look a message up.
import { deepStrictEqual as equal, ok } from 'node:assert/strict'
import type { SimulatedRuntime, SimRandom } from '@rocketmq-ts/runtime/simulated'
import type { GetResult, MessageStore } from '../../src/index.ts'
import { recordsOf } from '../support/store.ts'
import { endOf, type Model, type ModelQueue, type Sent } from './model.ts'

/** Records looked up one by one in each check. */
const SAMPLES = 24

interface Checked {
  readonly runtime: SimulatedRuntime
  readonly store: MessageStore
  readonly model: Model
  readonly random: SimRandom
  readonly segmentBytes: number
}

/** @throws {Error} at the first difference. The model has been told what was lost. */
export async function checkStore(checked: Checked): Promise<void> {
  const { store, model } = checked
  checkEnd(checked)
  const bounds = new Map([...store.queues()].map((q) => [`${q.topic}/${q.queueId}`, q]))
  for (const { topic, queueId, minOffset, maxOffset } of bounds.values()) {
    const known = model.queues.get(`${topic}/${queueId}`)
    if (maxOffset === 0 || (known !== undefined && known.records.length > 0)) continue
    const isKnown = model.bringBack(topic, queueId, maxOffset)
    ok(isKnown, `${topic}/${queueId} from ${minOffset} to ${maxOffset} was never written`)
  }
  for (const [name, queue] of model.queues) {
    const min = bounds.get(name)?.minOffset ?? 0
    const max = bounds.get(name)?.maxOffset ?? 0
    if (queue.records.length === 0 && max === 0) {
      model.queues.delete(name)
      continue
    }
    const first = queue.isRevenant ? Math.min(min, queue.first) : queue.first
    equal([name, min, max], [name, first, queue.first + queue.records.length])
    await checkQueue(checked, queue)
  }
  await checkLookups(checked)
  equal(store.status().heldSpans, 0)
}

function checkEnd({ store, model, segmentBytes }: Checked): void {
  const end = store.status().commitLogMaxOffset
  const last = model.log.at(-1)
  const recordsEnd = last === undefined ? 0 : endOf(last)
  // Behind the last record a blank may have been written that leads to the next segment.
  const isInOrder =
    end === recordsEnd || end === Math.ceil(recordsEnd / segmentBytes) * segmentBytes
  ok(isInOrder, `the log ends at ${end}, its last record at ${recordsEnd}`)
}

async function checkQueue(
  { runtime, store, random }: Checked,
  { topic, queueId, first, records }: ModelQueue,
): Promise<void> {
  const maxCount = 1 + random.below(40)
  const read = async (): Promise<void> => {
    for (let queueOffset = first; queueOffset < first + records.length;) {
      const codes: number[] = []
      const matchTags = (tagsCode: number): boolean => codes.push(tagsCode) > 0
      const result = await new Promise<GetResult>((resolve) => {
        const query = { topic, queueId, queueOffset, maxCount, maxBytes: 1_000_000, matchTags }
        store.get(query, resolve)
      })
      equal([topic, queueId, queueOffset, result.status], [topic, queueId, queueOffset, 'FOUND'])
      checkFound(result, queueOffset, (index) => records[index - first])
      // A read that had to wait asks again from its start.
      const asked = codes.slice(-result.messageCount)
      const expected = records.slice(queueOffset - first, result.nextBeginOffset - first)
      equal(
        asked,
        expected.map(({ tagsCode }) => tagsCode),
      )
      result.release()
      queueOffset = result.nextBeginOffset
    }
  }
  await runtime.settle(read())
}

/** Each record of a result must be the one that was appended, from `queueOffset` on without a gap. */
export function checkFound(
  result: GetResult,
  queueOffset: number,
  expectedAt: (queueOffset: number) => Sent | undefined,
): void {
  const records = recordsOf(result)
  equal([result.messageCount, records.length], [records.length, records.length])
  equal(result.nextBeginOffset, queueOffset + records.length)
  records.forEach((record, i) => {
    const expected = expectedAt(queueOffset + i)
    ok(
      expected !== undefined,
      `a record at queue offset ${queueOffset + i} that was never appended`,
    )
    ok(record.equals(expected.bytes), `the record at log offset ${expected.offset} is altered`)
  })
}

async function checkLookups({ runtime, store, model, random }: Checked): Promise<void> {
  const { log } = model
  const samples = log.filter((sent, i) => {
    return sent.queueOffset < 0 || i >= log.length - 3 || random.below(log.length) < SAMPLES
  })
  const found = await runtime.settle(
    Promise.all(
      samples.map(({ offset }) => {
        return new Promise<Uint8Array | undefined>((resolve) => {
          store.readAt(offset, resolve)
        })
      }),
    ),
  )
  samples.forEach(({ offset, bytes }, i) => {
    ok(bytes.equals(found[i] ?? new Uint8Array(0)), `readAt(${offset}) gives another record`)
  })
  for (const queue of model.queues.values()) await checkTimes({ runtime, store, random }, queue)
}

/** A time at which a message was stored finds the first or the last of those stored then. */
export async function checkTimes(
  { runtime, store, random }: Pick<Checked, 'runtime' | 'store' | 'random'>,
  { topic, queueId, first, records, isRevenant }: ModelQueue,
): Promise<void> {
  if (isRevenant) return
  const any = records[random.below(records.length)]
  if (any === undefined) return
  const time = any.storeTimestampMs
  const lower = records.findIndex(({ storeTimestampMs }) => storeTimestampMs >= time)
  const upper = records.findLastIndex(({ storeTimestampMs }) => storeTimestampMs <= time)
  const search = (boundary: 'LOWER' | 'UPPER'): Promise<number> =>
    runtime.settle(store.searchOffset(topic, queueId, time, boundary))
  equal([await search('LOWER'), await search('UPPER')], [first + lower, first + upper])
}
