// SPDX-License-Identifier: Apache-2.0
// Opens stores on simulated disks, appends to them and reads them back.
import {
  decodeMessages,
  encodeHost,
  type MessageExt,
  recordBytesAt,
} from '@rocketmq-ts/remoting/message'
import type { SimulatedRuntime } from '@rocketmq-ts/runtime/simulated'
import {
  type GetQuery,
  type GetResult,
  MessageStore,
  type MessageToStore,
  parseStoreConfig,
  type SafetyStatus,
  type StoreConfig,
} from '../../src/index.ts'

export const ROOT = '/store'
const HOST = encodeHost({ host: '127.0.0.1', port: 10911 })

/** Files so small that a few messages roll them. */
export function smallConfig(overrides: Partial<StoreConfig> = {}): StoreConfig {
  return parseStoreConfig({
    rootDirectory: ROOT,
    commitLogSegmentBytes: 4096,
    consumeQueueSegmentBytes: 20 * 16,
    maxMessageBytes: 3000,
    tailBytes: 16 * 1024,
    tailChunkBytes: 2048,
    coldReadBlockBytes: 1024,
    coldReadBytes: 8192,
    consumeQueueCacheBytes: 4096,
    maxOpenFiles: 16,
    indexSlots: 16,
    indexEntries: 64,
    ...overrides,
  })
}

export function openStore(
  runtime: SimulatedRuntime,
  overrides: Partial<StoreConfig> = {},
): Promise<MessageStore> {
  return runtime.settle(MessageStore.open({ runtime, config: smallConfig(overrides) }))
}

export function message(overrides: Partial<MessageToStore> = {}): MessageToStore {
  return {
    topic: 'TopicTest',
    queueId: 0,
    flag: 0,
    sysFlag: 0,
    bornTimestampMs: 1_700_000_000_000,
    bornHost: HOST,
    storeHost: HOST,
    reconsumeTimes: 0,
    preparedTransactionOffset: 0,
    tagsCode: 0,
    body: Buffer.from('body'),
    properties: new Uint8Array(0),
    ...overrides,
  }
}

/** Appends and resolves with what the waiter was told. */
export function put(
  store: MessageStore,
  toStore: MessageToStore,
  waitFlush: boolean = true,
): Promise<SafetyStatus> {
  const { status, offset, recordBytes } = store.append(toStore)
  if (status !== 'PUT_OK') throw new Error(`append: ${status}`)
  return new Promise((resolve) => {
    store.whenSafe(offset + recordBytes, { acknowledged: resolve }, waitFlush)
  })
}

/** Reads with generous limits. */
export function get(
  runtime: SimulatedRuntime,
  store: MessageStore,
  query: Partial<GetQuery>,
): Promise<GetResult> {
  return runtime.settle(
    new Promise<GetResult>((resolve) => {
      store.get(
        {
          topic: 'TopicTest',
          queueId: 0,
          queueOffset: 0,
          maxCount: 32,
          maxBytes: 1_000_000,
          ...query,
        },
        resolve,
      )
    }),
  )
}

/** The records of a result, each copied. */
export function recordsOf(result: GetResult): Buffer[] {
  const bytes = Buffer.concat(result.spans)
  const records: Buffer[] = []
  for (let at = 0; at < bytes.length; at += recordBytesAt(bytes, at)) {
    records.push(bytes.subarray(at, at + recordBytesAt(bytes, at)))
  }
  return records
}

export function decoded(result: GetResult): MessageExt[] {
  return decodeMessages(Buffer.concat(result.spans))
}

/** All records of a queue from its minimum on, read in as many steps as it takes. */
export async function readRecords(
  runtime: SimulatedRuntime,
  store: MessageStore,
  topic: string,
  queueId: number,
): Promise<Buffer[]> {
  const all: Buffer[] = []
  let queueOffset = store.minOffset(topic, queueId)
  for (;;) {
    const result = await get(runtime, store, { topic, queueId, queueOffset })
    const records = result.status === 'FOUND' ? recordsOf(result) : []
    result.release()
    if (records.length === 0) return all
    all.push(...records)
    queueOffset = result.nextBeginOffset
  }
}

/** All messages of a queue, decoded. */
export async function readQueue(
  runtime: SimulatedRuntime,
  store: MessageStore,
  topic: string,
  queueId: number,
): Promise<MessageExt[]> {
  const records = await readRecords(runtime, store, topic, queueId)
  return decodeMessages(Buffer.concat(records))
}
