// SPDX-License-Identifier: Apache-2.0
// Entries on their way into files: each is written once, and nothing of a deleted topic comes back.
import { getHeapStatistics, setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import type { Files, OpenFile } from '@rocketmq-ts/runtime'
import { simulatedRuntime } from '@rocketmq-ts/runtime/simulated'
import { describe, expect, it } from 'vitest'
import { message, openStore, readQueue, ROOT, smallConfig } from '../test/support/store.ts'
import { MessageStore } from './index.ts'

const QUEUES = `${ROOT}/consumequeue`
/** One at rest took 700 when it was measured; 2 GiB for 700,000 queues are 3,000. */
const MOST_HEAP_BYTES_OF_A_QUEUE = 1000

describe('entries', () => {
  it('are written once, also when the ring grows while they are on their way', async () => {
    const runtime = simulatedRuntime({ seed: 1 })
    runtime.disk.writesAtOnce = false
    runtime.disk.latencyMs = [20, 20]
    const store = await openStore(runtime, { consumeQueueWriteIntervalMs: 1 })
    let writtenBytes = 0
    runtime.disk.fault = ({ kind, path, byteLength }) => {
      if (kind === 'write' && path.startsWith(`${QUEUES}/`)) writtenBytes += byteLength
      return undefined
    }
    for (let i = 0; i < 60; i++) {
      store.append(message())
      await runtime.advance(7)
    }
    await runtime.advance(500)
    expect(writtenBytes).toBe(60 * 20)
    expect(await readQueue(runtime, store, 'TopicTest', 0)).toHaveLength(60)
    await runtime.settle(store.close())
  })

  it.each([1, 4, 8, 12, 16, 20, 30])(
    'of a topic that is deleted %i ms into the making of its files leave nothing behind',
    async (delayMs) => {
      const runtime = simulatedRuntime({ seed: 2 })
      runtime.disk.latencyMs = [5, 5]
      const store = await openStore(runtime, { consumeQueueWriteIntervalMs: 1 })
      store.append(message({ topic: 'Kept' }))
      for (let queueId = 0; queueId < 3; queueId++)
        store.append(message({ topic: 'Gone', queueId }))
      await runtime.advance(delayMs)
      store.deleteTopic('Gone')
      await runtime.advance(500)
      expect(runtime.files.list(QUEUES)).toEqual(['Kept'])
      // Made again it begins anew.
      expect(store.append(message({ topic: 'Gone' })).queueOffset).toBe(0)
      await runtime.advance(500)
      expect(await readQueue(runtime, store, 'Gone', 0)).toHaveLength(1)
      expect(runtime.files.list(`${QUEUES}/Gone`)).toEqual(['0'])
      await runtime.settle(store.close())
    },
  )

  it('of a topic that is made again while its old files are being made are those of the new one', async () => {
    for (let delayMs = 1; delayMs < 30; delayMs += 2) {
      const runtime = simulatedRuntime({ seed: delayMs })
      runtime.disk.latencyMs = [5, 5]
      const store = await openStore(runtime, { consumeQueueWriteIntervalMs: 1 })
      for (let i = 0; i < 20; i++)
        store.append(message({ topic: 'Again', body: Buffer.from('old') }))
      await runtime.advance(delayMs)
      store.deleteTopic('Again')
      for (let i = 0; i < 5; i++)
        store.append(message({ topic: 'Again', body: Buffer.from('new') }))
      await runtime.advance(500)
      const found = await readQueue(runtime, store, 'Again', 0)
      expect(found.map(({ body }) => Buffer.from(body).toString())).toEqual(Array(5).fill('new'))
      await runtime.settle(store.close())
      const again = await openStore(runtime)
      expect([again.minOffset('Again', 0), again.maxOffset('Again', 0)]).toEqual([0, 5])
      await runtime.settle(again.close())
    }
  })

  it('wait in memory while their file cannot be made', async () => {
    const runtime = simulatedRuntime({ seed: 3 })
    const store = await openStore(runtime)
    runtime.disk.fault = ({ kind, path }) =>
      kind === 'create' && path.startsWith(`${QUEUES}/`) ? { error: 'ENOSPC' } : undefined
    for (let i = 0; i < 10; i++) store.append(message())
    await runtime.advance(1000)
    expect(await readQueue(runtime, store, 'TopicTest', 0)).toHaveLength(10)
    expect(store.status().queuesDurableOffset).toBe(0)
    runtime.disk.fault = undefined
    await runtime.advance(5000)
    expect(store.status().queuesDurableOffset).toBe(store.status().commitLogMaxOffset)
    await runtime.settle(store.close())
  })
})

/** Counts the queue files that are opened, and how many are open. */
class CountedFiles {
  readonly files: Files
  opened = 0
  open = 0
  most = 0

  constructor(files: Files) {
    this.files = new Proxy(files, {
      get: (target, name) => {
        if (name === 'open') {
          return (path: string, mode: 'read' | 'write' | 'create') => {
            if (path.startsWith(`${QUEUES}/`)) this.opened++
            return this.#counted(target.open(path, mode))
          }
        }
        if (name === 'createLater') {
          return (path: string, byteLength: number, done: Parameters<Files['createLater']>[2]) => {
            target.createLater(path, byteLength, (error, file) => {
              done(error, file === undefined ? file : this.#counted(file))
            })
          }
        }
        const value: unknown = Reflect.get(target, name)
        return typeof value === 'function' ? (value.bind(target) as unknown) : value
      },
    })
  }

  #counted(file: OpenFile): OpenFile {
    if (!file.path.startsWith(`${QUEUES}/`)) return file
    this.most = Math.max(this.most, ++this.open)
    const close = file.close.bind(file)
    file.close = () => {
      this.open--
      close()
    }
    return file
  }
}

it('very many queues take little memory each, few open files, and no look into their files behind an orderly stop', async () => {
  const queues = 3000
  const runtime = simulatedRuntime({ seed: 4 })
  const counted = new CountedFiles(runtime.files)
  const config = smallConfig({ maxOpenFiles: 16, lmqEnabled: true, indexEnabled: false })
  const open = (): Promise<MessageStore> =>
    runtime.settle(MessageStore.open({ runtime: { ...runtime, files: counted.files }, config }))
  const fill = async (): Promise<void> => {
    const store = await open()
    for (let i = 0; i < queues; i += 25) {
      const names = Array.from({ length: 25 }, (_, j) => `%LMQ%${i + j}`)
      const properties = Buffer.from(`INNER_MULTI_DISPATCH\u0001${names.join(',')}\u0002`)
      expect(store.append(message({ topic: 'Parent', properties })).status).toBe('PUT_OK')
      await runtime.advance(20)
    }
    await runtime.settle(store.close())
  }
  await fill()
  // One more while another is being closed for it.
  expect([counted.open, counted.most]).toEqual([0, 17])
  counted.opened = 0
  const before = heapBytes()
  const store = await open()
  const bytesOfQueue = (heapBytes() - before) / queues
  expect(store.status().queueCount).toBe(queues + 1)
  expect(counted.opened).toBe(0)
  expect(bytesOfQueue).toBeGreaterThan(100)
  expect(bytesOfQueue).toBeLessThan(MOST_HEAP_BYTES_OF_A_QUEUE)
  expect([store.minOffset('%LMQ%77', 0), store.maxOffset('%LMQ%77', 0)]).toEqual([0, 1])
  await runtime.settle(store.close())
})

function heapBytes(): number {
  setFlagsFromString('--expose-gc')
  runInNewContext('gc()')
  return getHeapStatistics().used_heap_size
}
