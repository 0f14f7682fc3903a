// SPDX-License-Identifier: Apache-2.0
// `npm test`: runs every lane that needs nothing but Node, and closes with one line of totals.

import { readFile, rm } from 'node:fs/promises'
import path from 'node:path'
import { checkDocExamples } from './doc-examples.ts'
import { workspaceRoot } from './packages.ts'
import { proveRelease } from './release-proof.ts'
import { runCommand, runOrThrow } from './run-command.ts'
import { closeWithTotals, runStep, type StepResult } from './steps.ts'

interface Totals {
  readonly passed: number
  readonly failed: number
}

interface Lane {
  readonly title: string
  readonly run: () => Promise<Totals>
}

const lanes: readonly Lane[] = [
  { title: 'Tests', run: runTests },
  { title: 'Examples in the documentation', run: async () => countSteps(await checkDocExamples()) },
  { title: 'Generated files', run: async () => countSteps([await checkGenerated()]) },
  { title: 'Independent release', run: async () => countSteps(await proveRelease()) },
]

/** The part of vitest's JSON report that is counted. */
interface VitestReport {
  readonly numPassedTests: number
  readonly numFailedTests: number
  readonly testResults: readonly {
    readonly status: string
    readonly assertionResults: readonly { readonly status: string }[]
  }[]
}

async function runTests(): Promise<Totals> {
  const reportPath = path.join(workspaceRoot, '.cache/vitest-report.json')
  await rm(reportPath, { force: true })
  const { exitCode } = await runCommand(
    'vitest',
    ['run', '--reporter=default', '--reporter=json', `--outputFile.json=${reportPath}`],
    { show: true },
  )
  let report: VitestReport
  try {
    report = JSON.parse(await readFile(reportPath, 'utf8')) as VitestReport
  } catch {
    return { passed: 0, failed: 1 }
  }
  // A file that could not be loaded has no failing test in it, yet it failed.
  const brokenFiles = report.testResults.filter(
    ({ status, assertionResults }) =>
      status === 'failed' && !assertionResults.some((result) => result.status === 'failed'),
  ).length
  const failed = report.numFailedTests + brokenFiles
  // An error outside of every test (an unhandled rejection) shows in the exit code alone.
  return { passed: report.numPassedTests, failed: failed === 0 && exitCode !== 0 ? 1 : failed }
}

function checkGenerated(): Promise<StepResult> {
  return runStep({
    name: 'every generated file is current',
    run: async () => {
      await runOrThrow('node', ['tools/codegen/src/main.ts', '--check'])
    },
  })
}

function countSteps(results: readonly StepResult[]): Totals {
  const failed = results.filter(({ problem }) => problem !== undefined).length
  return { passed: results.length - failed, failed }
}

let passed = 0
let failed = 0
for (const lane of lanes) {
  console.log(`\n── ${lane.title}`)
  const totals = await lane.run()
  passed += totals.passed
  failed += totals.failed
}
console.log('')
closeWithTotals(passed, failed)
