// SPDX-License-Identifier: Apache-2.0
// The scenarios of the store: in this process, without Java, each beside the bare calls of the system.

import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Figures, ours, raw, type StoreBench } from '../options.ts'
import { table } from '../report.ts'
import { runAppendScenario } from './store-append.ts'
import { runIndexScenario } from './store-index.ts'
import { runReadScenario } from './store-read.ts'
import { runRecoveryScenario } from './store-recovery.ts'
import { runSyncScenario } from './store-sync.ts'
import { checkTargets } from './store-targets.ts'

type Scenario = (bench: StoreBench, figures: Figures) => Promise<void>

const scenarios: Readonly<Record<string, Scenario>> = {
  'store-append': runAppendScenario,
  'store-sync': runSyncScenario,
  'store-read': runReadScenario,
  'store-recovery': runRecoveryScenario,
  'store-index': runIndexScenario,
}

/** Rounds of the short form. */
const checkRuns = 5

export const storeScenarios: readonly string[] = Object.keys(scenarios)

/** Runs scenarios and prints their figures. */
export async function runStoreScenarios(names: readonly string[], runs: number): Promise<void> {
  const figures = new Figures()
  await withScratch(async (scratch) => {
    for (const name of names) await scenarios[name]?.({ runs, scratch }, figures)
  })
  console.log(`\nmin/median/max of ${runs} alternating runs; the ratio is that of the medians`)
  console.log(table(figures.all, [ours, raw]))
}

/** The short form: returns the exit code. */
export async function checkStoreTargets(): Promise<number> {
  const missed = await withScratch((scratch) => checkTargets({ runs: checkRuns, scratch }))
  return missed === 0 ? 0 : 1
}

async function withScratch<T>(work: (scratch: string) => Promise<T>): Promise<T> {
  const scratch = await mkdtemp(join(tmpdir(), 'rocketmq-bench-'))
  try {
    return await work(scratch)
  } finally {
    await rm(scratch, { recursive: true, force: true })
  }
}
