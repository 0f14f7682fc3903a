// SPDX-License-Identifier: Apache-2.0
// Fills a store with very many queues, closes it and opens it in every way; prints memory, file descriptors, times and how long the loop was held.
//
//   node packages/store/test/many-queues.ts [--topics 50000] [--queues 4] [--lmq 500000] [--directory <folder>]
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { nodeRuntime } from '@rocketmq-ts/runtime/node'
import { MessageStore, type MessageToStore, parseStoreConfig } from '../src/index.ts'
import { message } from './support/store.ts'

const { values } = parseArgs({
  options: {
    topics: { type: 'string', default: '50000' },
    queues: { type: 'string', default: '4' },
    lmq: { type: 'string', default: '500000' },
    directory: { type: 'string' },
  },
})
const topics = Number(values.topics)
const queues = Number(values.queues)
const lmq = Number(values.lmq)
/** Light queues that one message names. */
const LMQ_PER_MESSAGE = 25
const MIB = 1024 * 1024

const folder = values.directory ?? mkdtempSync(join(tmpdir(), 'many-queues-'))
const loop = monitorEventLoopDelay({ resolution: 1 })
loop.enable()
let mostRssBytes = 0
let mostHeldMs = 0

function line(what: string, since: number, isQuiet: boolean = false): void {
  const seconds = ((performance.now() - since) / 1000).toFixed(1)
  const { rss, heapUsed } = process.memoryUsage()
  mostRssBytes = Math.max(mostRssBytes, rss)
  const files = readdirSync('/proc/self/fd').length
  mostHeldMs = Math.max(mostHeldMs, loop.max / 1e6)
  loop.reset()
  if (!isQuiet)
    console.log(
      `${what}: ${seconds} s, RSS ${Math.round(rss / MIB)} MiB, heap ${Math.round(heapUsed / MIB)} MiB, ${files} file descriptors, loop held ${mostHeldMs.toFixed(0)} ms at most`,
    )
  if (!isQuiet) mostHeldMs = 0
}

function open(): Promise<MessageStore> {
  let told = 0
  return MessageStore.open({
    runtime: nodeRuntime(),
    config: parseStoreConfig({ rootDirectory: folder, lmqEnabled: true, indexEnabled: false }),
    progress: ({ step, done, of }) => {
      if (performance.now() - told < 5000) return
      told = performance.now()
      console.log(`  opening: ${step} ${done}${of > 0 ? ` of ${of}` : ''}`)
    },
  })
}

async function put(store: MessageStore, toStore: MessageToStore): Promise<void> {
  for (;;) {
    const { status } = store.append(toStore)
    if (status === 'PUT_OK') return
    if (status !== 'OS_PAGE_CACHE_BUSY') throw new Error(`append: ${status}`)
    await sleep(5)
  }
}

async function fill(store: MessageStore): Promise<void> {
  for (let topic = 0; topic < topics; topic++) {
    for (let queueId = 0; queueId < queues; queueId++) {
      await put(store, message({ topic: `Topic${topic}`, queueId }))
    }
    if (topic % 100 === 0) await sleep(0)
  }
  for (let from = 0; from < lmq; from += LMQ_PER_MESSAGE) {
    const count = Math.min(LMQ_PER_MESSAGE, lmq - from)
    const names = Array.from({ length: count }, (_, index) => `%LMQ%light${from + index}`)
    const properties = Buffer.from(`INNER_MULTI_DISPATCH\u0001${names.join(',')}\u0002`)
    await put(store, message({ topic: 'Parent', properties }))
    if (from % 1000 === 0) await sleep(0)
  }
}

const wanted = topics * queues + lmq + (lmq > 0 ? 1 : 0)
let messages = 0

/** Opens the store and looks at the bounds of every queue. */
async function reopen(how: string): Promise<MessageStore> {
  const since = performance.now()
  const store = await open()
  line(`opened ${how} with ${store.status().queueCount} queues`, since)
  if (store.status().queueCount !== wanted) throw new Error(`expected ${wanted} queues`)
  for (const { topic, queueId, minOffset, maxOffset } of store.queues()) {
    if (topic !== 'Parent' && (minOffset !== 0 || maxOffset !== messages)) {
      throw new Error(`${topic} ${queueId}: ${minOffset} … ${maxOffset}, not ${messages}`)
    }
  }
  return store
}

async function allOnDisk(store: MessageStore): Promise<void> {
  const since = performance.now()
  while (store.status().queuesDurableOffset < store.status().commitLogMaxOffset) {
    await sleep(500)
    line('', since, true)
  }
  line('  all on disk', since)
}

async function close(store: MessageStore): Promise<void> {
  const since = performance.now()
  await store.close()
  line('closed', since)
}

try {
  console.log(
    `load before: ${loadavg()
      .map((load) => load.toFixed(1))
      .join(' ')}`,
  )
  let since = performance.now()
  let store = await open()
  line('opened empty', since)
  since = performance.now()
  await fill(store)
  messages++
  line(`appended to ${store.status().queueCount} queues`, since)
  await allOnDisk(store)
  await close(store)

  store = await reopen('after an orderly stop')
  since = performance.now()
  await fill(store)
  messages++
  line('one more message in each', since)
  await allOnDisk(store)
  const { heapUsed } = process.memoryUsage()
  await close(store)

  rmSync(join(folder, 'consumequeue.table'))
  store = await reopen('after an orderly stop of another broker')
  await close(store)

  writeFileSync(join(folder, 'abort'), '1')
  store = await reopen('after a crash')
  await close(store)
  console.log(
    `at most ${Math.round(mostRssBytes / MIB)} MiB; ${Math.round(heapUsed / wanted)} bytes of heap per queue`,
  )
  console.log(
    `load after: ${loadavg()
      .map((load) => load.toFixed(1))
      .join(' ')}`,
  )
} finally {
  if (values.directory === undefined) rmSync(folder, { recursive: true })
}
