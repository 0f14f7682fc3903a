// SPDX-License-Identifier: Apache-2.0
// Recovery case by case: what is cut stays cut, what is trusted is not read again, what is missing is rebuilt.
import { decodeMessage } from '@rocketmq-ts/remoting/message'
import { type SimulatedRuntime, simulatedRuntime } from '@rocketmq-ts/runtime/simulated'
import { describe, expect, it } from 'vitest'
import {
  get,
  message,
  openStore,
  put,
  readQueue,
  ROOT,
  smallConfig,
} from '../test/support/store.ts'
import { MessageStore } from './index.ts'

const LOG = `${ROOT}/commitlog/00000000000000000000`
const SYNC = { flushDiskType: 'SYNC_FLUSH' } as const

const bodiesOf = async (
  runtime: SimulatedRuntime,
  store: MessageStore,
  topic: string = 'TopicTest',
): Promise<string[]> =>
  (await readQueue(runtime, store, topic, 0)).map(({ body }) => Buffer.from(body).toString())

/** Stores messages one after another, each flushed; returns the log offset of each. */
async function putAll(
  runtime: SimulatedRuntime,
  store: MessageStore,
  bodies: readonly string[],
  topic: string = 'TopicTest',
): Promise<number[]> {
  const offsets: number[] = []
  for (const body of bodies) {
    offsets.push(store.status().commitLogMaxOffset)
    const status = await runtime.settle(put(store, message({ topic, body: Buffer.from(body) })))
    expect(status).toBe('PUT_OK')
  }
  return offsets
}

/** Writes over a place of the log and makes it last. */
function damage(runtime: SimulatedRuntime, offset: number, bytes: Uint8Array, path = LOG): void {
  const file = runtime.files.open(path, 'write')
  file.writeSync([bytes], offset % 4096)
  file.flushSync()
}

/** Makes the last stop look like a crash. */
function markCrashed(runtime: SimulatedRuntime): void {
  runtime.files.writeFile(`${ROOT}/abort`, Buffer.from('1'), { durable: true })
  runtime.files.flushDirectory(ROOT)
}

describe('after a crash', () => {
  it('a record behind the damaged one does not come back when the log has grown up to it', async () => {
    let runtime = simulatedRuntime({ seed: 1 })
    const first = await openStore(runtime, SYNC)
    const [, b = 0] = await putAll(runtime, first, ['aaaa', 'bbbb', 'cccc'])
    runtime = runtime.crash('process')
    damage(runtime, b + 88, Buffer.from('X'))
    const second = await openStore(runtime, SYNC)
    expect(await bodiesOf(runtime, second)).toEqual(['aaaa'])
    await putAll(runtime, second, ['BBBB'])
    runtime = runtime.crash('process')
    expect(await bodiesOf(runtime, await openStore(runtime, SYNC))).toEqual(['aaaa', 'BBBB'])
  })

  it('nor when power fails before anything new was flushed', async () => {
    for (let seed = 0; seed < 60; seed++) {
      let runtime = simulatedRuntime({ seed })
      const first = await openStore(runtime, SYNC)
      const large = 'l'.repeat(480)
      const [, b = 0] = await putAll(runtime, first, ['aaaa', 'bbbb' + large, 'cccc' + large])
      runtime = runtime.crash('process')
      damage(runtime, b + 88, Buffer.from('X'))
      const second = await openStore(runtime, SYNC)
      void put(second, message({ body: Buffer.from('BBBB' + large) }), false)
      await runtime.advance(2)
      runtime = runtime.crash('power')
      const bodies = await bodiesOf(runtime, await openStore(runtime, SYNC))
      expect(bodies.map((body) => body.slice(0, 4))).not.toContain('cccc')
    }
  })

  it('nor does a whole segment that was removed', async () => {
    for (let seed = 0; seed < 60; seed++) {
      let runtime = simulatedRuntime({ seed })
      const first = await openStore(runtime, SYNC)
      const large = 'l'.repeat(1900)
      // Two records fill a segment; the second segment starts with the third.
      const [, second = 0] = await putAll(runtime, first, ['a' + large, 'b' + large, 'c' + large])
      runtime = runtime.crash('process')
      damage(runtime, second + 88, Buffer.from('X'))
      const store = await openStore(runtime, SYNC)
      expect(await bodiesOf(runtime, store)).toEqual(['a' + large])
      await putAll(runtime, store, ['B' + large])
      let next: SimulatedRuntime | undefined
      const dying = runtime
      runtime.disk.fault = ({ kind, path }) => {
        if (kind === 'create' && path.endsWith('/00000000000000004096')) next = dying.crash('power')
        return undefined
      }
      void put(store, message({ body: Buffer.from('C' + large) }), false)
      await runtime.advance(5).catch(() => undefined)
      runtime.disk.fault = undefined
      expect(next).toBeDefined()
      runtime = next!
      const bodies = await bodiesOf(runtime, await openStore(runtime, SYNC))
      expect(bodies.map((body) => body[0])).toEqual(['a', 'B'])
    }
  })

  it('a queue entry that was cut does not come back for somebody else’s record', async () => {
    for (let seed = 0; seed < 40; seed++) {
      let runtime = simulatedRuntime({ seed })
      const first = await openStore(runtime, SYNC)
      const [, , third = 0] = await putAll(runtime, first, ['1', '2', '3', '4', '5'])
      await runtime.advance(3000)
      // The checkpoint trusts what the log has lost: a disk that gave way below it.
      runtime = runtime.crash('process')
      damage(runtime, third, Buffer.alloc(600))
      const second = await openStore(runtime, SYNC)
      expect(await bodiesOf(runtime, second)).toEqual(['1', '2'])
      await putAll(runtime, second, ['x', 'y', 'z', 'w'], 'Other')
      await runtime.advance(3000)
      runtime = runtime.crash('power')
      const last = await openStore(runtime, SYNC)
      expect(last.maxOffset('TopicTest', 0)).toBe(2)
      expect(await bodiesOf(runtime, last)).toEqual(['1', '2'])
      expect(await bodiesOf(runtime, last, 'Other')).toEqual(['x', 'y', 'z', 'w'])
    }
  })

  it('checks only what the checkpoint does not vouch for', async () => {
    let runtime = simulatedRuntime({ seed: 4 })
    const store = await openStore(runtime)
    await putAll(
      runtime,
      store,
      Array.from({ length: 200 }, (_, i) => `old ${i}`),
    )
    await runtime.advance(3000)
    await putAll(runtime, store, ['new'])
    runtime = runtime.crash('process')
    let records = -1
    const logger = {
      debug: () => undefined,
      info: (facts: object) => {
        if ('records' in facts) records = facts.records as number
      },
      warn: () => undefined,
      error: () => undefined,
      child: () => logger,
    }
    const config = smallConfig()
    const again = await runtime.settle(MessageStore.open({ runtime, config, logger }))
    expect(again.maxOffset('TopicTest', 0)).toBe(201)
    // The new one, the one that the checkpoint names and the one before it.
    expect(records).toBe(3)
  })

  it('without a checkpoint everything is checked, and nothing is lost', async () => {
    let runtime = simulatedRuntime({ seed: 5 })
    const store = await openStore(runtime)
    const bodies = Array.from({ length: 100 }, (_, i) => `message ${i}`)
    await putAll(runtime, store, bodies)
    await runtime.advance(3000)
    runtime = runtime.crash('process')
    runtime.files.remove(`${ROOT}/checkpoint`)
    expect(await bodiesOf(runtime, await openStore(runtime))).toEqual(bodies)
  })

  it.each([
    ['far behind the log', 1 << 30],
    ['in the middle of a record', 1234],
    ['negative', -1],
  ])('a checkpoint %s loses nothing', async (_name, offset) => {
    let runtime = simulatedRuntime({ seed: 6 })
    const store = await openStore(runtime)
    const bodies = Array.from({ length: 60 }, (_, i) => `message ${i}`)
    await putAll(runtime, store, bodies)
    await runtime.advance(3000)
    runtime = runtime.crash('process')
    const bytes = Buffer.alloc(8)
    bytes.writeBigInt64BE(BigInt(offset))
    runtime.files.open(`${ROOT}/checkpoint`, 'write').writeSync([bytes], 40)
    expect(await bodiesOf(runtime, await openStore(runtime))).toEqual(bodies)
  })

  it('a queue whose first entries have left the log starts where the log starts', async () => {
    const runtime = simulatedRuntime({ seed: 7 })
    const store = await openStore(runtime)
    await putAll(
      runtime,
      store,
      Array.from({ length: 120 }, (_, i) => `message ${i}`),
    )
    await runtime.settle(store.close())
    runtime.files.remove(LOG)
    runtime.files.remove(`${ROOT}/consumequeue`)
    const again = await openStore(runtime)
    expect(again.status().commitLogMinOffset).toBe(4096)
    const min = again.minOffset('TopicTest', 0)
    expect(min).toBeGreaterThan(20)
    const [record] = (await get(runtime, again, { queueOffset: min })).spans
    expect(decodeMessage(record!).queueOffset).toBe(min)
    expect((await get(runtime, again, { queueOffset: min - 1 })).status).toBe('OFFSET_TOO_SMALL')
    expect((await bodiesOf(runtime, again)).at(-1)).toBe('message 119')
    await runtime.settle(again.close())
    const third = await openStore(runtime)
    expect(third.minOffset('TopicTest', 0)).toBe(min)
  })
})

describe('after an orderly stop', () => {
  it('queue entries behind a log that has been cut are cut as well', async () => {
    const runtime = simulatedRuntime({ seed: 8 })
    const store = await openStore(runtime)
    const offsets = await putAll(runtime, store, ['1', '2', '3', '4'])
    await runtime.settle(store.close())
    damage(runtime, offsets[2]!, Buffer.alloc(600))
    markCrashed(runtime)
    runtime.files.remove(`${ROOT}/abort`)
    const again = await openStore(runtime)
    expect(await bodiesOf(runtime, again)).toEqual(['1', '2'])
    await putAll(runtime, again, ['three'])
    expect(await bodiesOf(runtime, again)).toEqual(['1', '2', 'three'])
  })

  it('one record is checked, however long the log', async () => {
    const runtime = simulatedRuntime({ seed: 9 })
    const store = await openStore(runtime)
    await putAll(
      runtime,
      store,
      Array.from({ length: 300 }, (_, i) => `message ${i}`),
    )
    await runtime.settle(store.close())
    let bytesRead = 0
    runtime.disk.fault = ({ kind, path, byteLength }) => {
      if (kind === 'read' && path.includes('/commitlog/')) bytesRead += byteLength
      return undefined
    }
    const again = await openStore(runtime)
    runtime.disk.fault = undefined
    expect(again.maxOffset('TopicTest', 0)).toBe(300)
    expect(bytesRead).toBeLessThan(3 * 4096)
  })

  it('leaves neither an abort file nor a segment without content', async () => {
    const runtime = simulatedRuntime({ seed: 10 })
    const store = await openStore(runtime)
    expect(runtime.files.stat(`${ROOT}/abort`)).toBeDefined()
    await putAll(
      runtime,
      store,
      Array.from({ length: 35 }, () => 'x'.repeat(100)),
    )
    await runtime.advance(100)
    expect(runtime.files.list(`${ROOT}/commitlog`).length).toBe(3)
    await runtime.settle(store.close())
    expect(runtime.files.stat(`${ROOT}/abort`)).toBeUndefined()
    expect(runtime.files.list(`${ROOT}/commitlog`).length).toBe(2)
  })
})

describe('a directory', () => {
  it('in use is refused, and free again after close', async () => {
    const runtime = simulatedRuntime({ seed: 11 })
    const store = await openStore(runtime)
    await expect(openStore(runtime)).rejects.toMatchObject({
      code: 'RMQ_STORE_LOCKED',
      message: expect.stringContaining('/store is in use'),
    })
    await runtime.settle(store.close())
    await runtime.settle((await openStore(runtime)).close())
  })

  it('with queues but no log loses the queues', async () => {
    const runtime = simulatedRuntime({ seed: 12 })
    const store = await openStore(runtime)
    await putAll(runtime, store, ['a', 'b'])
    await runtime.settle(store.close())
    runtime.files.remove(`${ROOT}/commitlog`)
    const again = await openStore(runtime)
    expect([...again.queues()]).toEqual([])
    expect(runtime.files.list(`${ROOT}/consumequeue`)).toEqual([])
    await putAll(runtime, again, ['anew'])
    expect(await bodiesOf(runtime, again)).toEqual(['anew'])
  })

  it('with segments of another size is refused and not touched', async () => {
    const runtime = simulatedRuntime({ seed: 13 })
    const store = await openStore(runtime)
    await putAll(runtime, store, ['a'])
    await runtime.settle(store.close())
    await expect(openStore(runtime, { commitLogSegmentBytes: 8192 })).rejects.toMatchObject({
      code: 'RMQ_STORE_LAYOUT',
      message: expect.stringContaining('4096 bytes'),
    })
    expect(await bodiesOf(runtime, await openStore(runtime))).toEqual(['a'])
  })

  it('with a segment missing in the middle is refused', async () => {
    const runtime = simulatedRuntime({ seed: 14 })
    const store = await openStore(runtime)
    await putAll(
      runtime,
      store,
      Array.from({ length: 60 }, () => 'x'.repeat(100)),
    )
    await runtime.settle(store.close())
    runtime.files.remove(`${ROOT}/commitlog/00000000000000004096`)
    await expect(openStore(runtime)).rejects.toMatchObject({
      code: 'RMQ_STORE_LAYOUT',
      message: expect.stringContaining('has no file 00000000000000004096'),
    })
  })

  it('that cannot be written while it recovers is not opened with half the queues', async () => {
    let runtime = simulatedRuntime({ seed: 15 })
    const store = await openStore(runtime)
    await putAll(runtime, store, ['a', 'b'])
    runtime = runtime.crash('process')
    runtime.disk.fault = ({ kind, path }) =>
      kind === 'write' && path.includes('/consumequeue/') ? { error: 'ENOSPC' } : undefined
    await expect(openStore(runtime)).rejects.toMatchObject({ code: 'RMQ_STORE_IO' })
    runtime.disk.fault = undefined
    expect(await bodiesOf(runtime, await openStore(runtime))).toEqual(['a', 'b'])
  })
})
