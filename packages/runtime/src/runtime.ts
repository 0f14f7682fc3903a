// SPDX-License-Identifier: Apache-2.0
// All seams in one object, passed down from an app or a test to everything that needs the outside world.
import type { Clock } from './clock.ts'
import type { Files } from './files.ts'
import type { Host } from './host.ts'
import type { Network } from './network.ts'
import type { Random } from './random.ts'
import type { Timers } from './timers.ts'
import type { Turn } from './turn.ts'

/** Everything outside the process. Take only the parts you need: `Pick<Runtime, 'clock' | 'timers'>`. */
export interface Runtime {
  readonly clock: Clock
  readonly timers: Timers
  readonly turn: Turn
  readonly random: Random
  readonly host: Host
  readonly files: Files
  readonly network: Network
}
