// SPDX-License-Identifier: Apache-2.0
// A throw-away copy of the workspace's published part, in which versions may be bumped and packages built.

import { cp, mkdir, mkdtemp, readlink, rm, symlink } from 'node:fs/promises'
import { existsSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { publishedPackages, readManifest, readPackages, workspaceRoot } from './packages.ts'
import { runOrThrow } from './run-command.ts'

export interface TemporaryFolder extends AsyncDisposable {
  readonly path: string
}

/** Makes an empty folder that is deleted when its scope ends. */
export async function temporaryFolder(name: string): Promise<TemporaryFolder> {
  const folder = await mkdtemp(path.join(tmpdir(), `rocketmq-ts-${name}-`))
  return {
    path: folder,
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  }
}

/**
 * Copies what git knows of the root files and the published packages, commits it there, and links the installed
 * dependencies: outside packages to the originals, our own packages to each other within the copy.
 */
export async function copyWorkspace(target: string): Promise<void> {
  const listed = await runOrThrow('git', [
    'ls-files',
    '-z',
    '--cached',
    '--others',
    '--exclude-standard',
  ])
  const published = publishedPackages(readPackages(workspaceRoot)).map(({ folder }) => folder)
  const files = listed.stdout
    .split('\0')
    .filter((file) => file !== '' && existsSync(path.join(workspaceRoot, file)))
    .filter((file) => isRootFile(file) || published.some((folder) => file.startsWith(`${folder}/`)))
  for (const file of files) {
    await mkdir(path.dirname(path.join(target, file)), { recursive: true })
    await cp(path.join(workspaceRoot, file), path.join(target, file), { verbatimSymlinks: true })
  }
  await symlink(path.join(workspaceRoot, 'node_modules'), path.join(target, 'node_modules'))
  for (const folder of published) await linkDependencies(folder, target)
  await commitEverything(target)
}

function isRootFile(file: string): boolean {
  return !file.includes('/') || file.startsWith('.changeset/')
}

/** Rebuilds a package's node_modules: pnpm's links are relative, so those between our packages stay in the copy. */
async function linkDependencies(folder: string, target: string): Promise<void> {
  const { dependencies, devDependencies } = readManifest(path.join(workspaceRoot, folder))
  for (const name of Object.keys({ ...dependencies, ...devDependencies })) {
    const link = path.join(folder, 'node_modules', name)
    await mkdir(path.dirname(path.join(target, link)), { recursive: true })
    await symlink(await readlink(path.join(workspaceRoot, link)), path.join(target, link))
  }
}

/** `changeset version` asks git where it is; the copy needs a history of its own. */
async function commitEverything(target: string): Promise<void> {
  const identity = ['-c', 'user.name=release proof', '-c', 'user.email=release-proof@localhost']
  await runOrThrow('git', ['init', '--quiet', '--initial-branch', 'main'], { cwd: target })
  await runOrThrow('git', ['add', '--all'], { cwd: target })
  await runOrThrow('git', [...identity, 'commit', '--quiet', '--message', 'Copy.'], { cwd: target })
}
