// SPDX-License-Identifier: Apache-2.0
// Measures reads: of the tail, and of files, where one queue lies among others.
//
//   node packages/store/bench/read.ts
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { encodeHost } from '@rocketmq-ts/remoting/message'
import { nodeRuntime } from '@rocketmq-ts/runtime/node'
import { type GetQuery, type GetResult, MessageStore, parseStoreConfig } from '../src/index.ts'

const HOST = encodeHost({ host: '127.0.0.1', port: 10911 })
const MESSAGES = 400_000
const directory = mkdtempSync(`${process.env['BENCH_DIR'] ?? tmpdir()}/store-bench-`)
const config = parseStoreConfig({ rootDirectory: directory })

const get = (store: MessageStore, query: GetQuery): Promise<GetResult> =>
  new Promise((resolve) => store.get(query, resolve))

async function fill(store: MessageStore, queues: number, count: number): Promise<void> {
  const message = {
    topic: `Of${queues}`,
    queueId: 0,
    flag: 0,
    sysFlag: 0,
    bornTimestampMs: Date.now(),
    bornHost: HOST,
    storeHost: HOST,
    reconsumeTimes: 0,
    preparedTransactionOffset: 0,
    tagsCode: 0,
    body: Buffer.alloc(128, 'b'),
    properties: Buffer.from('UNIQ_KEY\u00017F000001000018B4AAC2000000000001\u0002'),
  }
  for (let i = 0; i < count; i++) {
    message.queueId = i % queues
    if (store.append(message).status !== 'PUT_OK') i--
    if (i % 1000 === 0) await new Promise((resolve) => setImmediate(resolve))
  }
  await new Promise((resolve) => setTimeout(resolve, 200))
}

/** Reads queues side by side from their start to their end. */
async function readAll(store: MessageStore, name: string, queues: number): Promise<void> {
  const cpu = process.cpuUsage()
  const started = performance.now()
  let messages = 0
  let gets = 0
  const read = async (queueId: number): Promise<void> => {
    const topic = `Of${queues}`
    let queueOffset = 0
    for (;;) {
      const query = { topic, queueId, queueOffset, maxCount: 32, maxBytes: 262_144 }
      const result = await get(store, query)
      result.release()
      if (result.status !== 'FOUND') return
      gets++
      messages += result.messageCount
      queueOffset = result.nextBeginOffset
    }
  }
  await Promise.all(Array.from({ length: queues }, (_, queueId) => read(queueId)))
  const spent = process.cpuUsage(cpu)
  const perMessage = (spent.user + spent.system) / messages
  const tookS = (performance.now() - started) / 1000
  console.log(
    `${name}: ${Math.round(messages / tookS)} msg/s, ${perMessage.toFixed(2)} µs CPU per message, ` +
      `${((spent.user + spent.system) / gets).toFixed(1)} per read of ${(messages / gets).toFixed(0)}`,
  )
}

try {
  let store = await MessageStore.open({ runtime: nodeRuntime(), config })
  await fill(store, 1, 100_000)
  for (let i = 0; i < 3; i++) await readAll(store, 'tail, one queue', 1)
  await fill(store, 100, MESSAGES)
  await fill(store, 4, MESSAGES)
  await store.close()
  for (const queues of [1, 4, 100]) {
    store = await MessageStore.open({ runtime: nodeRuntime(), config })
    await readAll(store, `files, ${queues} queues side by side`, queues)
    await store.close()
  }
  store = await MessageStore.open({ runtime: nodeRuntime(), config })
  const started = performance.now()
  let queueOffset = 0
  for (;;) {
    const query = { topic: 'Of100', queueId: 7, queueOffset, maxCount: 32, maxBytes: 262_144 }
    const result = await get(store, query)
    result.release()
    if (result.status !== 'FOUND') break
    queueOffset = result.nextBeginOffset
  }
  const rate = queueOffset / ((performance.now() - started) / 1000)
  console.log(`files, one queue among 100: ${Math.round(rate)} msg/s`)
  await store.close()
} finally {
  rmSync(directory, { recursive: true, force: true })
}
