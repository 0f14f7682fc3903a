// SPDX-License-Identifier: Apache-2.0
// A disk that misbehaves at random: errors that come in spells, stalls, and operations that do a part only.
import type { FaultHook, FileFault, FileOperation } from './sim-files.ts'
import type { SimRandom } from './sim-random.ts'

/** Each is "once in so many operations"; 0 is never. */
export interface FaultOdds {
  /** A spell of EIO begins: all operations of one kind fail for a while. */
  readonly errorOnceIn: number
  /** A spell of ENOSPC begins: writes and new files fail for a while, a write after a part. */
  readonly fullOnceIn: number
  /** An operation that does not hold the loop takes up to {@link STALL_MS} longer. */
  readonly stallOnceIn: number
  /** A write needs two calls. */
  readonly shortOnceIn: number
}

/** Longest stall. */
export const STALL_MS = 400
/** Most operations that one spell spoils. */
const SPELL_OPERATIONS = 12

interface Spell {
  readonly error: string
  readonly kinds: readonly FileOperation['kind'][]
  left: number
}

const FULL_KINDS: readonly FileOperation['kind'][] = ['write', 'create']
const ERROR_KINDS: readonly FileOperation['kind'][] = [
  'read',
  'write',
  'flush',
  'create',
  'truncate',
]

/** The same numbers give the same faults. `isSpared` leaves operations alone. */
export function randomFaults(
  random: SimRandom,
  odds: FaultOdds,
  isSpared: (operation: FileOperation) => boolean = () => false,
): FaultHook {
  let spell: Spell | undefined
  const happens = (onceIn: number): boolean => onceIn > 0 && random.once(onceIn)
  const spellFor = (kind: FileOperation['kind']): Spell | undefined => {
    const left = 1 + random.below(SPELL_OPERATIONS)
    if (happens(odds.fullOnceIn)) return { error: 'ENOSPC', kinds: FULL_KINDS, left }
    const isFit = happens(odds.errorOnceIn) && ERROR_KINDS.includes(kind)
    return isFit ? { error: 'EIO', kinds: [kind], left } : undefined
  }
  return (operation: FileOperation): FileFault | undefined => {
    if (isSpared(operation)) return undefined
    spell ??= spellFor(operation.kind)
    if (spell?.kinds.includes(operation.kind) === true) {
      const { error } = spell
      if (--spell.left <= 0) spell = undefined
      return { error, afterBytes: random.below(operation.byteLength + 1) }
    }
    if (happens(odds.stallOnceIn)) return { delayMs: random.below(STALL_MS) }
    const canBeShort = operation.kind === 'write' && operation.byteLength > 1
    if (canBeShort && happens(odds.shortOnceIn)) {
      return { afterBytes: 1 + random.below(operation.byteLength - 1), delayMs: random.below(5) }
    }
    return undefined
  }
}
