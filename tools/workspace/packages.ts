// SPDX-License-Identifier: Apache-2.0
// Reads which packages the workspace has and who depends on whom.

import { existsSync, readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'

/** What a package.json says, as far as the workspace's own tools look at it. */
export interface Manifest {
  readonly name: string
  readonly version: string
  readonly private?: boolean
  readonly packageManager?: string
  readonly bin?: Readonly<Record<string, string>>
  readonly exports?: Readonly<Record<string, string>>
  readonly dependencies?: Readonly<Record<string, string>>
  readonly devDependencies?: Readonly<Record<string, string>>
  readonly publishConfig?: {
    readonly bin?: Readonly<Record<string, string>>
    readonly exports?: Readonly<Record<string, string>>
  }
}

export interface WorkspacePackage {
  /** Relative to the root of the workspace, with forward slashes: `packages/store`. */
  readonly folder: string
  readonly name: string
  readonly manifest: Manifest
}

/** The root of the workspace these tools belong to. */
export const workspaceRoot: string = path.resolve(
  path.dirname(fileURLToPath(import.meta.url)),
  '../..',
)

/** Every package, app, tool and example below a root, sorted by folder. */
export function readPackages(root: string): WorkspacePackage[] {
  return ['packages', 'apps', 'tools', 'examples']
    .filter((group) => existsSync(path.join(root, group)))
    .flatMap((group) => readdirSync(path.join(root, group)).map((name) => `${group}/${name}`))
    .filter((folder) => existsSync(path.join(root, folder, 'package.json')))
    .sort()
    .map((folder) => {
      const manifest = readManifest(path.join(root, folder))
      return { folder, name: manifest.name, manifest }
    })
}

/** The packages that are published, each on its own. */
export function publishedPackages(packages: readonly WorkspacePackage[]): WorkspacePackage[] {
  return packages.filter((candidate) => candidate.manifest.private !== true)
}

export function readManifest(folder: string): Manifest {
  return JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8')) as Manifest
}

/** The names of a package and of every published package that reaches it through dependencies. */
export function withDependants(packages: readonly WorkspacePackage[], name: string): Set<string> {
  const reached = new Set([name])
  let grew = true
  while (grew) {
    grew = false
    for (const { name: candidate, manifest } of publishedPackages(packages)) {
      if (reached.has(candidate)) continue
      if (!Object.keys(manifest.dependencies ?? {}).some((needed) => reached.has(needed))) continue
      reached.add(candidate)
      grew = true
    }
  }
  return reached
}
