// SPDX-License-Identifier: Apache-2.0
// Turns the raw output of a recorder into fixture files with provenance.

import { mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import { formatJson } from './format-json.ts'
import { ROCKETMQ_VERSION } from './rocketmq-jars.ts'

const repositoryRoot = resolve(import.meta.dirname, '../../..')

/** The packages whose own scripts are run. */
export const packageRoots = { remoting: join(repositoryRoot, 'packages/remoting') } as const

/** The folders that fixtures are written to. */
export const goldenFolders = {
  acl: join(repositoryRoot, 'packages/acl/test/golden'),
  remoting: join(repositoryRoot, 'packages/remoting/test/golden'),
  store: join(repositoryRoot, 'packages/store/test/golden'),
} as const

/** Where a fixture comes from; the first member of every fixture file. */
export interface Provenance {
  readonly rocketmq: string
  readonly java: string
  readonly recorder: string
  readonly command: string
}

/** Describes what `recorder` made when asked for `what`. */
export function provenanceOf(what: string, recorder: string, javaVersion: string): Provenance {
  return {
    rocketmq: ROCKETMQ_VERSION,
    java: javaVersion,
    recorder: `tools/golden/${recorder}`,
    command: `node tools/golden/src/main.ts ${what}`,
  }
}

/** Writes one fixture file. */
export function writeFixture(file: string, provenance: Provenance, content: object): void {
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, formatJson({ provenance, ...content }) + '\n')
}

/** Replaces the fixture files in `targetFolder` by those a recorder left in `rawFolder`. */
export function publishFolder(
  rawFolder: string,
  targetFolder: string,
  provenance: Provenance,
): number {
  rmSync(targetFolder, { recursive: true, force: true })
  const names = readdirSync(rawFolder).filter((name) => name.endsWith('.json'))
  for (const name of names) publishFile(join(rawFolder, name), targetFolder, provenance)
  return names.length
}

/** Copies one file a recorder wrote into `targetFolder`, with provenance. */
export function publishFile(rawFile: string, targetFolder: string, provenance: Provenance): void {
  const content: unknown = JSON.parse(readFileSync(rawFile, 'utf8'))
  if (typeof content !== 'object' || content === null) {
    throw new Error(`the recorder wrote no object into ${rawFile}`)
  }
  writeFixture(join(targetFolder, basename(rawFile)), provenance, content)
}
