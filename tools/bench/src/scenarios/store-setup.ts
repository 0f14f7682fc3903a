// SPDX-License-Identifier: Apache-2.0
// What the store's scenarios share: a store below a folder, messages, and turns of the event loop.

import { mkdtemp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { encodeHost } from '@rocketmq-ts/remoting/message'
import type { Files, OpenFile } from '@rocketmq-ts/runtime'
import { nodeRuntime } from '@rocketmq-ts/runtime/node'
import {
  type AckWaiter,
  MessageStore,
  type MessageToStore,
  parseStoreConfig,
  type StoreConfig,
} from '@rocketmq-ts/store'

export const topic = 'BenchStore'
const host = encodeHost({ host: '127.0.0.1', port: 10911 })
const batchItemBytes = 22

/** What Java's producer adds to each message. */
const properties = Buffer.from(
  'UNIQ_KEY\u00017F000001000018B4AAC2000000000001\u0002WAIT\u0001true\u0002',
)

export function openStore(
  folder: string,
  config: Partial<StoreConfig> = {},
  calls?: Calls,
): Promise<MessageStore> {
  const runtime = nodeRuntime()
  return MessageStore.open({
    runtime: calls === undefined ? runtime : { ...runtime, files: counted(runtime.files, calls) },
    config: parseStoreConfig({ rootDirectory: folder, ...config }),
  })
}

/** Calls of the system that a store has made on files whose path holds `below`. */
export interface Calls {
  readonly below: string
  flushes: number
  reads: number
}

function counted(files: Files, calls: Calls): Files {
  return {
    ...files,
    open: (path, mode) => {
      const file = files.open(path, mode)
      return path.includes(calls.below) ? countedFile(file, calls) : file
    },
  }
}

function countedFile(file: OpenFile, calls: Calls): OpenFile {
  return new Proxy(file, {
    get: (target, name) => {
      if (name === 'flush' || name === 'flushSync') calls.flushes++
      if (name === 'read' || name === 'readSync') calls.reads++
      const value: unknown = Reflect.get(target, name)
      return typeof value === 'function' ? (value.bind(target) as unknown) : value
    },
  })
}

/** Runs `work` on a new folder below `scratch`, which is removed afterwards. */
export async function inFolder<T>(
  scratch: string,
  work: (folder: string) => Promise<T>,
): Promise<T> {
  const folder = await mkdtemp(join(scratch, 'store-'))
  try {
    return await work(folder)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

export function messageOf(bodyBytes: number): MessageToStore {
  return {
    topic,
    queueId: 0,
    flag: 0,
    sysFlag: 0,
    bornTimestampMs: Date.now(),
    bornHost: host,
    storeHost: host,
    reconsumeTimes: 0,
    preparedTransactionOffset: 0,
    tagsCode: 0,
    body: Buffer.alloc(bodyBytes, 'b'),
    properties,
  }
}

/** A request that carries `count` messages. */
export function batchOf(bodyBytes: number, count: number): MessageToStore {
  const itemBytes = batchItemBytes + bodyBytes + properties.length
  const body = Buffer.alloc(count * itemBytes, 'b')
  for (let at = 0; at < body.length; at += itemBytes) {
    body.fill(0, at, at + 16)
    body.writeInt32BE(itemBytes, at)
    body.writeInt32BE(bodyBytes, at + 16)
    body.writeInt16BE(properties.length, at + 20 + bodyBytes)
    properties.copy(body, at + batchItemBytes + bodyBytes)
  }
  return { ...messageOf(0), body, properties: Buffer.alloc(0) }
}

/** Bytes of a record with the properties of {@link messageOf}. */
export function recordBytesOf(bodyBytes: number): number {
  return 91 + bodyBytes + topic.length + properties.length
}

/** Appends `count` messages to `queues` queues in turn, as fast as the store takes them. */
export async function fill(
  store: MessageStore,
  message: MessageToStore,
  count: number,
  queues: number,
): Promise<void> {
  let done = 0
  await everyTurn(() => {
    const burst = Math.min(count, done + 200)
    while (done < burst) {
      message.queueId = done % queues
      // Refused: the disk does not keep up, the next turn tries again.
      if (store.append(message).status !== 'PUT_OK') break
      done++
    }
    return done < count
  })
  await written(store)
}

/** Calls `step` in one turn of the event loop after the other until it returns false. */
export function everyTurn(step: () => boolean): Promise<void> {
  return new Promise((resolve, reject) => {
    const run = (): void => {
      try {
        if (step()) setImmediate(run)
        else resolve()
      } catch (error) {
        reject(error as Error)
      }
    }
    run()
  })
}

export const pause = (ms: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, ms))

/** Resolves when the kernel has everything that was appended. */
export async function written(store: MessageStore): Promise<void> {
  const { commitLogMaxOffset } = store.status()
  await new Promise<void>((resolve) => {
    const waiter: AckWaiter = { acknowledged: () => resolve() }
    store.whenSafe(commitLogMaxOffset, waiter, false)
  })
}

/** Resolves when the disk has everything that was appended. */
export async function flushed(store: MessageStore): Promise<void> {
  await written(store)
  while (store.status().flushBehindBytes > 0) await pause(1)
}
