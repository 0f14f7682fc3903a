// SPDX-License-Identifier: Apache-2.0
// Records what real stores make of known messages, one fixture per feature, for replays that compare every byte.

import { join } from 'node:path'
import { goldenFolders, provenanceOf, publishFolder } from './fixtures.ts'
import type { JavaRecorders } from './java.ts'

/** Records all cases; returns how many. */
export function recordReplays(java: JavaRecorders, workFolder: string): number {
  const raw = join(workFolder, 'replay-raw')
  java.run('ReplayCases', [join(workFolder, 'replay'), raw], {
    jvmArgs: [`-Duser.home=${workFolder}`],
  })
  const provenance = provenanceOf('replay', 'java/ReplayCases.java', java.javaVersion)
  return publishFolder(raw, join(goldenFolders.store, 'replay'), provenance)
}
