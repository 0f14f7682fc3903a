// SPDX-License-Identifier: Apache-2.0
// Shows that each package is released on its own: bump one, pack all, install them elsewhere, dry-run the publishing.

import { copyFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { runStep, type Step, type StepResult } from './steps.ts'
import { buildAndPack, installInto } from './packed-packages.ts'
import { publishedPackages, readPackages, withDependants, workspaceRoot } from './packages.ts'
import { runOrThrow, runPnpm } from './run-command.ts'
import { copyWorkspace, temporaryFolder } from './workspace-copy.ts'

/** The package that is changed; it has dependants and is itself one, so both directions are seen. */
const CHANGED = '@rocketmq-ts/store'

/** Runs every step of the proof; a step that fails ends it. */
export async function proveRelease(): Promise<StepResult[]> {
  await using folder = await temporaryFolder('release')
  const copy = path.join(folder.path, 'workspace')
  const project = path.join(folder.path, 'project')
  let tarballs: string[] = []
  const steps: readonly Step[] = [
    {
      name: 'a patch bumps its package and its dependants, nothing else',
      run: () => bumpAndCompare(path.join(folder.path, 'patched'), 'patch'),
    },
    {
      name: 'a minor change bumps its package and its dependants, nothing else',
      run: () => bumpAndCompare(copy, 'minor'),
    },
    {
      name: 'every package builds and packs',
      run: async () => {
        tarballs = await buildAndPack(copy, path.join(folder.path, 'tarballs'))
        await checkContents(copy, tarballs)
      },
    },
    {
      name: 'the tarballs install into an empty project',
      run: () => installInto(project, tarballs),
    },
    { name: 'the installed packages work together', run: () => useInstalled(project) },
    { name: 'publish --dry-run is clean', run: () => publishDryRun(copy) },
  ]
  const results: StepResult[] = []
  for (const step of steps) {
    const result = await runStep(step)
    results.push(result)
    if (result.problem !== undefined) break
  }
  return results
}

/** Adds one changeset in a fresh copy, versions it, and compares what moved with the dependency graph. */
async function bumpAndCompare(copy: string, kind: 'patch' | 'minor'): Promise<void> {
  await copyWorkspace(copy)
  const before = publishedPackages(readPackages(copy))
  const expected = withDependants(before, CHANGED)
  await dropPendingChangesets(copy)
  await writeFile(
    path.join(copy, '.changeset/proof.md'),
    `---\n'${CHANGED}': ${kind}\n---\n\nProve that packages are released one by one.\n`,
  )
  await runOrThrow('changeset', ['version'], { cwd: copy })
  const after = new Map(readPackages(copy).map(({ name, manifest }) => [name, manifest.version]))
  for (const { name, manifest } of before) {
    const wanted = expected.has(name)
      ? nextVersion(manifest.version, name === CHANGED ? kind : 'patch')
      : manifest.version
    if (after.get(name) === wanted) continue
    throw new Error(`${name} went from ${manifest.version} to ${after.get(name)}, not to ${wanted}`)
  }
}

/** What already waits for the next release would bump more than the one package of the proof. */
async function dropPendingChangesets(copy: string): Promise<void> {
  await runOrThrow('git', ['rm', '--quiet', '--ignore-unmatch', '.changeset/*.md'], { cwd: copy })
}

function nextVersion(version: string, kind: 'patch' | 'minor'): string {
  const [major = 0, minor = 0, patch = 0] = version.split('.').map(Number)
  return kind === 'minor' ? `${major}.${minor + 1}.0` : `${major}.${minor}.${patch + 1}`
}

/** Each tarball has the compiled form of all it exports, the licence, and no tests. */
async function checkContents(copy: string, tarballs: readonly string[]): Promise<void> {
  const published = publishedPackages(readPackages(copy))
  if (tarballs.length !== published.length) {
    throw new Error(`packed ${tarballs.length} tarballs of ${published.length} packages`)
  }
  for (const { name, manifest } of published) {
    const base = `${name.replace('@', '').replace('/', '-')}-${manifest.version}.tgz`
    const tarball = tarballs.find((candidate) => path.basename(candidate) === base)
    if (tarball === undefined) throw new Error(`${base} was not packed`)
    const listing = await runOrThrow('tar', ['-tzf', tarball])
    const files = new Set(listing.stdout.trim().split('\n'))
    const { bin = {}, exports = {} } = manifest.publishConfig ?? {}
    for (const target of ['./LICENSE', ...Object.values(bin), ...Object.values(exports)]) {
      if (!files.has(`package/${target.slice(2)}`)) throw new Error(`${base} lacks ${target}`)
    }
    const unwanted = [...files].find((file) => /\.test\.|\.tsbuildinfo$/.test(file))
    if (unwanted !== undefined) throw new Error(`${base} contains ${unwanted}`)
  }
}

async function useInstalled(project: string): Promise<void> {
  const script = 'installed-round-trip.mjs'
  await copyFile(path.join(workspaceRoot, 'tools/workspace', script), path.join(project, script))
  await runOrThrow('node', [script], { cwd: project, timeoutMs: 60_000 })
}

/** Every line pnpm prints must be one of the two a good dry run has. */
async function publishDryRun(copy: string): Promise<void> {
  const published = publishedPackages(readPackages(copy))
  const { exitCode, output } = await runPnpm(
    ['-r', 'publish', '--dry-run', '--no-git-checks', '--access', 'public'],
    { cwd: copy },
  )
  if (exitCode !== 0) throw new Error(`pnpm publish --dry-run ended with ${exitCode}\n${output}`)
  for (const { name, manifest } of published) {
    if (output.includes(`${name}@${manifest.version}`)) continue
    throw new Error(`pnpm publish --dry-run did not offer ${name}@${manifest.version}\n${output}`)
  }
  const noise = output
    .split('\n')
    .filter((line) => /warn|err/i.test(line))
    .filter((line) => !line.includes('(dry run)') && !line.startsWith('npm warn Unknown'))
  if (noise.length > 0) throw new Error(`pnpm publish --dry-run is not clean\n${noise.join('\n')}`)
}

if (import.meta.main) {
  const results = await proveRelease()
  process.exitCode = results.some(({ problem }) => problem !== undefined) ? 1 : 0
}
