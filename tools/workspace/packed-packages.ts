// SPDX-License-Identifier: Apache-2.0
// Builds and packs every published package, and installs the tarballs into an empty project.

import { mkdir, readdir, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { runOrThrow, runPnpm } from './run-command.ts'

/** What is published lives in these groups; tools do not leave the workspace. */
const published = ['--filter', './packages/*', '--filter', './apps/*']

/** Compiles a workspace copy and packs each published package. Returns the paths of the tarballs, sorted. */
export async function buildAndPack(copy: string, tarballFolder: string): Promise<string[]> {
  await runOrThrow('tsc', ['-b'], { cwd: copy })
  await mkdir(tarballFolder, { recursive: true })
  const packed = await runPnpm(['-r', ...published, 'pack', '--pack-destination', tarballFolder], {
    cwd: copy,
  })
  if (packed.exitCode !== 0) throw new Error(`pnpm -r pack failed\n${packed.output}`)
  return (await readdir(tarballFolder))
    .filter((name) => name.endsWith('.tgz'))
    .map((name) => path.join(tarballFolder, name))
    .sort()
}

/** Installs tarballs with npm, as a user would: into a project that knows nothing of this workspace. */
export async function installInto(project: string, tarballs: readonly string[]): Promise<void> {
  await mkdir(project, { recursive: true })
  const manifest = { name: 'empty-project', private: true, type: 'module' }
  await writeFile(path.join(project, 'package.json'), JSON.stringify(manifest))
  const flags = ['--no-audit', '--no-fund', '--prefer-offline', '--loglevel=error']
  await runOrThrow('npm', ['install', ...flags, ...tarballs], { cwd: project })
}
