// SPDX-License-Identifier: Apache-2.0
// Lints each packed tarball, and compiles against all of them where nothing else is installed.

import { symlink, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { buildAndPack, installInto } from './packed-packages.ts'
import { publishedPackages, readPackages, workspaceRoot } from './packages.ts'
import { runCommand, runOrThrow } from './run-command.ts'
import { copyWorkspace, temporaryFolder } from './workspace-copy.ts'

/** @throws {Error} with what is wrong with which package. */
export async function lintPackages(): Promise<void> {
  await using folder = await temporaryFolder('package-lint')
  const copy = path.join(folder.path, 'workspace')
  await copyWorkspace(copy)
  const tarballs = await buildAndPack(copy, path.join(folder.path, 'tarballs'))
  const problems: string[] = []
  for (const tarball of tarballs) {
    problems.push(...(await lintTarball(tarball, !isCommand(copy, tarball))))
  }
  if (problems.length > 0) throw new Error(problems.join('\n'))
  await compileAgainst(path.join(folder.path, 'project'), copy, tarballs)
}

/** An app is a command, not a module: it exports no types. */
function isCommand(copy: string, tarball: string): boolean {
  return publishedPackages(readPackages(copy)).some(
    ({ name, manifest }) =>
      manifest.bin !== undefined &&
      path.basename(tarball) ===
        `${name.replace('@', '').replace('/', '-')}-${manifest.version}.tgz`,
  )
}

async function lintTarball(tarball: string, hasTypes: boolean): Promise<string[]> {
  const env = { NO_COLOR: '1', FORCE_COLOR: '0' }
  const runs = [runCommand('publint', ['run', tarball, '--strict'], { env })]
  if (hasTypes) {
    const flags = ['--profile', 'esm-only', '--no-color', '--no-emoji']
    runs.push(runCommand('attw', [tarball, ...flags], { env }))
  }
  return (await Promise.all(runs))
    .filter(({ exitCode }) => exitCode !== 0)
    .map(({ output }) => `${path.basename(tarball)}\n${output}`)
}

/** A user's strict project imports every entry, and the compiler reads our declarations too. */
async function compileAgainst(
  project: string,
  copy: string,
  tarballs: readonly string[],
): Promise<void> {
  await installInto(project, tarballs)
  // Node's own types are what every user of a Node library has; they are not what is tested here.
  await symlink(
    path.join(workspaceRoot, 'node_modules/@types'),
    path.join(project, 'node_modules/@types'),
  )
  const entries = publishedPackages(readPackages(copy)).flatMap(({ name, manifest }) =>
    Object.keys(manifest.exports ?? {})
      .filter((subpath) => !subpath.endsWith('.json'))
      .map((subpath) => path.posix.join(name, subpath)),
  )
  const imports = entries.map((entry, at) => `import * as entry${at} from '${entry}'\n`)
  const uses = entries.map((_, at) => `console.log(entry${at})\n`)
  await writeFile(path.join(project, 'main.ts'), [...imports, ...uses].join(''))
  const compilerOptions = {
    module: 'NodeNext',
    target: 'ES2024',
    lib: ['ES2024', 'ESNext.Disposable'],
    types: ['node'],
    strict: true,
    exactOptionalPropertyTypes: true,
    skipLibCheck: false,
    noEmit: true,
  }
  const tsconfig = JSON.stringify({ compilerOptions, files: ['main.ts'] })
  await writeFile(path.join(project, 'tsconfig.json'), tsconfig)
  await runOrThrow('tsc', ['-p', '.'], { cwd: project })
}
