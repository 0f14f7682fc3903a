// SPDX-License-Identifier: Apache-2.0
// Reads: Java's statuses and limits, from memory and from files, and agreement with a model under random use.
import { putInt64 } from '@rocketmq-ts/remoting/message'
import { simulatedRuntime } from '@rocketmq-ts/runtime/simulated'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { decoded, get, message, openStore, recordsOf, ROOT } from '../test/support/store.ts'
import type { GetQuery, MessageStore, StoreConfig } from './index.ts'

/** A store with `count` messages of `bodyBytes` in queue 0, in memory or only in files. */
async function filled(
  place: 'tail' | 'files',
  count: number,
  bodyBytes: number = 10,
  overrides: Partial<StoreConfig> = {},
): Promise<{
  store: MessageStore
  read: (query: Partial<GetQuery>) => Promise<Awaited<ReturnType<typeof get>>>
}> {
  const runtime = simulatedRuntime({ seed: 1 })
  const config = { commitLogSegmentBytes: 65_536, tailBytes: 65_536, ...overrides }
  let store = await openStore(runtime, config)
  for (let i = 0; i < count; i++) {
    store.append(message({ tagsCode: i, body: Buffer.alloc(bodyBytes, `${i}.`) }))
  }
  await runtime.advance(10)
  if (place === 'files') {
    await runtime.settle(store.close())
    store = await openStore(runtime, config)
  }
  return { store, read: (query) => get(runtime, store, query) }
}

describe.each(['tail', 'files'] as const)('a read from %s', (place) => {
  it('answers by where the offset lies', async () => {
    const { read } = await filled(place, 10)
    const cases: readonly (readonly [Partial<GetQuery>, string, number])[] = [
      [{ topic: 'Nobody', queueOffset: 7 }, 'NO_MESSAGE_IN_QUEUE', 0],
      [{ queueId: 5, queueOffset: 7 }, 'NO_MESSAGE_IN_QUEUE', 0],
      [{ queueOffset: -1 }, 'OFFSET_TOO_SMALL', 0],
      [{ queueOffset: 0 }, 'FOUND', 10],
      [{ queueOffset: 9 }, 'FOUND', 10],
      [{ queueOffset: 10 }, 'OFFSET_OVERFLOW_ONE', 10],
      [{ queueOffset: 11 }, 'OFFSET_OVERFLOW_BADLY', 10],
      [{ queueOffset: 0, matchTags: () => false }, 'NO_MATCHED_MESSAGE', 10],
      [{ queueOffset: 0, matchRecord: () => false }, 'NO_MATCHED_MESSAGE', 10],
    ]
    for (const [query, status, nextBeginOffset] of cases) {
      const result = await read(query)
      expect([query, result.status, result.nextBeginOffset]).toEqual([
        query,
        status,
        nextBeginOffset,
      ])
      result.release()
    }
  })

  it('stops at the count asked for, and at the bytes once it has one message', async () => {
    const { read } = await filled(place, 40, 100)
    const three = await read({ maxCount: 3 })
    expect([three.messageCount, three.nextBeginOffset]).toEqual([3, 3])
    const one = await read({ maxBytes: 1 })
    expect([one.messageCount, one.nextBeginOffset]).toEqual([1, 1])
    const two = await read({ maxBytes: 2 * one.bodyBytes })
    expect([two.messageCount, two.bodyBytes]).toEqual([2, 2 * one.bodyBytes])
  })

  it('gives less of what is no longer in memory', async () => {
    const wide = { consumeQueueSegmentBytes: 2000 }
    const near = await filled(place, 60, 100, wide)
    expect((await near.read({ maxCount: 100 })).messageCount).toBe(32)
    const far = await filled(place, 60, 100, { ...wide, inMemoryBytes: 0 })
    const result = await far.read({ maxCount: 100 })
    expect([result.messageCount, result.farBehind]).toEqual([8, true])
    const bytes = await filled(place, 60, 100, { ...wide, maxTransferBytesInMemory: 1000 })
    expect((await bytes.read({ maxCount: 100 })).bodyBytes).toBeLessThanOrEqual(1000)
  })

  it('passes over what does not match and says where to go on', async () => {
    const { read } = await filled(place, 40)
    const result = await read({ maxCount: 5, matchTags: (code) => code % 4 === 3 })
    expect(decoded(result).map((m) => m.queueOffset)).toEqual([3, 7, 11, 15])
    // A queue file ends here, and so does the read.
    expect(result.nextBeginOffset).toBe(16)
    const byRecord = await read({
      queueOffset: 16,
      maxCount: 2,
      matchRecord: (record) => decoded({ ...result, spans: [record] })[0]!.queueOffset % 5 === 0,
    })
    expect(decoded(byRecord).map((m) => m.queueOffset)).toEqual([20, 25])
  })

  it('looks at no more entries than allowed', async () => {
    const { read } = await filled(place, 40, 10, { maxFilterBytes: 100 })
    const result = await read({ maxCount: 2, matchTags: () => false })
    expect([result.status, result.nextBeginOffset]).toEqual(['NO_MATCHED_MESSAGE', 5])
    const wider = await read({ maxCount: 12, matchTags: () => false })
    expect(wider.nextBeginOffset).toBe(12)
  })

  it('joins records that lie one behind the other, and counts its loans', async () => {
    const { store, read } = await filled(place, 10, 10, {
      tailChunkBytes: 65_536,
      coldReadBlockBytes: 65_536,
    })
    const result = await read({})
    expect([result.messageCount, result.spans.length]).toEqual([10, 1])
    expect(store.status().heldSpans).toBe(1)
    result.release()
    result.release()
    expect(store.status().heldSpans).toBe(0)
  })
})

it('bytes on loan stay right when the tail has gone on', async () => {
  const runtime = simulatedRuntime({ seed: 2 })
  const store = await openStore(runtime, { tailBytes: 8192 })
  store.append(message({ body: Buffer.from('keep me') }))
  await runtime.advance(5)
  const result = await get(runtime, store, {})
  for (let i = 0; i < 300; i++) {
    store.append(message({ queueId: 1, body: Buffer.alloc(300, 'n') }))
    if (i % 10 === 0) await runtime.advance(5)
  }
  expect(Buffer.from(decoded(result)[0]!.body).toString()).toBe('keep me')
  result.release()
})

it('many readers of files share what is read, and reading on is read ahead', async () => {
  const runtime = simulatedRuntime({ seed: 3 })
  const config = { commitLogSegmentBytes: 65_536 }
  const first = await openStore(runtime, config)
  for (let i = 0; i < 100; i++) {
    first.append(message({ queueId: i % 10, body: Buffer.alloc(200) }))
    if (i % 20 === 0) await runtime.advance(5)
  }
  await runtime.settle(first.close())
  const store = await openStore(runtime, config)
  let reads = 0
  runtime.disk.fault = ({ kind, path }) => {
    if (kind === 'read' && path.includes('/commitlog/')) reads++
    return undefined
  }
  const { commitLogMaxOffset } = store.status()
  const results = await Promise.all(
    Array.from({ length: 10 }, (_, queueId) => get(runtime, store, { queueId })),
  )
  expect(results.map((result) => result.messageCount)).toEqual(Array<number>(10).fill(10))
  // Ten readers over the whole log; the cache holds only eight blocks, so some are read more than once.
  expect(reads).toBeLessThan((3 * commitLogMaxOffset) / 1024)
})

describe('under random use', () => {
  const operation = fc.oneof(
    { weight: 6, arbitrary: fc.record({ put: fc.nat(3), bytes: fc.nat(1500) }) },
    { weight: 3, arbitrary: fc.record({ wait: fc.nat(80) }) },
    { weight: 4, arbitrary: fc.record({ queue: fc.nat(3), at: fc.nat(1000), count: fc.nat(20) }) },
    { weight: 1, arbitrary: fc.record({ reopen: fc.constant(true) }) },
  )

  it('every read agrees with a plain list of what was put', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(operation, { minLength: 20, maxLength: 200, size: 'max' }),
        fc.nat(),
        async (steps, seed) => {
          const runtime = simulatedRuntime({ seed })
          let store = await openStore(runtime)
          const model: Buffer[][] = [[], [], [], []]
          let serial = 0
          for (const step of steps) {
            if ('put' in step) {
              const body = Buffer.alloc(step.bytes, `${serial++} `)
              const { status, queueOffset } = store.append(message({ queueId: step.put, body }))
              if (status === 'OS_PAGE_CACHE_BUSY') continue
              expect([status, queueOffset]).toEqual(['PUT_OK', model[step.put]!.length])
              model[step.put]!.push(body)
            } else if ('wait' in step) await runtime.advance(step.wait)
            else if ('reopen' in step) {
              await runtime.settle(store.close())
              store = await openStore(runtime)
            } else {
              const { queue, count } = step
              const readable = store.maxOffset('TopicTest', queue)
              expect(readable).toBeLessThanOrEqual(model[queue]!.length)
              const queueOffset = step.at % (readable + 1)
              const query = { queueId: queue, queueOffset, maxCount: count }
              const result = await get(runtime, store, query)
              if (queueOffset < readable) {
                expect(result.status).toBe('FOUND')
                expect(recordsOf(result).length).toBe(result.messageCount)
                decoded(result).forEach((m, i) => {
                  expect(m.queueOffset).toBe(queueOffset + i)
                  expect(Buffer.compare(m.body, model[queue]![queueOffset + i]!)).toBe(0)
                })
                expect(result.nextBeginOffset).toBe(queueOffset + result.messageCount)
              } else {
                expect(result.status).toBe(
                  readable === 0 ? 'NO_MESSAGE_IN_QUEUE' : 'OFFSET_OVERFLOW_ONE',
                )
              }
              result.release()
            }
          }
          await runtime.advance(3000)
          model.forEach((put, queueId) =>
            expect(store.maxOffset('TopicTest', queueId)).toBe(put.length),
          )
          expect(store.status().heldSpans).toBe(0)
          await runtime.settle(store.close())
        },
      ),
      { numRuns: 150 },
    )
  }, 120_000)
})

describe('an entry that leads to another message of the same size', () => {
  it.each([
    ['of another topic', { topic: 'TopicRest' }],
    ['of another queue', { queueId: 1 }],
    ['of its own queue', {}],
  ])('%s: it is passed over, and the others are served', async (_name, overrides) => {
    const runtime = simulatedRuntime({ seed: 1 })
    const store = await openStore(runtime)
    store.append(message({ topic: 'TopicTest', body: Buffer.from('m0') }))
    const wrong = store.append(message({ body: Buffer.from('mx'), ...overrides })).offset
    store.append(message({ body: Buffer.from('m1') }))
    store.append(message({ body: Buffer.from('m2') }))
    const count = store.queueOffset('TopicTest', 0)
    await runtime.settle(store.close())
    const path = `${ROOT}/consumequeue/TopicTest/0/00000000000000000000`
    const entries = runtime.files.readFile(path)!
    // The last but one.
    putInt64(entries, (count - 2) * 20, wrong)
    runtime.files.writeFile(path, entries)
    const opened = await openStore(runtime)
    const bodies: string[] = []
    for (let queueOffset = 0; queueOffset < count;) {
      const result = await get(runtime, opened, { queueOffset })
      bodies.push(...decoded(result).map(({ body }) => Buffer.from(body).toString()))
      queueOffset = Math.max(result.nextBeginOffset, queueOffset + 1)
      result.release()
    }
    expect(bodies).toEqual(count === 4 ? ['m0', 'mx', 'm2'] : ['m0', 'm2'])
    await runtime.settle(opened.close())
  })
})
