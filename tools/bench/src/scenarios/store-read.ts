// SPDX-License-Identifier: Apache-2.0
// Scenario: reads of what is in memory, and of one queue among a hundred from files, beside positional reads of the same records.
//
// The files are in the page cache on both sides, as the rights to empty it are not everybody's: this is what the store adds to a read.

import { closeSync, openSync, readdirSync, readSync } from 'node:fs'
import { join } from 'node:path'
import { physicalOffsetAt, recordBytesAt } from '@rocketmq-ts/remoting/message'
import type { GetResult, MessageStore } from '@rocketmq-ts/store'
import { type Figures, ours, raw, type StoreBench } from '../options.ts'
import { fill, inFolder, messageOf, openStore, topic } from './store-setup.ts'

const bodyBytes = 1024
/** So many stay within the tail's 16 MiB. */
const tailMessages = 8000
const messagesOfQueue = 2000
const manyQueues = 100
const maxCount = 32
const maxBytes = 256 * 1024
const scenario = 'store-read'

/** A record in the log's files. */
interface Place {
  readonly offset: number
  readonly byteLength: number
}

export async function runReadScenario(bench: StoreBench, figures: Figures): Promise<void> {
  console.log('\n== store-read: reads by queue, and positional reads of the same records')
  await inFolder(bench.scratch, async (folder) => {
    const store = await openStore(folder, { indexEnabled: false })
    await fill(store, messageOf(bodyBytes), tailMessages, 1)
    await compare(bench, figures, {
      store,
      folder,
      what: `1 KiB from memory, ${maxCount} at a time`,
    })
    await store.close()
  })
  await inFolder(bench.scratch, async (folder) => {
    const filled = await openStore(folder, { indexEnabled: false })
    await fill(filled, messageOf(bodyBytes), manyQueues * messagesOfQueue, manyQueues)
    await filled.close()
    // Opened anew it has nothing in memory, and what a run reads is more than the 16 MiB of blocks that are kept.
    const store = await openStore(folder, { indexEnabled: false })
    const what = `1 KiB of one queue among ${manyQueues} from files`
    await compare(bench, figures, { store, folder, what })
    await store.close()
  })
}

async function compare(
  bench: StoreBench,
  figures: Figures,
  one: { store: MessageStore; folder: string; what: string },
): Promise<void> {
  const { store, folder, what } = one
  const isOne = store.maxOffset(topic, 1) === 0
  for (let run = 0; run <= bench.runs; run++) {
    const queueId = isOne ? 0 : run % manyQueues
    const oursRate = await ratePerSecond(() => readQueue(store, queueId, () => undefined))
    const places: Place[] = []
    await readQueue(store, queueId, (result) => note(result, places))
    const rawRate = await ratePerSecond(() => Promise.resolve(readPlaces(folder, places)))
    if (run === 0) continue
    figures.add(ours, { scenario, what, unit: 'messages/s', better: 'more' }, oursRate)
    figures.add(raw, { scenario, what, unit: 'messages/s', better: 'more' }, rawRate)
  }
}

async function ratePerSecond(work: () => Promise<number>): Promise<number> {
  const startedMs = performance.now()
  const count = await work()
  return count / ((performance.now() - startedMs) / 1000)
}

async function readQueue(
  store: MessageStore,
  queueId: number,
  take: (result: GetResult) => void,
): Promise<number> {
  let queueOffset = 0
  for (;;) {
    const query = { topic, queueId, queueOffset, maxCount, maxBytes }
    const result = await new Promise<GetResult>((resolve) => store.get(query, resolve))
    if (result.status !== 'FOUND') return queueOffset
    take(result)
    result.release()
    queueOffset = result.nextBeginOffset
  }
}

/** A record may lie in two spans, where one block of the file ends. */
function note({ spans }: GetResult, into: Place[]): void {
  const bytes = Buffer.concat(spans)
  for (let at = 0; at < bytes.length;) {
    const byteLength = recordBytesAt(bytes, at)
    into.push({ offset: physicalOffsetAt(bytes, at), byteLength })
    at += byteLength
  }
}

/** One positional read for each record, from the log's only file. */
function readPlaces(folder: string, places: readonly Place[]): number {
  const [segment = ''] = readdirSync(join(folder, 'commitlog')).toSorted()
  const descriptor = openSync(join(folder, 'commitlog', segment), 'r')
  const into = Buffer.alloc(64 * 1024)
  for (const { offset, byteLength } of places) readSync(descriptor, into, 0, byteLength, offset)
  closeSync(descriptor)
  return places.length
}
