// SPDX-License-Identifier: Apache-2.0
// Reads every source file and manifest once, and prints what breaks the conventions.

import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { readPackages, workspaceRoot } from '@rocketmq-ts/tool-workspace/packages'
import { runOrThrow } from '@rocketmq-ts/tool-workspace/run-command'
import { checkArrows } from './check-arrows.ts'
import { checkManifest, type TsConfig } from './check-manifest.ts'
import { checkSource } from './check-source.ts'
import { formatFinding, type Finding } from './findings.ts'
import { splitSource } from './source-text.ts'

const listing = await runOrThrow('git', [
  'ls-files',
  '-z',
  '--cached',
  '--others',
  '--exclude-standard',
  '*.ts',
  '*.mjs',
])
const files = listing.stdout
  .split('\0')
  .filter((file) => file !== '' && existsSync(path.join(workspaceRoot, file)))

const findings: Finding[] = []
for (const file of files) {
  const text = readFileSync(path.join(workspaceRoot, file), 'utf8')
  findings.push(...checkSource(file, text), ...checkArrows(file, text))
}
const packages = readPackages(workspaceRoot)
for (const workspacePackage of packages) {
  findings.push(...checkManifest(workspacePackage, readTsConfig(workspacePackage.folder)))
}

/** A tsconfig.json may have comments. */
function readTsConfig(folder: string): TsConfig {
  const text = readFileSync(path.join(workspaceRoot, folder, 'tsconfig.json'), 'utf8')
  return JSON.parse(splitSource(text).code) as TsConfig
}

for (const finding of findings) console.log(formatFinding(finding))
console.log(
  `tidy: ${files.length} files and ${packages.length} manifests read, ${findings.length} findings`,
)
process.exitCode = findings.length === 0 ? 0 : 1
