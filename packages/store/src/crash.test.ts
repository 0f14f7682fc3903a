// SPDX-License-Identifier: Apache-2.0
// Crashes by name, crashes at every disk operation, and random lives: nothing promised is lost, nothing is altered.
import { describe, expect, it } from 'vitest'
import { CASES, type CrashCase } from '../test/crash/cases.ts'
import { runSeed } from '../test/crash/cycles.ts'
import { StoreLife } from '../test/crash/store-life.ts'
import { type CrashKind, simulatedRuntime } from '@rocketmq-ts/runtime/simulated'

/** Many lives in one test: slow machines get their time. */
const LONG = { timeout: 120_000 }

const FLUSH_TYPES = ['ASYNC_FLUSH', 'SYNC_FLUSH'] as const
const KINDS: readonly CrashKind[] = ['process', 'power']

describe.each(FLUSH_TYPES)('%s', (flushDiskType) => {
  const lifeOf = (seed: number): StoreLife =>
    new StoreLife(simulatedRuntime({ seed }), { config: { flushDiskType } })

  it.each(CASES)('$name: $outcome', LONG, async ({ seeds, run }: CrashCase) => {
    for (let seed = 1; seed <= seeds; seed++) {
      const life = lifeOf(seed)
      await run(life)
      await life.check()
      // The store goes on from there, and closes in order.
      await life.work(4)
      await life.runtime.advance(100)
      await life.check()
      await life.close()
      await life.check()
      await life.close()
    }
  })

  it.each(KINDS)(
    'a %s crash on every operation of a short life, and then on operations of the recovery',
    LONG,
    async (kind) => {
      const lived = lifeOf(11)
      await lived.untilCrash(
        kind,
        () => false,
        () => lived.work(14),
      )
      const total = lived.operations
      expect(total).toBeGreaterThan(60)
      for (let at = 1; at <= total; at++) {
        const life = lifeOf(11)
        await life.untilCrash(
          kind,
          (_operation, count) => count === at,
          () => life.work(14),
        )
        // The first recovery dies as well, each time a little later.
        await life.untilCrash(
          kind,
          (_operation, count) => count === 1 + (at % 17),
          () => life.running(),
        )
        await life.check()
      }
    },
  )

  it.each(KINDS)('a %s crash on every operation of a stop', LONG, async (kind) => {
    let isDead = true
    for (let at = 1; isDead; at++) {
      const life = lifeOf(at)
      await life.work(10)
      isDead = await life.untilCrash(
        kind,
        (_operation, count) => count === at,
        () => life.close(),
      )
      await life.check()
      if (!isDead) expect(at).toBeGreaterThan(8)
    }
  })
})

it('random lives with random settings and faults', LONG, async () => {
  for (let seed = 1; seed <= 12; seed++) await runSeed(seed)
})
