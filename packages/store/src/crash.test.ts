// SPDX-License-Identifier: Apache-2.0
// Crashes by name, crashes at every disk operation, and random lives: nothing promised is lost, nothing is altered.
import { type FileOperation, simulatedRuntime } from '@rocketmq-ts/runtime/simulated'
import { describe, expect, it } from 'vitest'
import { ALL_SETTINGS, CrashTest, severalLives } from '../test/support/crash.ts'

/** Many lives in one test: slow machines get their time. */
const LONG = { timeout: 120_000 }

type Pick = (operation: FileOperation) => boolean

const isLog = ({ path }: FileOperation): boolean => path.includes('/commitlog')
const isQueue = ({ path }: FileOperation): boolean => path.includes('/consumequeue')
const isCheckpoint = ({ path }: FileOperation): boolean => path.endsWith('/checkpoint')

/** Each dies on the n-th operation of its kind. */
const CASES: readonly (readonly [name: string, nth: number, pick: Pick])[] = [
  ['on the first write to the log', 1, (o) => isLog(o) && o.kind === 'write'],
  ['on a later write to the log', 7, (o) => isLog(o) && o.kind === 'write'],
  ['on making the first segment', 1, (o) => isLog(o) && o.kind === 'create'],
  ['on making the second segment', 2, (o) => isLog(o) && o.kind === 'create'],
  ['on giving the second segment its length', 2, (o) => isLog(o) && o.kind === 'truncate'],
  ['on flushing the log directory', 2, (o) => isLog(o) && o.kind === 'flush-directory'],
  [
    'on the first write to the second segment',
    1,
    (o) => o.kind === 'write' && o.path.endsWith('/00000000000000004096'),
  ],
  ['on the first flush of the log', 1, (o) => isLog(o) && o.kind === 'flush'],
  ['on a later flush of the log', 4, (o) => isLog(o) && o.kind === 'flush'],
  ['on making a queue file', 1, (o) => isQueue(o) && o.kind === 'create'],
  ['on the first write of queue entries', 1, (o) => isQueue(o) && o.kind === 'write'],
  ['on a later write of queue entries', 9, (o) => isQueue(o) && o.kind === 'write'],
  [
    'on making the second file of a queue',
    1,
    (o) => isQueue(o) && o.kind === 'create' && !o.path.endsWith('/00000000000000000000'),
  ],
  ['on the first flush of a queue', 1, (o) => isQueue(o) && o.kind === 'flush'],
  ['between two flushes of queues', 3, (o) => isQueue(o) && o.kind === 'flush'],
  ['on flushing a queue directory', 1, (o) => isQueue(o) && o.kind === 'flush-directory'],
  ['on making the checkpoint', 1, (o) => isCheckpoint(o) && o.kind === 'create'],
  ['on the first write of the checkpoint', 1, (o) => isCheckpoint(o) && o.kind === 'write'],
  ['on flushing the checkpoint', 1, (o) => isCheckpoint(o) && o.kind === 'flush'],
  ['on moving the checkpoint', 2, (o) => isCheckpoint(o) && o.kind === 'write'],
]

describe.each(ALL_SETTINGS)('$flushDiskType, $kind crash', (settings) => {
  it.each(CASES)('%s', LONG, async (_name, nth, pick) => {
    for (let seed = 1; seed <= 3; seed++) {
      const test = new CrashTest(simulatedRuntime({ seed }), settings)
      let seen = 0
      const hasCrashed = await test.untilCrash(
        (operation) => pick(operation) && ++seen === nth,
        async () => test.load(await test.open(), 60),
      )
      expect(hasCrashed).toBe(true)
      await test.check(await test.open())
      await test.load(test.store!, 5)
      await test.runtime.advance(100)
      await test.check(test.store!)
    }
  })

  it(
    'on every operation of a short life, and then on every operation of the recovery',
    LONG,
    async () => {
      const countOf = async (): Promise<number> => {
        const test = new CrashTest(simulatedRuntime({ seed: 11 }), settings)
        await test.untilCrash(
          () => false,
          async () => test.load(await test.open(), 14),
        )
        return test.operations
      }
      const total = await countOf()
      expect(total).toBeGreaterThan(60)
      for (let at = 1; at <= total; at++) {
        const test = new CrashTest(simulatedRuntime({ seed: 11 }), settings)
        await test.untilCrash(
          (_operation, count) => count === at,
          async () => test.load(await test.open(), 14),
        )
        // The first recovery dies as well, each time a little later.
        const last = test.operations + 1 + (at % 9)
        await test.untilCrash(
          (_operation, count) => count === last,
          () => test.open(),
        )
        await test.check(test.store ?? (await test.open()))
      }
    },
  )

  it('while closing', LONG, async () => {
    for (let at = 1; at <= 24; at++) {
      const test = new CrashTest(simulatedRuntime({ seed: at }), settings)
      const store = await test.open()
      await test.load(store, 10)
      test.operations = 0
      await test.untilCrash(
        (_operation, count) => count === at,
        () => test.runtime.settle(store.close()),
      )
      await test.check(await test.open())
    }
  })

  it('again and again on the same disk', LONG, async () => {
    for (let seed = 100; seed < 112; seed++) {
      await severalLives(simulatedRuntime({ seed }), settings, 6)
    }
  })
})
