// SPDX-License-Identifier: Apache-2.0
// A commit log in several directories: which file goes where, what is read only, and what is refused.
import { type SimulatedRuntime, simulatedRuntime } from '@rocketmq-ts/runtime/simulated'
import { describe, expect, it } from 'vitest'
import { message, openStore, put, readQueue } from '../test/support/store.ts'
import { LogDirectories } from './log-directories.ts'
import type { StoreConfig } from './index.ts'

const [A, B, C, OLD] = ['/disk-a/log', '/disk-b/log', '/disk-c/log', '/old/log']
const nameOf = (index: number): string => String(index * 4096).padStart(20, '0')

function filesIn(runtime: SimulatedRuntime, directory: string): number[] {
  return runtime.files.list(directory).map((name) => Number(name) / 4096)
}

/** Puts messages that fill a little more than `count` files and stops in order. */
async function fill(
  runtime: SimulatedRuntime,
  overrides: Partial<StoreConfig>,
  count: number,
): Promise<void> {
  const store = await openStore(runtime, overrides)
  const until = store.status().commitLogMaxOffset + count * 4096
  while (store.status().commitLogMaxOffset < until) {
    const body = Buffer.alloc(700, `${store.maxOffset('TopicTest', 0)} `)
    expect(await runtime.settle(put(store, message({ body })))).toBe('PUT_OK')
  }
  await runtime.settle(store.close())
}

describe('placement', () => {
  it('is by the file’s number among the sorted directories, as in Java', async () => {
    const runtime = simulatedRuntime({ seed: 1 })
    await fill(runtime, { commitLogDirectories: [C, A, B] }, 5)
    expect(filesIn(runtime, A)).toEqual([0, 3])
    expect(filesIn(runtime, B)).toEqual([1, 4])
    expect(filesIn(runtime, C)).toEqual([2, 5])
  })

  it('passes over full disks, unless all are full', () => {
    const full = new Set([B])
    const files = {
      space: (path: string) => ({ totalBytes: 100, freeBytes: full.has(path) ? 14 : 15 }),
    }
    const directories = new LogDirectories(files as never, {
      writable: [A, B, C],
      readOnly: [],
      fullRatio: 0.85,
    })
    // Two are left: even numbers go to the first of them, odd ones to the second.
    expect([0, 1, 2, 3].map((n) => directories.place(nameOf(n), n))).toEqual([A, C, A, C])
    full.add(A).add(C)
    expect([0, 1, 2, 3].map((n) => directories.place(nameOf(n), n))).toEqual([A, B, C, A])
  })
})

describe('several directories', () => {
  it.each(['clean', 'process', 'power'] as const)(
    'are read as one log after a stop that was %s',
    async (stop) => {
      let runtime = simulatedRuntime({ seed: 2 })
      const overrides = { commitLogDirectories: [A, B], flushDiskType: 'SYNC_FLUSH' } as const
      await fill(runtime, overrides, 4)
      if (stop !== 'clean') {
        const store = await openStore(runtime, overrides)
        await runtime.settle(put(store, message({ body: Buffer.alloc(700) })))
        runtime = runtime.crash(stop)
      }
      const again = await openStore(runtime, overrides)
      const read = await readQueue(runtime, again, 'TopicTest', 0)
      expect(read.length).toBe(again.maxOffset('TopicTest', 0))
      expect(read.length).toBeGreaterThan(18)
    },
  )

  it('with a file of the same name in both are refused', async () => {
    const runtime = simulatedRuntime({ seed: 3 })
    await fill(runtime, { commitLogDirectories: [A, B] }, 2)
    runtime.files.writeFile(`${B}/${nameOf(0)}`, new Uint8Array(4096))
    await expect(openStore(runtime, { commitLogDirectories: [A, B] })).rejects.toMatchObject({
      code: 'RMQ_STORE_LAYOUT',
    })
  })
})

describe('read-only directories', () => {
  const first = { commitLogDirectories: [OLD] }
  const later = { commitLogDirectories: [A, B], readOnlyCommitLogDirectories: [OLD] }

  /** Moves what is not full out of the old directory, as an operator would. */
  function moveLast(runtime: SimulatedRuntime): void {
    const last = runtime.files.list(OLD).at(-1) ?? ''
    runtime.files.makeDirectory(A)
    runtime.files.rename(`${OLD}/${last}`, `${A}/${last}`)
  }

  it('are read, and nothing is done to them, also by a recovery', async () => {
    let runtime = simulatedRuntime({ seed: 4 })
    await fill(runtime, first, 3)
    moveLast(runtime)
    const touched: string[] = []
    const watch = (): void => {
      runtime.disk.fault = ({ kind, path }) => {
        if (kind !== 'read' && path.startsWith(OLD)) touched.push(`${kind} ${path}`)
        return undefined
      }
    }
    watch()
    await fill(runtime, later, 3)
    const store = await openStore(runtime, later)
    await runtime.settle(put(store, message({ body: Buffer.alloc(700) })))
    runtime = runtime.crash('process')
    runtime.files.remove('/store/consumequeue')
    runtime.files.remove('/store/checkpoint')
    watch()
    const again = await openStore(runtime, later)
    const read = await readQueue(runtime, again, 'TopicTest', 0)
    expect(read.length).toBe(again.maxOffset('TopicTest', 0))
    expect(read[0]?.commitLogOffset).toBe(0)
    expect(touched).toEqual([])
  })

  it('that hold the file which is written are refused', async () => {
    const runtime = simulatedRuntime({ seed: 5 })
    await fill(runtime, first, 3)
    await expect(openStore(runtime, later)).rejects.toMatchObject({ code: 'RMQ_STORE_LAYOUT' })
  })

  it('must leave one that can be written', async () => {
    const runtime = simulatedRuntime({ seed: 6 })
    const both = { commitLogDirectories: [A], readOnlyCommitLogDirectories: [A] }
    await expect((async () => openStore(runtime, both))()).rejects.toMatchObject({
      code: 'RMQ_STORE_CONFIG',
    })
  })
})
