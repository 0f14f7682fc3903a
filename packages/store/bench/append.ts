// SPDX-License-Identifier: Apache-2.0
// Measures appends: ns per append into the tail alone, and messages per second to real files with a number of them in flight.
//
//   node packages/store/bench/append.ts [layout] [files] [sync] [long]
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { encodeHost } from '@rocketmq-ts/remoting/message'
import { nodeRuntime, type WriteMode } from '@rocketmq-ts/runtime/node'
import {
  MessageStore,
  type MessageToStore,
  parseStoreConfig,
  type StoreConfig,
} from '../src/index.ts'

const HOST = encodeHost({ host: '127.0.0.1', port: 10911 })
const QUEUES = 4
const wanted = new Set(process.argv.slice(2))

function messageOf(bodyBytes: number): MessageToStore {
  return {
    topic: 'BenchmarkTest',
    queueId: 0,
    flag: 0,
    sysFlag: 0,
    bornTimestampMs: Date.now(),
    bornHost: HOST,
    storeHost: HOST,
    reconsumeTimes: 0,
    preparedTransactionOffset: 0,
    tagsCode: 0,
    body: Buffer.alloc(bodyBytes, 'b'),
    properties: Buffer.from(
      'UNIQ_KEY\u00017F000001000018B4AAC2000000000001\u0002WAIT\u0001true\u0002',
    ),
  }
}

async function withStore(
  writeMode: WriteMode,
  overrides: Partial<StoreConfig>,
  run: (store: MessageStore) => Promise<void>,
): Promise<void> {
  const directory = mkdtempSync(`${process.env['BENCH_DIR'] ?? tmpdir()}/store-bench-`)
  try {
    const config = parseStoreConfig({ rootDirectory: directory, ...overrides })
    const store = await MessageStore.open({ runtime: nodeRuntime({ writeMode }), config })
    await run(store)
    await store.close()
  } finally {
    rmSync(directory, { recursive: true, force: true })
  }
}

const nextTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

/** Appends without waiting, in bursts that the tail can hold: the time of `append` alone. */
async function layout(bodyBytes: number): Promise<void> {
  await withStore('loop', { tailBytes: 64 * 1024 * 1024 }, async (store) => {
    const message = messageOf(bodyBytes)
    const burst = 2000
    let spentNs = 0
    let count = 0
    for (let round = 0; round < 300; round++) {
      const before = process.threadCpuUsage()
      for (let i = 0; i < burst; i++) {
        message.queueId = i % QUEUES
        store.append(message)
      }
      const spent = process.threadCpuUsage(before)
      const tookNs = (spent.user + spent.system) * 1000
      if (round >= 50) {
        spentNs += tookNs
        count += burst
      }
      await nextTurn()
      await nextTurn()
    }
    console.log(`append ${bodyBytes} B: ${(spentNs / count).toFixed(0)} ns of CPU`)
  })
}

/** Keeps `inFlight` messages waiting for their acknowledgement for a while. */
async function files(
  writeMode: WriteMode,
  bodyBytes: number,
  inFlight: number,
  flushDiskType: StoreConfig['flushDiskType'],
): Promise<void> {
  await withStore(writeMode, { flushDiskType }, async (store) => {
    const message = messageOf(bodyBytes)
    const seconds = Number(process.env['BENCH_SECONDS'] ?? 3)
    let acknowledged = 0
    let isRunning = true
    let owed = 0
    // What an acknowledgement allows is sent in the next turn, as a client's next request would arrive.
    const waiter = {
      acknowledged: () => {
        acknowledged++
        if (owed++ === 0) setImmediate(sendOwed)
      },
    }
    const send = (): void => {
      message.queueId = acknowledged % QUEUES
      const { status, offset, recordBytes } = store.append(message)
      if (status === 'PUT_OK') store.whenSafe(offset + recordBytes, waiter, true)
      else setImmediate(() => isRunning && send())
    }
    const sendOwed = (): void => {
      const due = owed
      owed = 0
      for (let i = 0; i < due && isRunning; i++) send()
    }
    const delays: number[] = []
    let expectedAt = performance.now() + 5
    const probe = setInterval(() => {
      delays.push(performance.now() - expectedAt)
      expectedAt = performance.now() + 5
    }, 5)
    for (let i = 0; i < inFlight; i++) send()
    await new Promise((resolve) => setTimeout(resolve, 500))
    const cpu = process.cpuUsage()
    const started = performance.now()
    const before = acknowledged
    const flushedBefore = store.status().flushedOffset
    await new Promise((resolve) => setTimeout(resolve, seconds * 1000))
    const count = acknowledged - before
    const tookS = (performance.now() - started) / 1000
    const spent = process.cpuUsage(cpu)
    isRunning = false
    clearInterval(probe)
    delays.sort((a, b) => a - b)
    const p99 = delays[Math.floor(delays.length * 0.99)] ?? 0
    const worst = delays.at(-1) ?? 0
    const megabytes = (store.status().flushedOffset - flushedBefore) / 1e6
    console.log(
      `${flushDiskType} ${writeMode} ${bodyBytes} B, ${inFlight} in flight: ` +
        `${Math.round(count / tookS)} msg/s, ${((spent.user + spent.system) / count).toFixed(2)} µs CPU, ` +
        `flushed ${(megabytes / tookS).toFixed(0)} MB/s, loop held up p99 ${p99.toFixed(1)} max ${worst.toFixed(1)} ms`,
    )
  })
}

const isWanted = (name: string): boolean => wanted.size === 0 || wanted.has(name)

if (isWanted('layout')) {
  for (const bodyBytes of [128, 1024]) await layout(bodyBytes)
}
if (isWanted('files')) {
  for (const bodyBytes of [128, 1024]) {
    for (const inFlight of [1, 64, 1000]) {
      for (const writeMode of ['loop', 'pool'] as const) {
        await files(writeMode, bodyBytes, inFlight, 'ASYNC_FLUSH')
      }
    }
  }
}
if (isWanted('long')) {
  for (const writeMode of ['loop', 'pool', 'loop', 'pool'] as const) {
    await files(writeMode, 1024, 1000, 'ASYNC_FLUSH')
  }
}
if (isWanted('sync')) {
  for (const inFlight of [1, 16, 128, 1000]) {
    for (const writeMode of ['loop', 'pool'] as const) {
      await files(writeMode, 128, inFlight, 'SYNC_FLUSH')
    }
  }
}
