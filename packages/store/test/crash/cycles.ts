// SPDX-License-Identifier: Apache-2.0
// Crash cycles from a seed: settings, work, crash, recovery and comparison all follow from it.
import { deepStrictEqual } from 'node:assert/strict'
import {
  type CrashKind,
  type FaultOdds,
  type SimRandom,
  simulatedRuntime,
} from '@rocketmq-ts/runtime/simulated'
import { type StoreConfig, StoreError } from '../../src/index.ts'
import { isSummable } from '../../src/checksums/log-checksums.ts'
import { readIndexAndLog } from '../support/index-check.ts'
import { readLeniently } from './bit-rot.ts'
import { drawFeatures, settingsOf } from './features.ts'
import { endOf } from './model.ts'
import { StoreLife } from './store-life.ts'

/** Cycles that one seed runs, on one disk. */
export const CYCLES_OF_A_SEED = 8

const KINDS: readonly CrashKind[] = ['process', 'power']

/** Settings under which a promise could break in its own way. */
export function configOf(random: SimRandom): Partial<StoreConfig> {
  const pick = <T>(...all: readonly T[]): T => all[random.below(all.length)] as T
  return {
    flushDiskType: pick('ASYNC_FLUSH', 'SYNC_FLUSH'),
    commitLogSegmentBytes: pick(4096, 8192, 65_536),
    consumeQueueSegmentBytes: 20 * pick(3, 16, 200),
    tailBytes: pick(8 * 1024, 16 * 1024, 64 * 1024),
    tailChunkBytes: pick(1024, 2048),
    coldReadBlockBytes: pick(1024, 4096, 32_768),
    flushIntervalMs: pick(5, 20, 100),
    consumeQueueWriteIntervalMs: pick(1, 5, 40),
    consumeQueueFlushIntervalMs: pick(10, 30, 150),
    maxOpenFiles: pick(8, 64),
  }
}

function oddsOf(random: SimRandom): FaultOdds | undefined {
  if (random.below(3) > 0) return undefined
  const odds = (often: number): number => (random.once(2) ? 0 : often)
  return {
    errorOnceIn: odds(80),
    fullOnceIn: odds(120),
    stallOnceIn: odds(30),
    shortOnceIn: odds(10),
  }
}

/** Runs the cycles of one seed. @throws {Error} when a promise was broken. */
export async function runSeed(seed: number, cycles: number = CYCLES_OF_A_SEED): Promise<void> {
  const runtime = simulatedRuntime({ seed })
  const random = runtime.random.fork()
  const faults = oddsOf(random)
  const features = drawFeatures(random)
  const life = new StoreLife(runtime, {
    config: { ...configOf(random), ...settingsOf(features, random) },
    features,
    ...(faults === undefined ? {} : { faults }),
  })
  runtime.disk.evictsAfterFailedFlush = random.once(2)
  runtime.disk.writesAtOnce = random.once(2)
  for (let cycle = 0; cycle < cycles; cycle++) await runCycle(life, random)
  await life.check()
  await life.close()
  if (faults !== undefined) return
  checkIndex(life)
  // A disk that failed may have left stretches without a checksum.
  await rot(life)
}

/** The index of a stopped store has every key of the log, in its order. */
function checkIndex({ runtime, config }: StoreLife): void {
  const shape = { slots: config.indexSlots, entries: config.indexEntries }
  const { expected, found } = readIndexAndLog(runtime.files, config.rootDirectory, shape)
  deepStrictEqual(found, expected)
}

/** Flips bits of the log and of queues at rest: less may be served than was stored, but nothing else. */
async function rot(life: StoreLife): Promise<void> {
  const { random, runtime, model, config } = life
  if (!isSummable(config)) return
  for (let count = 1 + random.below(3); count > 0; count--) {
    const sent = model.log[random.below(model.log.length)]
    // The newest bytes have no checksum on disk yet.
    if (sent === undefined || endOf(sent) > (model.log.at(-1)?.offset ?? 0) - 8192) return
    const at = random.below(sent.bytes.length)
    const segment = sent.offset - (sent.offset % config.commitLogSegmentBytes)
    const path = `${config.commitLogDirectories[0]}/${String(segment).padStart(20, '0')}`
    runtime.flipBit(path, (sent.offset - segment + at) * 8 + random.below(8))
  }
  try {
    await life.open()
  } catch (error) {
    // The deep scan finds all of it.
    if (!config.deepScan || !(error instanceof StoreError)) throw error
    deepStrictEqual(error.code, 'RMQ_STORE_DAMAGED')
    life.config = { ...config, deepScan: false }
  }
  await readLeniently(life)
  await life.close()
}

async function runCycle(life: StoreLife, random: SimRandom): Promise<void> {
  const { features } = life
  const kind = KINDS[random.below(2)] ?? 'process'
  await life.check()
  // Crashes on a disk operation, near the start or anywhere; sometimes at a quiet time, or while the store closes.
  const at = 1 + random.below(random.once(2) ? 12 : 250)
  const closes = random.once(4)
  const isDead = await life.untilCrash(
    kind,
    (_operation, count) => count === at,
    async () => {
      await life.work(1 + random.below(25))
      if (features.cleans && random.once(3)) await life.clean()
      if (closes) await life.close()
    },
  )
  if (!isDead && life.store !== undefined) life.crash(kind)
  // The recovery may die as well, and the next one.
  while (random.once(3)) {
    const last = 1 + random.below(40)
    await life.untilCrash(
      KINDS[random.below(2)] ?? 'process',
      (_operation, count) => count === last,
      () => life.running(),
    )
  }
}
