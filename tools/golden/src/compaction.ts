// SPDX-License-Identifier: Apache-2.0
// Records what real stores make of compaction topics, and lets them take over a store of ours and give it back.

import { spawnSync } from 'node:child_process'
import { mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { goldenFolders, provenanceOf, publishFolder } from './fixtures.ts'
import type { JavaRecorders } from './java.ts'

/** Records the files and answers before and after compactions; returns how many fixtures. */
export function recordCompaction(java: JavaRecorders, workFolder: string): number {
  const raw = join(workFolder, 'compaction-raw')
  const folder = join(workFolder, 'compaction')
  mkdirSync(folder)
  java.run('CompactionCases', ['record', folder, raw], { jvmArgs: [`-Duser.home=${folder}`] })
  const provenance = provenanceOf('compaction', 'java/CompactionCases.java', java.javaVersion)
  return publishFolder(raw, join(goldenFolders.store, 'compaction'), provenance)
}

type Answers = Readonly<Record<string, readonly unknown[]>>

/**
 * Lets our store and Java's take one folder in turn; both must read the same there. No queue ends with a message without a key: only
 * our answers count those. Returns how many answers were compared.
 */
export function compareCompaction(java: JavaRecorders, workFolder: string): number {
  const folder = join(workFolder, 'compaction-shared')
  mkdirSync(folder)
  const ours = runOurs(folder, 60, 30)
  const javas = takeOver(java, folder, workFolder)
  const again = runOurs(folder, 20, 9)
  const javasAgain = takeOver(java, folder, workFolder)
  const last = runOurs(folder, 0, 0)
  return (
    same('Java, of what we left', javas.found, ours.left) +
    same('ours, of what Java left', again.found, javas.compacted) +
    same('Java, of what we left the second time', javasAgain.found, again.left) +
    same('ours, of what Java left the second time', last.found, javasAgain.compacted)
  )
}

interface TakenOver {
  readonly found: Answers
  readonly compacted: Answers
}

function takeOver(java: JavaRecorders, folder: string, home: string): TakenOver {
  const out = join(home, 'taken-over.json')
  java.run('CompactionCases', ['takeOver', folder, out], { jvmArgs: [`-Duser.home=${home}`] })
  return JSON.parse(readFileSync(out, 'utf8')) as TakenOver
}

/** In a process of its own: recorders import no package. */
function runOurs(
  folder: string,
  before: number,
  behind: number,
): { readonly found: Answers; readonly left: Answers } {
  const script = join(goldenFolders.store, '../record-compaction.ts')
  const args = [script, folder, String(before), String(behind)]
  const run = spawnSync(process.execPath, args, { encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 })
  if (run.status !== 0) throw new Error(`${script} ended with ${run.status}:\n${run.stderr}`)
  return JSON.parse(run.stdout) as { found: Answers; left: Answers }
}

function same(what: string, found: Answers, expected: Answers): number {
  let count = 0
  for (const [queueId, answers] of Object.entries(expected)) {
    for (const [index, answer] of answers.entries()) {
      const other = found[queueId]?.[index]
      count++
      if (isDeepStrictEqual(other, answer)) continue
      const [read, wanted] = [JSON.stringify(other), JSON.stringify(answer)]
      throw new Error(`${what}: queue ${queueId}: read ${read}, not ${wanted}`)
    }
  }
  return count
}
