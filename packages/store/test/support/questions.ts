// SPDX-License-Identifier: Apache-2.0
// Stores with queues of every shape, and questions about them: put to Java once, and to us in each test.
import type { Runtime } from '@rocketmq-ts/runtime'
import { MessageStore, type StoreConfig } from '../../src/index.ts'
import { message, smallConfig } from './store.ts'

export const SEGMENT_BYTES = 16_384
export const QUEUE_BYTES = 400
export const BATCH_QUEUE_BYTES = 736
/** The topic with queues of batches. */
export const BATCHED = 'Batched'
const START_MS = 1_700_000_000_000

/** A store to be asked. */
export interface Scenario {
  readonly name: string
  readonly topics: readonly string[]
  /** Milliseconds after the first message at which message number `index` is stored. */
  readonly timeOf: (index: number) => number
  readonly messages: number
  readonly bodyBytes: number
  /** The oldest files of the log that are removed before the questions. */
  readonly removedFiles: number
}

const steady = (index: number): number => index * 10
/** Runs of equal times, one of them over a file's end, and gaps between them. */
const runs = (index: number): number =>
  [0, 0, 0, 5, 5, 90, 90, 90, 90, 91][index % 10]! + 100 * Math.floor(index / 10)
const long = (index: number): number => (index < 10 ? 0 : index < 130 ? 50 : 1000)
const back = (index: number): number => steady(index) - (index > 45 && index < 70 ? 200 : 0)
const both = ['Plain', BATCHED]

export const SCENARIOS: readonly Scenario[] = [
  { name: 'steady', topics: both, timeOf: steady, messages: 110, bodyBytes: 20, removedFiles: 0 },
  { name: 'runs', topics: both, timeOf: runs, messages: 130, bodyBytes: 20, removedFiles: 0 },
  { name: 'long runs', topics: both, timeOf: long, messages: 150, bodyBytes: 20, removedFiles: 0 },
  { name: 'clock back', topics: both, timeOf: back, messages: 130, bodyBytes: 20, removedFiles: 0 },
  { name: 'removed', topics: both, timeOf: runs, messages: 150, bodyBytes: 400, removedFiles: 2 },
  {
    name: 'most removed',
    topics: both,
    timeOf: steady,
    messages: 150,
    bodyBytes: 400,
    removedFiles: 4,
  },
  { name: 'one each', topics: both, timeOf: steady, messages: 2, bodyBytes: 20, removedFiles: 0 },
]

export function questionsConfig(rootDirectory: string): StoreConfig {
  return smallConfig({
    rootDirectory,
    commitLogSegmentBytes: SEGMENT_BYTES,
    consumeQueueSegmentBytes: QUEUE_BYTES,
    batchConsumeQueueSegmentBytes: BATCH_QUEUE_BYTES,
    tailChunkBytes: SEGMENT_BYTES,
    tailBytes: 524_288,
    indexEnabled: false,
  })
}

export function openForQuestions(runtime: Runtime, root: string): Promise<MessageStore> {
  return MessageStore.open({
    runtime,
    config: questionsConfig(root),
    queueTypeOf: (topic) => (topic === BATCHED ? 'BatchCQ' : 'SimpleCQ'),
  })
}

/** Fills a store; `setNow` moves the clock it was opened with. Queue 1 gets messages only at the beginning. */
export function fill(
  store: MessageStore,
  scenario: Scenario,
  setNow: (nowMs: number) => void,
): void {
  for (let index = 0; index < scenario.messages; index++) {
    setNow(START_MS + scenario.timeOf(index))
    for (const topic of scenario.topics) {
      const queueId = index < 8 && index % 2 === 1 ? 1 : 0
      const isInner = topic === BATCHED && index % 4 !== 3
      const { status } = store.append(
        message({
          topic,
          queueId,
          sysFlag: isInner ? 0x80 : 0,
          tagsCode: index % 5,
          body: Buffer.alloc(scenario.bodyBytes, 'b'),
          properties: Buffer.from(isInner ? `INNER_NUM\u0001${(index % 4) + 1}\u0002` : ''),
        }),
      )
      if (status !== 'PUT_OK') throw new Error(`append: ${status}`)
    }
  }
}

/** Questions in the words of the recorder. */
export function questionsFor(scenario: Scenario): string[] {
  const asked: string[] = []
  const times = new Set<number>([-1, 0])
  for (let index = 0; index < scenario.messages; index++) {
    for (const off of [-1, 0, 1]) times.add(START_MS + scenario.timeOf(index) + off)
  }
  for (const topic of scenario.topics) {
    for (const queueId of [0, 1]) {
      asked.push(`bounds ${topic} ${queueId}`)
      for (const time of times) {
        for (const boundary of ['LOWER', 'UPPER']) {
          asked.push(`time ${topic} ${queueId} ${time} ${boundary}`)
        }
      }
      for (let offset = -1; offset < 420; offset += offset < 60 ? 1 : 13) {
        asked.push(`get ${topic} ${queueId} ${offset} 32 1000000`)
        asked.push(`get ${topic} ${queueId} ${offset} 7 1500`)
        if (offset % 3 === 0) asked.push(`get ${topic} ${queueId} ${offset} 5 1000000 2`)
        if (offset % 3 === 1) asked.push(`get ${topic} ${queueId} ${offset} 1 1 0`)
      }
    }
  }
  return asked
}

/** Our answer, in the words of the recorder. */
export async function answer(
  store: MessageStore,
  question: string,
  settle: <T>(promise: Promise<T>) => Promise<T>,
): Promise<string> {
  const [kind, topic = '', id, ...rest] = question.split(' ')
  const queueId = Number(id)
  if (kind === 'bounds')
    return `${store.minOffset(topic, queueId)} ${store.maxOffset(topic, queueId)}`
  if (kind === 'time') {
    const boundary = rest[1] === 'UPPER' ? 'UPPER' : 'LOWER'
    return String(await settle(store.searchOffset(topic, queueId, Number(rest[0]), boundary)))
  }
  const [queueOffset, maxCount, maxBytes, limit] = rest.map(Number)
  return settle(
    new Promise<string>((resolve) => {
      const query = {
        topic,
        queueId,
        queueOffset: queueOffset ?? 0,
        maxCount: maxCount ?? 0,
        maxBytes: maxBytes ?? 0,
        matchTags: limit === undefined ? undefined : (tags: number) => tags < limit,
      }
      store.get(query, (result) => {
        const { status, nextBeginOffset, minOffset, maxOffset, messageCount, bodyBytes } = result
        result.release()
        resolve(
          `${status} ${nextBeginOffset} ${minOffset} ${maxOffset} ${messageCount} ${bodyBytes}`,
        )
      })
    }),
  )
}
