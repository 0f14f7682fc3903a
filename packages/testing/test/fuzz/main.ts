// SPDX-License-Identifier: Apache-2.0
// Sends spoiled frames to readers and running servers; each failure names the seed that shows it again.
//
//   node packages/testing/test/fuzz/main.ts [--frames 50000] [--seed 1]
import { parseArgs } from 'node:util'
import { fuzz } from './fuzz.ts'

const { values } = parseArgs({
  options: {
    frames: { type: 'string', default: '50000' },
    seed: { type: 'string', default: '1' },
  },
})
const report = await fuzz({
  frames: Number(values.frames),
  seed: Number(values.seed),
  say: (line) => console.log(line),
})
const { failures, outcomes } = report
console.log(
  `${outcomes.frames} frames on ${outcomes.connections} connections: ${outcomes.answers} answers, ${outcomes.closed} closed; ` +
    `${outcomes.read} headers, ${outcomes.records} records and ${outcomes.bodies} bodies read; slowest ${outcomes.slowestMs.toFixed(0)} ms`,
)
console.log(`${report.passed} passed, ${failures.length} failed`)
process.exitCode = failures.length > 0 ? 1 : 0
