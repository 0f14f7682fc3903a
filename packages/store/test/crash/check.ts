// SPDX-License-Identifier: Apache-2.0
// Compares a store with the model: the log, every queue, every way to look a message up.
import { deepStrictEqual as equal, ok } from 'node:assert/strict'
import type { SimulatedRuntime, SimRandom } from '@rocketmq-ts/runtime/simulated'
import type { GetResult, MessageStore } from '../../src/index.ts'
import { recordsOf } from '../support/store.ts'
import { endOf, indexOf, type Model, type ModelQueue, nextOf, type Sent } from './model.ts'

/** Records looked up one by one in each check. */
const SAMPLES = 24
const KEY_SAMPLES = 3
/** The topic with queues of batches. */
export const BATCH_TOPIC = 'Batches'

interface Checked {
  readonly runtime: SimulatedRuntime
  readonly store: MessageStore
  readonly model: Model
  readonly random: SimRandom
  readonly segmentBytes: number
  /** No operation on the disk has failed. */
  readonly isSoundDisk: boolean
}

/** @throws {Error} at the first difference. The model has been told what was lost. */
export async function checkStore(checked: Checked): Promise<void> {
  const { store, model } = checked
  checkEnd(checked)
  const bounds = new Map([...store.queues()].map((q) => [`${q.topic}/${q.queueId}`, q]))
  for (const { topic, queueId, minOffset, maxOffset } of bounds.values()) {
    const known = model.queues.get(`${topic}/${queueId}`)
    if (maxOffset <= 0 || (known !== undefined && known.records.length > 0)) continue
    // Everything it held has left the log. Queue offsets may be left out then, but are never given again.
    if (minOffset === maxOffset && maxOffset >= (known === undefined ? 0 : nextOf(known))) {
      model.queueOf(topic, queueId).first = maxOffset
      continue
    }
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
    equal([name, min, max], [name, first, nextOf(queue)])
    await checkQueue(checked, queue)
  }
  await checkLookups(checked)
  await checkKeys(checked)
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

async function checkQueue({ runtime, store, random }: Checked, queue: ModelQueue): Promise<void> {
  const { topic, queueId, first, records } = queue
  const end = nextOf(queue)
  const maxCount = 1 + random.below(40)
  const read = async (): Promise<void> => {
    for (let queueOffset = first; queueOffset < end;) {
      const codes: number[] = []
      const matchTags = (tagsCode: number): boolean => codes.push(tagsCode) > 0
      const result = await new Promise<GetResult>((resolve) => {
        const query = { topic, queueId, queueOffset, maxCount, maxBytes: 1_000_000, matchTags }
        store.get(query, resolve)
      })
      equal([topic, queueId, queueOffset, result.status], [topic, queueId, queueOffset, 'FOUND'])
      const index = indexOf(queue, queueOffset)
      checkFound(result, records, index)
      // A read that had to wait asks again from its start.
      const expected = records.slice(index, index + recordsOf(result).length)
      const asked = codes.slice(-expected.length)
      const tagsCodes = expected.map(({ tagsCode }) => tagsCode)
      equal([topic, queueId, queueOffset, asked], [topic, queueId, queueOffset, tagsCodes])
      result.release()
      queueOffset = result.nextBeginOffset
    }
  }
  await runtime.settle(read())
}

/** The records of a result must be those of the queue from the one at `index` on, without a gap. */
export function checkFound(result: GetResult, expected: readonly Sent[], index: number): void {
  const records = recordsOf(result)
  let messages = 0
  records.forEach((record, i) => {
    const sent = expected[index + i]
    ok(sent !== undefined, 'a record that was never appended')
    ok(record.equals(sent.bytes), `not the record at log offset ${sent.offset}`)
    messages += sent.count
    if (i === records.length - 1) equal(result.nextBeginOffset, sent.queueOffset + sent.count)
  })
  equal(result.messageCount, messages)
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

/** Every key finds the newest messages that have it, once the index has come as far as the log. */
async function checkKeys({ runtime, store, model, random, isSoundDisk }: Checked): Promise<void> {
  if (!isSoundDisk || model.log.length === 0) return
  for (let ms = 0; store.status().indexedOffset < store.status().commitLogMaxOffset; ms += 20) {
    ok(ms < 20_000, `the index stays at ${store.status().indexedOffset}`)
    await runtime.advance(20)
  }
  for (let count = 0; count < KEY_SAMPLES; count++) {
    const { topic, key } = model.log[random.below(model.log.length)] ?? {}
    if (topic === undefined || key === undefined) continue
    const query = { topic, key, maxCount: 64, beginMs: 0, endMs: Number.MAX_SAFE_INTEGER }
    const { records } = await runtime.settle(store.queryByKey(query))
    const offsets = records.map((record) => Number(Buffer.from(record).readBigInt64BE(28)))
    const having = model.log.filter((sent) => sent.topic === topic && sent.key === key)
    equal([topic, key, offsets], [topic, key, having.slice(-64).map(({ offset }) => offset)])
  }
}

/** A time at which a message was stored finds the first or the last of those stored then. */
export async function checkTimes(
  { runtime, store, random }: Pick<Checked, 'runtime' | 'store' | 'random'>,
  { topic, queueId, first, records, isRevenant }: ModelQueue,
): Promise<void> {
  if (isRevenant || topic === BATCH_TOPIC) return
  const any = records[random.below(records.length)]
  if (any === undefined) return
  const time = any.storeTimestampMs
  const lower = records.findIndex(({ storeTimestampMs }) => storeTimestampMs >= time)
  const upper = records.findLastIndex(({ storeTimestampMs }) => storeTimestampMs <= time)
  const search = (boundary: 'LOWER' | 'UPPER'): Promise<number> =>
    runtime.settle(store.searchOffset(topic, queueId, time, boundary))
  equal([await search('LOWER'), await search('UPPER')], [first + lower, first + upper])
}
