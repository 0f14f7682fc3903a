// SPDX-License-Identifier: Apache-2.0
// Checks a package.json and its tsconfig.json against the arrows and against each other.

import type { Manifest, WorkspacePackage } from '@rocketmq-ts/tool-workspace/packages'
import { adviceFor, arrowTable } from './arrow-table.ts'
import type { Finding } from './findings.ts'

const SCOPE = '@rocketmq-ts/'

/** The order in which every package.json lists its fields, so that two of them can be compared by eye. */
const FIELD_ORDER = [
  'name',
  'private',
  'version',
  'description',
  'license',
  'type',
  'sideEffects',
  'repository',
  'engines',
  'bin',
  'exports',
  'files',
  'publishConfig',
  'scripts',
  'dependencies',
  'devDependencies',
]

export interface TsConfig {
  readonly references?: readonly { readonly path: string }[]
}

/** `tsconfig` is the parsed tsconfig.json that builds the package. */
export function checkManifest(
  { folder, manifest }: WorkspacePackage,
  tsconfig: TsConfig,
): Finding[] {
  const problems = [...fieldProblems(manifest)]
  if (folder.startsWith('packages/')) problems.push(...dependencyProblems(folder, manifest))
  if (manifest.private !== true) {
    problems.push(...publishingProblems(manifest))
    problems.push(...referenceProblems(manifest, tsconfig))
  }
  return problems.map((message) => ({ file: `${folder}/package.json`, line: 1, message }))
}

function fieldProblems(manifest: Manifest): string[] {
  const fields = Object.keys(manifest)
  const unknown = fields.filter((field) => !FIELD_ORDER.includes(field))
  if (unknown.length > 0) return [`unexpected fields: ${unknown.join(', ')}`]
  const ordered = FIELD_ORDER.filter((field) => fields.includes(field))
  return ordered.join() === fields.join() ? [] : [`order the fields so: ${ordered.join(', ')}`]
}

function dependencyProblems(folder: string, manifest: Manifest): string[] {
  const from = folder.slice('packages/'.length)
  const row = arrowTable[from]
  if (row === undefined) return [`add ${from} to tools/tidy/src/arrow-table.ts`]
  const ours = row.ours.map((entry) => entry.split('/')[0])
  return Object.entries(manifest.dependencies ?? {}).flatMap(([name, range]) => {
    if (!name.startsWith(SCOPE)) {
      return row.outside.includes(name) ? [] : [`${from} may not depend on ${name}`]
    }
    const to = name.slice(SCOPE.length)
    if (!ours.includes(to)) return [`broken arrow ${from} → ${to}: ${adviceFor(from, to)}`]
    return range === 'workspace:^' ? [] : [`${name} is to be 'workspace:^', not '${range}'`]
  })
}

/** What is published points at dist exactly where the workspace points at src. */
function publishingProblems({ exports = {}, bin = {}, publishConfig = {} }: Manifest): string[] {
  const compiled = (target: string): string =>
    target.replace(/^\.\/src\/(.*)\.ts$/, (_, inner: string) => `./dist/${inner}.js`)
  const same = (
    sources: Readonly<Record<string, string>>,
    published: Readonly<Record<string, string>> = {},
  ): boolean =>
    JSON.stringify(Object.entries(sources).map(([key, target]) => [key, compiled(target)])) ===
    JSON.stringify(Object.entries(published))
  const problems: string[] = []
  if (!same(exports, publishConfig.exports))
    problems.push('publishConfig.exports ≠ exports in dist')
  if (!same(bin, publishConfig.bin)) problems.push('publishConfig.bin ≠ bin in dist')
  return problems
}

/** `tsc -b` builds a package's dependencies first only if the references name them. */
function referenceProblems({ dependencies = {} }: Manifest, { references = [] }: TsConfig) {
  const wanted = Object.keys(dependencies)
    .filter((name) => name.startsWith(SCOPE))
    .map((name) => name.slice(SCOPE.length))
    .sort()
  const given = references.map(({ path }) => path.split('/').at(-1) ?? '').sort()
  if (wanted.join() === given.join()) return []
  return [`tsconfig.json references [${given.join(', ')}], dependencies are [${wanted.join(', ')}]`]
}
