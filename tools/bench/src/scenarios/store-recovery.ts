// SPDX-License-Identifier: Apache-2.0
// Scenario: how long a store takes to open when it was closed, when it was killed, and when only its log is left, by the log's size.

import { spawnSync } from 'node:child_process'
import { closeSync, openSync, readdirSync, readSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import process from 'node:process'
import { fileURLToPath } from 'node:url'
import { type Figures, ours, raw, type StoreBench } from '../options.ts'
import { short } from '../statistics.ts'
import { inFolder, openStore } from './store-setup.ts'

const gibibyte = 2 ** 30
const scenario = 'store-recovery'

export async function runRecoveryScenario(bench: StoreBench, figures: Figures): Promise<void> {
  console.log('\n== store-recovery: milliseconds until the store is open')
  await measureRecovery(bench, [0.25, 1, 4], figures)
}

/** `sizes` in GiB, rising: the same store grows. `rebuilds` measures also what a log without anything else takes. */
export async function measureRecovery(
  bench: StoreBench,
  sizes: readonly number[],
  figures: Figures,
  rebuilds: boolean = true,
): Promise<void> {
  await inFolder(bench.scratch, async (folder) => {
    for (const size of sizes) {
      const logBytes = size * gibibyte
      for (let run = 0; run < bench.runs; run++) {
        growAndKill(folder, logBytes)
        note(figures, size, 'after a kill', await openMs(folder))
        note(figures, size, 'after a clean stop', await openMs(folder))
      }
      if (!rebuilds) continue
      growAndKill(folder, logBytes)
      rmSync(join(folder, 'consumequeue'), { recursive: true })
      rmSync(join(folder, 'checkpoint'))
      note(figures, size, 'rebuilt from the log alone', await openMs(folder))
      const what = `${size} GiB, rebuilt from the log alone`
      figures.add(raw, { scenario, what, unit: 'ms', better: 'less' }, readAllMs(folder))
    }
  })
}

function note(figures: Figures, size: number, how: string, ms: number): void {
  figures.add(ours, { scenario, what: `${size} GiB, ${how}`, unit: 'ms', better: 'less' }, ms)
  console.log(`  ${size} GiB, ${how}: ${short(ms)} ms`)
}

/** In a process of its own, because it dies on the spot. */
function growAndKill(folder: string, logBytes: number): void {
  const script = fileURLToPath(import.meta.resolve('./store-victim.ts'))
  const { signal, stderr } = spawnSync(process.execPath, [script, folder, String(logBytes)])
  if (signal !== 'SIGKILL') throw new Error(`the store could not be filled: ${String(stderr)}`)
}

async function openMs(folder: string): Promise<number> {
  const startedMs = performance.now()
  const store = await openStore(folder, { indexEnabled: false })
  const tookMs = performance.now() - startedMs
  await store.close()
  return tookMs
}

/** Reads the log from its start to its end. */
function readAllMs(folder: string): number {
  const into = Buffer.alloc(1024 * 1024)
  const startedMs = performance.now()
  for (const segment of readdirSync(join(folder, 'commitlog'))) {
    const descriptor = openSync(join(folder, 'commitlog', segment), 'r')
    for (let at = 0; readSync(descriptor, into, 0, into.length, at) > 0;) at += into.length
    closeSync(descriptor)
  }
  return performance.now() - startedMs
}
