// SPDX-License-Identifier: Apache-2.0
// Opening with a check of every record, and how its progress is told.
import { simulatedRuntime } from '@rocketmq-ts/runtime/simulated'
import { describe, expect, it } from 'vitest'
import { message, openStore, put, readQueue, ROOT, smallConfig } from '../test/support/store.ts'
import { MessageStore, type OpenProgress } from './index.ts'
import { ScanProgress } from './scan-progress.ts'

const DEEP = { deepScan: true }
const fileOf = (offset: number): string => {
  return `${ROOT}/commitlog/${String(offset - (offset % 4096)).padStart(20, '0')}`
}

async function stopped(seed: number): Promise<{
  runtime: ReturnType<typeof simulatedRuntime>
  offsets: number[]
}> {
  const runtime = simulatedRuntime({ seed })
  const store = await openStore(runtime)
  const offsets: number[] = []
  for (let i = 0; i < 40; i++) {
    const { offset } = store.append(message({ body: Buffer.alloc(500, `${i}`) }))
    offsets.push(offset)
    await runtime.advance(50)
  }
  await runtime.settle(store.close())
  return { runtime, offsets }
}

describe('a deep scan', () => {
  it('opens a sound store, and tells how far it has come', async () => {
    const { runtime } = await stopped(1)
    const told: OpenProgress[] = []
    const config = smallConfig(DEEP)
    const progress = (step: OpenProgress): void => void told.push({ ...step })
    const store = await runtime.settle(MessageStore.open({ runtime, config, progress }))
    expect((await readQueue(runtime, store, 'TopicTest', 0)).length).toBe(40)
    const of = store.status().commitLogMaxOffset
    expect(told.at(-1)).toEqual({ step: 'verify', done: of, of })
  })

  it('names every file with an altered record, and leaves the store as it was', async () => {
    const { runtime, offsets } = await stopped(2)
    for (const at of [3, 30]) {
      const offset = offsets[at] ?? 0
      runtime.flipBit(fileOf(offset), ((offset % 4096) + 200) * 8)
    }
    // Nobody looks there without a reason.
    const shallow = await openStore(runtime)
    expect(shallow.maxOffset('TopicTest', 0)).toBe(40)
    await runtime.settle(shallow.close())
    const error = await openStore(runtime, DEEP).then(
      () => undefined,
      (reason: unknown) => reason,
    )
    expect(error).toMatchObject({ code: 'RMQ_STORE_DAMAGED' })
    for (const at of [3, 30]) {
      const offset = offsets[at] ?? 0
      expect(String(error)).toContain(`${offset} in ${fileOf(offset)}`)
    }
    const again = await openStore(runtime)
    expect(again.maxOffset('TopicTest', 0)).toBe(40)
    expect(await runtime.settle(put(again, message()))).toBe('PUT_OK')
  })
})

describe('progress over the log', () => {
  it('is told each time, and logged every three seconds with what is left', () => {
    let nowMs = 0
    const lines: unknown[] = []
    const told: OpenProgress[] = []
    const progress = new ScanProgress({
      clock: { nowMs: () => nowMs, monotonicMs: () => nowMs },
      logger: { info: (fields: unknown) => void lines.push(fields) } as never,
      tell: (step) => void told.push(step),
      step: 'log',
      from: 1000,
      to: 11_000,
    })
    for (const [atMs, offset] of [
      [1000, 2000],
      [2999, 3000],
      [4000, 5000],
      [5000, 6000],
      [8000, 9000],
    ] as const) {
      nowMs = atMs
      progress.reached(offset)
    }
    expect(lines).toEqual([
      { offset: 5000, percent: 40, leftSeconds: 6 },
      { offset: 9000, percent: 80, leftSeconds: 2 },
    ])
    expect(told.map(({ done }) => done)).toEqual([1000, 2000, 4000, 5000, 8000])
    expect(told[0]).toEqual({ step: 'log', done: 1000, of: 10_000 })
  })
})
