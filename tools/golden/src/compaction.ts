// SPDX-License-Identifier: Apache-2.0
// Records what real stores make of compaction topics, and lets one take over a store of ours.

import { mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
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

/** Lets Java read, go on with and compact the store in `folder`; returns what it found each time. */
export function takeOverCompaction(java: JavaRecorders, folder: string, home: string): unknown {
  const out = join(home, 'taken-over.json')
  java.run('CompactionCases', ['takeOver', folder, out], { jvmArgs: [`-Duser.home=${home}`] })
  return JSON.parse(readFileSync(out, 'utf8'))
}
