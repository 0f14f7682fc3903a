// SPDX-License-Identifier: Apache-2.0
// The real outside world: the only files of the workspace's packages that touch Node's own modules.
import type { Runtime } from '../runtime.ts'
import { nodeClock } from './clock.ts'
import { createNodeFiles, type WriteMode } from './files.ts'
import { nodeHost } from './host.ts'
import { nodeNetwork } from './network.ts'
import { nodeRandom } from './random.ts'
import { nodeTimers } from './timers.ts'
import { createNodeTurn } from './turn.ts'

export type { WriteMode } from './files.ts'
export { selfSignedCertificate } from './self-signed.ts'

export interface NodeRuntimeOptions {
  /** Where log writes run: `loop` (default) or `pool`. */
  readonly writeMode?: WriteMode
}

/** The seams on this process and this machine. */
export function nodeRuntime(options: NodeRuntimeOptions = {}): Runtime {
  return {
    clock: nodeClock,
    timers: nodeTimers,
    turn: createNodeTurn(),
    random: nodeRandom,
    host: nodeHost,
    files: createNodeFiles(options.writeMode ?? 'loop'),
    network: nodeNetwork,
  }
}
