// SPDX-License-Identifier: Apache-2.0
// Scenario: what the index costs a message, and what a query by key takes, beside the three positional reads it cannot do without.

import { closeSync, openSync, readdirSync, readSync } from 'node:fs'
import { join } from 'node:path'
import process from 'node:process'
import { encodeProperties } from '@rocketmq-ts/remoting/message'
import type { MessageStore } from '@rocketmq-ts/store'
import { type Figures, ours, raw, type StoreBench } from '../options.ts'
import {
  type Calls,
  everyTurn,
  inFolder,
  messageOf,
  openStore,
  pause,
  topic,
  written,
} from './store-setup.ts'

const messages = 200_000
const queries = 500
const bodyBytes = 128
const scenario = 'store-index'
/** A slot, an entry, a record. */
const readBytes = [4, 20, 300]

export async function runIndexScenario(bench: StoreBench, figures: Figures): Promise<void> {
  console.log('\n== store-index: building the index, and queries by key')
  for (let run = 0; run < bench.runs; run++) {
    await inFolder(bench.scratch, async (folder) => {
      const what = `${bodyBytes} B, three keys (against no index)`
      const unit = 'µs CPU per message'
      const without = await build(join(folder, 'without'), false)
      figures.add(raw, { scenario, what, unit, better: 'less' }, without)
      const withIndex = await build(join(folder, 'with'), true)
      figures.add(ours, { scenario, what, unit, better: 'less' }, withIndex)
      await query(join(folder, 'with'), figures)
    })
  }
}

async function build(folder: string, indexEnabled: boolean): Promise<number> {
  const store = await openStore(folder, { indexEnabled })
  const before = process.cpuUsage()
  await fillWithKeys(store)
  const { commitLogMaxOffset } = store.status()
  while (indexEnabled && store.status().indexedOffset < commitLogMaxOffset) await pause(1)
  const { user, system } = process.cpuUsage(before)
  await store.close()
  return (user + system) / messages
}

const keyOf = (i: number): string => `order-${i}`

async function fillWithKeys(store: MessageStore): Promise<void> {
  const message = messageOf(bodyBytes)
  let done = 0
  await everyTurn(() => {
    for (const burst = Math.min(messages, done + 200); done < burst; done++) {
      const UNIQ_KEY = `7F000001${String(done).padStart(24, '0')}`
      const properties = { UNIQ_KEY, KEYS: keyOf(done), TAGS: 'a' }
      message.properties = Buffer.from(encodeProperties(properties))
      if (store.append(message).status !== 'PUT_OK') break
    }
    return done < messages
  })
  await written(store)
}

async function query(folder: string, figures: Figures): Promise<void> {
  const calls: Calls = { below: '/index/', flushes: 0, reads: 0 }
  const store = await openStore(folder, {}, calls)
  calls.reads = 0
  const startedMs = performance.now()
  for (let i = 0; i < queries; i++) {
    const key = keyOf(Math.floor((i * messages) / queries))
    const { records } = await store.queryByKey({
      topic,
      key,
      maxCount: 32,
      beginMs: 0,
      endMs: 2 ** 52,
    })
    if (records.length === 0) throw new Error(`${key} was not found`)
  }
  const tookUs = ((performance.now() - startedMs) * 1000) / queries
  await store.close()
  const what = 'query by key'
  figures.add(ours, { scenario, what, unit: 'µs', better: 'less' }, tookUs)
  figures.add(raw, { scenario, what, unit: 'µs', better: 'less' }, rawReadsUs(folder))
  const reads = { scenario, what, unit: 'reads of index files', better: 'less' } as const
  figures.add(ours, reads, calls.reads / queries)
  figures.add(raw, reads, 2)
}

/** Microseconds of as many positional reads as a query cannot do without, all over an index file. */
function rawReadsUs(folder: string): number {
  const [name = ''] = readdirSync(join(folder, 'index'))
  const descriptor = openSync(join(folder, 'index', name), 'r')
  const into = Buffer.alloc(512)
  const startedMs = performance.now()
  for (let i = 0; i < queries; i++) {
    for (const byteLength of readBytes) readSync(descriptor, into, 0, byteLength, i * 40_009)
  }
  const tookUs = ((performance.now() - startedMs) * 1000) / queries
  closeSync(descriptor)
  return tookUs
}
