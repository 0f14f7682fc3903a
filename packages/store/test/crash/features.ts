// SPDX-License-Identifier: Apache-2.0
// What a random life makes use of beside plain messages; each seed draws its own.
import type { SimRandom } from '@rocketmq-ts/runtime/simulated'
import type { StoreConfig } from '../../src/index.ts'

export interface Features {
  /** Messages go to light queues as well. */
  readonly light: boolean
  /** One topic has queues of batches. */
  readonly batches: boolean
  /** Entries have units. */
  readonly units: boolean
  /** Messages are acknowledged from memory. */
  readonly pool: boolean
  /** Some messages wait for a replica, and readers are held back. */
  readonly replicates: boolean
  /** Some records come raw, as from a master. */
  readonly raw: boolean
  /** The log is cut now and then. */
  readonly cuts: boolean
  /** Old files of the log go. */
  readonly cleans: boolean
  /** Every start checks the whole log. */
  readonly scans: boolean
}

export const NO_FEATURES: Features = {
  ...{ light: false, batches: false, units: false, pool: false, replicates: false },
  ...{ raw: false, cuts: false, cleans: false, scans: false },
}

export function drawFeatures(random: SimRandom): Features {
  const isDrawn = (): boolean => random.below(3) === 0
  return {
    light: isDrawn(),
    batches: isDrawn(),
    units: isDrawn(),
    pool: random.once(6),
    replicates: isDrawn(),
    raw: isDrawn(),
    cuts: isDrawn(),
    cleans: isDrawn(),
    scans: random.once(6),
  }
}

/** The settings that go with them. */
export function settingsOf(features: Features, random: SimRandom): Partial<StoreConfig> {
  const { light, units, pool, cleans, scans } = features
  return {
    lmqEnabled: light,
    consumeQueueExtEnabled: units,
    consumeQueueExtSegmentBytes: random.once(2) ? 64 : 400,
    batchConsumeQueueSegmentBytes: 46 * (random.once(2) ? 3 : 50),
    acknowledgeFromMemory: pool,
    commitIntervalMs: 1 + random.below(60),
    deepScan: scans,
    ...(cleans
      ? { deleteWhen: '', fileReservedMs: random.below(2) * 200, cleanIntervalMs: 500 }
      : {}),
    deleteLogFileIntervalMs: random.below(2) * 20,
  }
}
