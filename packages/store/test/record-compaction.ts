// SPDX-License-Identifier: Apache-2.0
// Writes into and compacts a real folder that a Java store takes over and gives back; prints what it reads before and after.
//
//   node packages/store/test/record-compaction.ts <folder> <messages before compaction> <messages behind it>
import { nodeRuntime } from '@rocketmq-ts/runtime/node'
import { bodyCrcAt, decodeMessages, encodeProperties } from '@rocketmq-ts/remoting/message'
import { type GetResult, MessageStore, parseStoreConfig } from '../src/index.ts'
import { message, put } from './support/store.ts'

const TOPIC = 'Compact'
const QUEUES = 2

const [folder = '', before = '0', behind = '0'] = process.argv.slice(2)

/** The settings of CompactionCases.java. */
const store = await MessageStore.open({
  runtime: nodeRuntime(),
  isCompacted: (topic) => topic === TOPIC,
  config: parseStoreConfig({
    rootDirectory: folder,
    commitLogSegmentBytes: 16 * 1024,
    consumeQueueSegmentBytes: 400,
    maxMessageBytes: 8 * 1024,
    compactionLogSegmentBytes: 4096,
    compactionQueueSegmentBytes: 46 * 16 + 5,
    indexSlots: 32,
    indexEntries: 64,
  }),
})

async function putSome(count: number): Promise<void> {
  for (let i = 0; i < count; i++) {
    const properties = { KEYS: i % 11 === 5 ? undefined : `key${i % 7}`, TAGS: `Tag${i % 4}` }
    await put(
      store,
      message({
        topic: TOPIC,
        queueId: i % QUEUES,
        body: Buffer.alloc(i % 9 === 8 ? 0 : 50 + ((i * 17) % 400), 97 + (i % 26)),
        properties: Buffer.from(encodeProperties(properties)),
      }),
    )
  }
}

async function answers(): Promise<Record<string, unknown[]>> {
  const all: Record<string, unknown[]> = {}
  for (let queueId = 0; queueId <= QUEUES; queueId++) {
    const answered: unknown[] = []
    for (let offset = 0; offset <= store.maxOffset(TOPIC, queueId) + 2; offset++) {
      answered.push(await answer(queueId, offset, 32, 4 * 1024 * 1024))
      answered.push(await answer(queueId, offset, 3, 900))
    }
    all[queueId] = answered
  }
  return all
}

async function answer(
  queueId: number,
  offset: number,
  maxCount: number,
  maxBytes: number,
): Promise<unknown> {
  const result = await new Promise<GetResult>((resolve) => {
    store.get({ topic: TOPIC, queueId, queueOffset: offset, maxCount, maxBytes }, resolve)
  })
  const messages = result.spans.map((record) => {
    const [one] = decodeMessages(record)
    const keys = String(one?.properties['KEYS'] ?? null)
    const place = [one?.queueOffset, one?.commitLogOffset, record.length]
    return [...place, keys, bodyCrcAt(record, 0)]
  })
  const { status, nextBeginOffset, minOffset, maxOffset } = result
  result.release()
  const said = { status, next: nextBeginOffset, min: minOffset, max: maxOffset }
  return { offset, maxCount, maxBytes, ...said, messages }
}

const found = await answers()
await putSome(Number(before))
if (Number(before) > 0) await store.compact()
await putSome(Number(behind))
const left = await answers()
await store.close()
console.log(JSON.stringify({ found, left }))
