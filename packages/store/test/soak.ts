// SPDX-License-Identifier: Apache-2.0
// Crashes and recovers simulated stores for as long as wanted; each failure names the seed that shows it again.
//
//   node packages/store/test/soak.ts [--seeds 1000] [--from 1] [--lives 6]
import { parseArgs } from 'node:util'
import { simulatedRuntime } from '@rocketmq-ts/runtime/simulated'
import { ALL_SETTINGS, severalLives } from './support/crash.ts'

const { values } = parseArgs({
  options: {
    seeds: { type: 'string', default: '1000' },
    from: { type: 'string', default: '1' },
    lives: { type: 'string', default: '6' },
  },
})
const from = Number(values.from)
const to = from + Number(values.seeds)
let failures = 0
for (let seed = from; seed < to; seed++) {
  const settings = ALL_SETTINGS[seed % ALL_SETTINGS.length]
  if (settings === undefined) continue
  try {
    await severalLives(simulatedRuntime({ seed }), settings, Number(values.lives))
  } catch (error) {
    failures++
    console.error(`seed ${seed}, ${settings.flushDiskType}, ${settings.kind} crashes:`, error)
    console.error(`  node packages/store/test/soak.ts --from ${seed} --seeds 1`)
  }
}
console.log(`${to - from} seeds of ${values.lives} lives, ${failures} failed`)
process.exitCode = failures > 0 ? 1 : 0
