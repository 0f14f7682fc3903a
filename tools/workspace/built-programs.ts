// SPDX-License-Identifier: Apache-2.0
// Our programs as users get them: packed, and installed into an empty project below .cache/built.

import { rm } from 'node:fs/promises'
import path from 'node:path'
import { buildAndPack, installInto } from './packed-packages.ts'
import { workspaceRoot } from './packages.ts'

const folder = path.join(workspaceRoot, '.cache/built')

/** Builds, packs and installs everything that is published, replacing what an earlier call left. */
export async function installBuiltPrograms(): Promise<void> {
  await rm(folder, { recursive: true, force: true })
  const tarballs = await buildAndPack(workspaceRoot, path.join(folder, 'tarballs'))
  await installInto(path.join(folder, 'project'), tarballs)
}

/** Where {@link installBuiltPrograms} puts the main file of a program such as `mqbroker`. */
export function builtMain(program: string): string {
  return path.join(folder, 'project/node_modules/@rocketmq-ts', program, 'dist/main.js')
}
