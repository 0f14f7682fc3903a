// SPDX-License-Identifier: Apache-2.0
// The files of a store directory that Java keeps and we do not use, with their hashes.

import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { join, relative } from 'node:path'

const folders = ['timerlog', 'timerwheel', 'rocksdbstore']

/** Hashes by path below the store. */
export async function foreignFiles(storeFolder: string): Promise<Map<string, string>> {
  const hashes = new Map<string, string>()
  for (const name of await readdir(storeFolder)) {
    // The wheel has snapshots beside it, timerwheel.<position>.
    if (!folders.some((folder) => name === folder || name.startsWith(`${folder}.`))) continue
    await hashAll(join(storeFolder, name), storeFolder, hashes)
  }
  return hashes
}

async function hashAll(path: string, root: string, hashes: Map<string, string>): Promise<void> {
  const entries = await readdir(path, { withFileTypes: true }).catch(() => undefined)
  if (entries === undefined) {
    const hash = createHash('sha256').update(await readFile(path))
    hashes.set(relative(root, path), hash.digest('hex').slice(0, 16))
    return
  }
  for (const entry of entries) await hashAll(join(path, entry.name), root, hashes)
}
