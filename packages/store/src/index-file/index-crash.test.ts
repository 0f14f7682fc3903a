// SPDX-License-Identifier: Apache-2.0
// Random lives of a store with crashes of both kinds: after each, the index holds every key of the log and nothing else.
import { env } from 'node:process'
import { encodeProperties, SysFlag } from '@rocketmq-ts/remoting/message'
import { simulatedRuntime, type SimulatedRuntime } from '@rocketmq-ts/runtime/simulated'
import { expect, it } from 'vitest'
import { readIndexAndLog } from '../../test/support/index-check.ts'
import { message, openStore, ROOT } from '../../test/support/store.ts'
import type { MessageStore } from '../message-store.ts'

const SHAPE = { slots: 8, entries: 40 }
const CONFIG = {
  indexSlots: SHAPE.slots,
  indexEntries: SHAPE.entries,
  deleteWhen: '',
  fileReservedMs: 0,
  cleanIntervalMs: 1000,
}

/** The log reaches the disk long after the index does. */
const SLOW_LOG = { flushIntervalMs: 50_000, consumeQueueFlushIntervalMs: 50_000 }

function expectAgreement(runtime: SimulatedRuntime, what: string): number {
  const { expected, found } = readIndexAndLog(runtime.files, ROOT, SHAPE)
  expect(found, what).toEqual(expected)
  return found.length
}

/** Appends a few messages with no, one or many keys, and lets some time pass. */
async function live(runtime: SimulatedRuntime, store: MessageStore): Promise<void> {
  const { random } = runtime
  for (let i = random.below(30); i > 0; i--) {
    const keys = Array.from({ length: random.below(4) }, () => `k${random.below(20)}`)
    const properties = {
      ...(random.below(3) === 0 ? {} : { UNIQ_KEY: `u${random.below(1e9)}` }),
      ...(keys.length === 0 ? {} : { KEYS: keys.join(' ') }),
      ...(random.below(2) === 0 ? {} : { TAGS: 'a' }),
    }
    const sysFlag = random.below(10) === 0 ? SysFlag.TRANSACTION_ROLLBACK : 0
    const body = Buffer.alloc(random.below(400), 'x')
    store.append(message({ properties: Buffer.from(encodeProperties(properties)), sysFlag, body }))
    if (random.below(4) === 0) await runtime.advance(random.below(40))
  }
  if (random.below(5) === 0) store.deleteExpiredFiles()
  const pauseMs = [0, 5, 300, 3000, 12_000, 70_000][random.below(6)] ?? 0
  await runtime.advance(pauseMs)
}

async function life(seed: number): Promise<number> {
  let runtime = simulatedRuntime({ seed })
  const config = seed % 2 === 0 ? CONFIG : { ...CONFIG, ...SLOW_LOG }
  let compared = 0
  for (let lives = 0; lives < 6; lives++) {
    const store = await openStore(runtime, config)
    for (let rounds = runtime.random.below(3); rounds >= 0; rounds--) await live(runtime, store)
    const end = runtime.random.below(3)
    if (end === 0) {
      await runtime.settle(store.close())
      compared += expectAgreement(runtime, `seed ${seed}, life ${lives}`)
    } else {
      runtime = runtime.crash(end === 1 ? 'process' : 'power')
    }
  }
  const last = await openStore(runtime, config)
  await runtime.settle(last.close())
  return compared + expectAgreement(runtime, `seed ${seed}, at the end`)
}

it('agrees with the log whatever happened', async () => {
  const { INDEX_SEED, INDEX_LIVES } = env
  const first = Number(INDEX_SEED ?? 1)
  let compared = 0
  for (let seed = first; seed < first + Number(INDEX_LIVES ?? 40); seed++) {
    compared += await life(seed)
  }
  expect(compared).toBeGreaterThan(500)
})
