// SPDX-License-Identifier: Apache-2.0
// When the log is written: little at the end of its turn, much in large writes while turn after turn brings more.
import { simulatedRuntime } from '@rocketmq-ts/runtime/simulated'
import { describe, expect, it } from 'vitest'
import { message, openStore } from '../test/support/store.ts'

const KIB = 1024
const MIB = 1024 * KIB

/** Appends a body of each size, one in a turn; returns in how many turns after the first one which writes began. */
async function writesOf(bodies: readonly number[]): Promise<{ turn: number; kib: number }[]> {
  const runtime = simulatedRuntime({ seed: 1 })
  const store = await openStore(runtime, {
    commitLogSegmentBytes: 64 * MIB,
    maxMessageBytes: MIB,
    tailBytes: 16 * MIB,
    tailChunkBytes: MIB,
  })
  runtime.disk.writesAtOnce = true
  const writes: { turn: number; kib: number }[] = []
  let turn = 0
  runtime.disk.fault = ({ kind, path, byteLength }) => {
    if (kind === 'write' && path.includes('/commitlog/')) {
      writes.push({ turn, kib: Math.floor(byteLength / KIB) })
    }
    return undefined
  }
  const next = (): void => {
    const bodyBytes = bodies[turn]
    if (bodyBytes !== undefined) {
      expect(store.append(message({ body: Buffer.alloc(bodyBytes) })).status).toBe('PUT_OK')
    }
    turn++
    if (turn < bodies.length + 30) runtime.turn.atEnd(next)
  }
  next()
  await runtime.advance(10)
  await runtime.settle(store.close())
  return writes
}

describe('a turn that has brought', () => {
  it('little is written at its end', async () => {
    const writes = await writesOf([KIB, KIB, KIB])
    expect(writes.map(({ turn }) => turn)).toEqual([1, 2, 3])
  })

  it('much waits for one more turn, and no longer when that brings nothing', async () => {
    expect(await writesOf([20 * KIB])).toEqual([{ turn: 2, kib: 20 }])
  })

  it('much is written with what the next ones bring', async () => {
    expect(await writesOf([20 * KIB, 20 * KIB, 20 * KIB])).toEqual([{ turn: 4, kib: 60 }])
  })

  it('enough is written at once', async () => {
    expect(await writesOf([300 * KIB])).toEqual([{ turn: 1, kib: 300 }])
    const [first] = await writesOf([100 * KIB, 100 * KIB, 100 * KIB, 100 * KIB])
    expect(first).toEqual({ turn: 3, kib: 300 })
  })

  it('much never waits for more than sixteen turns', async () => {
    const [first] = await writesOf(Array.from({ length: 40 }, () => 9 * KIB))
    expect(first).toEqual({ turn: 17, kib: 154 })
  })
})
