// SPDX-License-Identifier: Apache-2.0
// Segments made ahead: when they are made, how they get their room, and that nothing of the log is ever overwritten.
import { type FileOperation, simulatedRuntime } from '@rocketmq-ts/runtime/simulated'
import { describe, expect, it } from 'vitest'
import { message, openStore, put, readQueue } from '../test/support/store.ts'

const SECOND = '/commitlog/00000000000001048576'
const LARGE = {
  commitLogSegmentBytes: 1024 * 1024,
  tailBytes: 256 * 1024,
  tailChunkBytes: 32 * 1024,
  warmUpSegments: true,
}

describe('the next segment', () => {
  it('is made at half of this one, and then written over in small steps', async () => {
    const runtime = simulatedRuntime({ seed: 1 })
    const store = await openStore(runtime, LARGE)
    const steps: FileOperation[] = []
    runtime.disk.fault = (operation) => {
      if (operation.kind === 'write' && operation.path.endsWith(SECOND)) steps.push(operation)
      return undefined
    }
    const fill = async (to: number): Promise<void> => {
      while (store.status().commitLogMaxOffset < to) {
        await runtime.settle(put(store, message({ body: Buffer.alloc(2900, 'x') })))
      }
    }
    await fill(400_000)
    expect(steps).toEqual([])
    await fill(540_000)
    await runtime.advance(100)
    expect(steps.map(({ position }) => position)).toEqual(
      [0, 1, 2, 3, 4, 5, 6, 7].map((n) => n * 131_072),
    )
    expect(Math.max(...steps.map(({ byteLength }) => byteLength))).toBe(131_072)
    await fill(1_500_000)
    expect((await readQueue(runtime, store, 'TopicTest', 0)).length).toBe(
      store.maxOffset('TopicTest', 0),
    )
  })

  it('is left alone as soon as the log comes to it', async () => {
    const runtime = simulatedRuntime({ seed: 2 })
    const store = await openStore(runtime, LARGE)
    // So quickly that the steps cannot keep up.
    while (store.status().commitLogMaxOffset < 1_300_000) {
      for (let i = 0; i < 40; i++) {
        const { status } = store.append(message({ body: Buffer.alloc(2900, 'x') }))
        if (status !== 'PUT_OK') break
      }
      await runtime.advance(1)
    }
    await runtime.advance(1000)
    const count = store.maxOffset('TopicTest', 0)
    const next = runtime.crash('process')
    const again = await openStore(next, LARGE)
    expect(again.maxOffset('TopicTest', 0)).toBe(count)
    const read = await readQueue(next, again, 'TopicTest', 0)
    expect(read.length).toBe(count)
    expect(read.every(({ body }) => Buffer.from(body).equals(Buffer.alloc(2900, 'x')))).toBe(true)
  })

  it('does not get its room on a full disk, and nobody minds until it is needed', async () => {
    const runtime = simulatedRuntime({ seed: 3 })
    const store = await openStore(runtime, LARGE)
    runtime.disk.fault = ({ kind, path }) =>
      kind === 'write' && path.endsWith(SECOND) ? { error: 'ENOSPC' } : undefined
    while (store.status().commitLogMaxOffset < 900_000) {
      expect(await runtime.settle(put(store, message({ body: Buffer.alloc(2900) })))).toBe('PUT_OK')
    }
    expect(store.status().writable).toBe(true)
  })
})
