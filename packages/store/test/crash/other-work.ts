// SPDX-License-Identifier: Apache-2.0
// Operations beside sending and pulling plain messages, each known to the model: light queues, batches, raw records, cuts, replication.
import type { MessageStore } from '../../src/index.ts'
import { BATCH_TOPIC } from './check.ts'
import { expectedRecord } from './expected-record.ts'
import { endOf, nextOf } from './model.ts'
import type { StoreLife } from './store-life.ts'

const INNER_BATCH = 0x80
const LIGHT_QUEUES = ['%LMQ%a', '%LMQ%b', '%LMQ%c']
/** So many of the newest records at most are cut. */
const MOST_CUT = 12
const BLANK_BYTES = 8

type Operation = (life: StoreLife, store: MessageStore) => void

/** One of those that the life has use for. */
export function otherOperation(life: StoreLife, store: MessageStore): void {
  const { light, batches, raw, replicates, cuts } = life.features
  const all: Operation[] = [
    ...(light ? [sendLight, sendLight] : []),
    ...(batches ? [sendInnerBatch, sendInnerBatch] : []),
    ...(raw ? [appendRaw] : []),
    ...(replicates ? [replicate, replicate, holdReadersBack] : []),
    ...(cuts && life.random.once(4) ? [cut] : []),
  ]
  all[life.random.below(all.length)]?.(life, store)
}

function sendLight(life: StoreLife, store: MessageStore): void {
  const { random, model } = life
  const names = LIGHT_QUEUES.filter(() => random.once(2))
  const [first = LIGHT_QUEUES[0] ?? ''] = names
  const targets = names.length === 0 ? [first] : names
  const topic = random.once(2) ? 'TopicA' : 'TopicB'
  const plain = life.message({ topic })
  const named = `INNER_MULTI_DISPATCH\u0001${targets.join(',')}\u0002`
  const properties = Buffer.concat([plain.properties, Buffer.from(named)])
  const elsewhere = targets.map((name) => ({
    topic: name,
    queueId: 0,
    queueOffset: nextOf(model.queueOf(name, 0)),
  }))
  const appended = store.append({ ...plain, properties })
  if (appended.status !== 'PUT_OK') return
  const offsets = elsewhere.map(({ queueOffset }) => queueOffset).join(',')
  const added = Buffer.from(`INNER_MULTI_QUEUE_OFFSET\u0001${offsets}\u0002`)
  const stored = { ...plain, properties: Buffer.concat([properties, added]) }
  const { offset, recordBytes } = appended
  life.awaits([life.sent(stored, { ...appended }, 1, elsewhere)], offset + recordBytes)
}

function sendInnerBatch(life: StoreLife, store: MessageStore): void {
  const { random, model } = life
  const plain = life.message({ topic: BATCH_TOPIC })
  if (random.once(3)) {
    life.append(plain)
    return
  }
  const count = 1 + random.below(6)
  const counted = Buffer.from(`INNER_NUM\u0001${count}\u0002`)
  const properties = Buffer.concat([plain.properties, counted])
  const message = { ...plain, properties, sysFlag: INNER_BATCH }
  const base = nextOf(model.queueOf(BATCH_TOPIC, plain.queueId))
  const appended = store.append(message)
  if (appended.status !== 'PUT_OK') return
  const placed = Buffer.from(`INNER_BASE\u0001${base}\u0002`)
  const stored = { ...message, properties: Buffer.concat([properties, placed]) }
  const { offset, recordBytes } = appended
  life.awaits([life.sent(stored, { ...appended }, count, [])], offset + recordBytes)
}

/** A record as a master would have laid it out. */
function appendRaw(life: StoreLife, store: MessageStore): void {
  const { runtime, config } = life
  const offset = store.status().commitLogMaxOffset
  const message = life.message()
  const queueOffset = store.queueOffset(message.topic, message.queueId)
  const placed = { offset, queueOffset, storeTimestampMs: runtime.clock.nowMs() }
  const record = expectedRecord(message, placed)
  const { commitLogSegmentBytes } = config
  const room = commitLogSegmentBytes - (offset % commitLogSegmentBytes)
  if (record.length + BLANK_BYTES > room) return
  const { status, takenBytes } = store.appendRaw(offset, record)
  if (status !== 'PUT_OK') return
  if (takenBytes !== record.length) throw new Error(`${takenBytes} of ${record.length} bytes taken`)
  const sent = life.sent(message, placed, 1, [])
  life.awaits([sent], endOf(sent))
}

function replicate(life: StoreLife, store: MessageStore): void {
  store.replicatedTo(store.status().writtenOffset - life.random.below(3000))
}

function holdReadersBack(life: StoreLife, store: MessageStore): void {
  const { random } = life
  const { writtenOffset } = store.status()
  store.confirmTo(random.once(2) ? undefined : Math.max(0, writtenOffset - random.below(2000)))
}

/** Cuts the log at one of its newest records. */
function cut(life: StoreLife, store: MessageStore): void {
  const { model, random, runtime } = life
  const first = model.log.at(-1 - random.below(Math.min(MOST_CUT, model.log.length)))
  if (first === undefined || model.cutFrom < Number.POSITIVE_INFINITY) return
  store.confirmTo(undefined)
  model.beginCut(first.offset)
  const end = (isCut: boolean): void => {
    if (runtime !== life.runtime || model.cutFrom === Number.POSITIVE_INFINITY) return
    model.cutFrom = Number.POSITIVE_INFINITY
    if (!isCut) return
    model.lose(first.offset, 'power')
    for (const queue of model.queues.values()) {
      // Of what a crash has brought back less is left.
      if (queue.isRevenant && queue.records.length === 0) {
        queue.first = store.queueOffset(queue.topic, queue.queueId)
      }
    }
  }
  store.truncateTo(first.offset).then(
    () => end(true),
    // It may fail when the log has been cut already.
    () => end(store.status().commitLogMaxOffset <= first.offset),
  )
}
