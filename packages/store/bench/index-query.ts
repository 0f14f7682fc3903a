// SPDX-License-Identifier: Apache-2.0
// What the index costs: per message while it is built, and per query on a store that was just opened.
//
// node packages/store/bench/index-query.ts [messages]
import { rmSync } from 'node:fs'
import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setImmediate, setTimeout } from 'node:timers/promises'
import { encodeHost, encodeProperties } from '@rocketmq-ts/remoting/message'
import { nodeRuntime } from '@rocketmq-ts/runtime/node'
import { MessageStore, parseStoreConfig } from '../src/index.ts'

const messages = Number(process.argv[2] ?? 1_000_000)
const host = encodeHost({ host: '127.0.0.1', port: 10911 })
const body = Buffer.alloc(128, 1)
const runtime = nodeRuntime()
const folder = await mkdtemp(join(tmpdir(), 'rocketmq-index-'))

function openStore(rootDirectory: string, indexEnabled: boolean): Promise<MessageStore> {
  return MessageStore.open({ runtime, config: parseStoreConfig({ rootDirectory, indexEnabled }) })
}

async function fill(store: MessageStore): Promise<void> {
  for (let i = 0; i < messages;) {
    const UNIQ_KEY = `7F000001${String(i).padStart(24, '0')}`
    const properties = Buffer.from(encodeProperties({ UNIQ_KEY, KEYS: `order-${i}`, TAGS: 'a' }))
    const { status } = store.append({
      topic: 'TopicTest',
      queueId: i & 3,
      flag: 0,
      sysFlag: 0,
      bornTimestampMs: 1,
      bornHost: host,
      storeHost: host,
      reconsumeTimes: 0,
      preparedTransactionOffset: 0,
      tagsCode: 97,
      body,
      properties,
    })
    if (status !== 'PUT_OK') await setTimeout(1)
    else if (++i % 200 === 0) await setImmediate()
  }
  const { commitLogMaxOffset } = store.status()
  while (store.status().writtenOffset < commitLogMaxOffset) await setTimeout(1)
}

/** CPU microseconds per message. */
async function build(indexEnabled: boolean): Promise<number> {
  const store = await openStore(join(folder, String(indexEnabled)), indexEnabled)
  const before = process.cpuUsage()
  await fill(store)
  const isBehind = (): boolean => store.status().indexedOffset < store.status().commitLogMaxOffset
  while (indexEnabled && isBehind()) await setTimeout(1)
  const { user, system } = process.cpuUsage(before)
  await store.close()
  return (user + system) / messages
}

async function queries(): Promise<void> {
  const store = await openStore(join(folder, 'true'), true)
  const tookMs: number[] = []
  for (let i = 0; i < 1000; i++) {
    const key = `order-${Math.floor((i * messages) / 1000)}`
    const startedMs = performance.now()
    const query = { topic: 'TopicTest', key, maxCount: 32, beginMs: 0, endMs: 2 ** 52 }
    const { records } = await store.queryByKey(query)
    tookMs.push(performance.now() - startedMs)
    if (records.length === 0) throw new Error(`${key} was not found`)
  }
  tookMs.sort((a, b) => a - b)
  const at = (share: number): string => ((tookMs[Math.floor(share * 999)] ?? 0) * 1000).toFixed(0)
  console.log(`1,000 queries: p50 ${at(0.5)} µs, p99 ${at(0.99)} µs`)
  await store.close()
}

try {
  const without = await build(false)
  const withIndex = await build(true)
  console.log(`${messages} messages of 128 B with three keys, CPU per message:`)
  console.log(`  without index ${without.toFixed(2)} µs, with index ${withIndex.toFixed(2)} µs`)
  await queries()
} finally {
  rmSync(folder, { recursive: true })
}
