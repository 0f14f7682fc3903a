// SPDX-License-Identifier: Apache-2.0
// A simulated outside world under one seed, for tests and the simulator.
export type { DiskBehaviour, FaultHook, FileFault, FileOperation } from './sim-files.ts'
export { randomFaults, type FaultOdds } from './random-faults.ts'
export type { LinkBehaviour } from './sim-network.ts'
export { SimRandom } from './sim-random.ts'
export {
  simulatedRuntime,
  type CrashKind,
  type SimulatedOptions,
  type SimulatedRuntime,
} from './simulated-runtime.ts'
