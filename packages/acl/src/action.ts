// SPDX-License-Identifier: Apache-2.0
// What may be done to a resource, as names and as bits.
import { nameOf } from './user.ts'

/** Java's names of actions on the wire. */
export type Action =
  'Unknown' | 'All' | 'Any' | 'Pub' | 'Sub' | 'Create' | 'Update' | 'Delete' | 'Get' | 'List'

const actions: readonly Action[] = [
  'Unknown',
  'All',
  'Any',
  'Pub',
  'Sub',
  'Create',
  'Update',
  'Delete',
  'Get',
  'List',
]

const ALL = 1 << 1
const ANY = 1 << 2

/** The action of that name in any case; undefined when there is none. */
export function actionOf(name: string): Action | undefined {
  return nameOf(actions, name)
}

/** One bit per action. */
export function actionBits(names: readonly Action[]): number {
  let bits = 0
  for (const name of names) bits |= 1 << actions.indexOf(name)
  return bits
}

/** Whether an entry that names `granted` speaks of a request that needs one of `wanted`. @see PolicyEntry.isMatchAction */
export function matchesActions(granted: number, wanted: number): boolean {
  if (granted === 0) return false
  return (wanted & ANY) !== 0 || (granted & ALL) !== 0 || (granted & wanted) !== 0
}
