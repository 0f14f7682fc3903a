// SPDX-License-Identifier: Apache-2.0
// Randomness from the operating system.
import { randomBytes, randomInt } from 'node:crypto'
import type { Random } from '../random.ts'

/** Cryptographically strong for bytes; whole numbers below 2^32 come from the engine's generator because they only spread load. */
export const nodeRandom: Random = {
  below: (bound) => (bound <= 2 ** 32 ? Math.floor(Math.random() * bound) : randomInt(bound)),
  bytes: (length) => randomBytes(length),
}
