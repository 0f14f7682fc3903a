// SPDX-License-Identifier: Apache-2.0
// Crashes and recovers simulated stores; each failure names the seed that shows it again.
//
//   node packages/store/test/crash/main.ts [--cycles 1000] [--seed 1]
import { parseArgs } from 'node:util'
import { CYCLES_OF_A_SEED, runSeed } from './cycles.ts'

const { values } = parseArgs({
  options: {
    cycles: { type: 'string', default: '1000' },
    seed: { type: 'string', default: '1' },
  },
})
const first = Number(values.seed)
const cycles = Number(values.cycles)
const last = first + Math.ceil(cycles / CYCLES_OF_A_SEED) - 1
let failed = 0
for (let seed = first; seed <= last; seed++) {
  try {
    await runSeed(seed)
  } catch (error) {
    failed++
    console.error(`seed ${seed}:`, error)
    console.error(
      `  again with: node packages/store/test/crash/main.ts --cycles ${CYCLES_OF_A_SEED} --seed ${seed}`,
    )
  }
}
const seeds = last - first + 1
console.log(`${seeds * CYCLES_OF_A_SEED} crash cycles from the seeds ${first} to ${last}`)
console.log(`${seeds - failed} passed, ${failed} failed`)
process.exitCode = failed > 0 ? 1 : 0
