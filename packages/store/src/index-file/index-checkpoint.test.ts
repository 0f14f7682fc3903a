// SPDX-License-Identifier: Apache-2.0
// What the checkpoint says of the index while a Java broker may be the next to open the store after a crash.
import { encodeProperties } from '@rocketmq-ts/remoting/message'
import { simulatedRuntime, type SimulatedRuntime } from '@rocketmq-ts/runtime/simulated'
import { expect, test } from 'vitest'
import { message, openStore, ROOT } from '../../test/support/store.ts'
import { readCheckpoint } from '../checkpoint.ts'
import type { MessageStore } from '../message-store.ts'
import { decodeHeader } from './index-format.ts'

const SMALL = { indexSlots: 8, indexEntries: 20, commitLogSegmentBytes: 65_536 }

async function append(
  runtime: SimulatedRuntime,
  store: MessageStore,
  count: number,
): Promise<void> {
  for (let i = 0; i < count; i++) {
    const properties = Buffer.from(encodeProperties({ UNIQ_KEY: `U${i}` }))
    store.append(message({ properties }))
    await runtime.advance(20)
  }
}

function indexTimeMs({ files }: SimulatedRuntime): number {
  return readCheckpoint(files, `${ROOT}/checkpoint`).indexMsgTimestampMs
}

/** Store time of the newest message in each index file, as the files stand. */
function endTimesMs({ files }: SimulatedRuntime): number[] {
  return files.list(`${ROOT}/index`).map((name) => {
    const bytes = files.readFile(`${ROOT}/index/${name}`) ?? new Uint8Array(40)
    return decodeHeader(bytes, 0).endTimestampMs
  })
}

test('a full file is on disk at once, and the checkpoint says so', async () => {
  const runtime = simulatedRuntime({ seed: 1 })
  const store = await openStore(runtime, SMALL)
  await append(runtime, store, 50)
  await runtime.advance(500)
  const next = runtime.crash('power')
  const [first = 0, second = 0] = endTimesMs(next)
  expect(first).toBeGreaterThan(0)
  expect(second).toBeGreaterThan(first)
  expect(indexTimeMs(next)).toBe(second)
})

test('what is given up after a crash is first given up in the checkpoint', async () => {
  const runtime = simulatedRuntime({ seed: 2 })
  const store = await openStore(runtime, SMALL)
  await append(runtime, store, 50)
  await runtime.settle(store.close())
  // As a Java broker leaves it that was killed: its last full file has its time in the checkpoint, and we find it damaged.
  const [, second = ''] = runtime.files.list(`${ROOT}/index`)
  runtime.files.writeFile(`${ROOT}/abort`, Buffer.from('1'), { durable: true })
  runtime.files.remove(`${ROOT}/indexprogress`)
  runtime.files.remove(`${ROOT}/index/${second}`)
  for (const path of [ROOT, `${ROOT}/index`]) runtime.files.flushDirectory(path)
  const [first = 0] = endTimesMs(runtime)
  expect(indexTimeMs(runtime)).toBeGreaterThan(first)

  const seen: number[] = []
  runtime.disk.fault = ({ kind, path }) => {
    if (kind === 'remove' && path.includes('/index/')) seen.push(indexTimeMs(runtime))
    return undefined
  }
  const reopened = await openStore(runtime, SMALL)
  runtime.disk.fault = undefined
  expect(seen).toEqual([first])
  await runtime.settle(reopened.close())
})
