// SPDX-License-Identifier: Apache-2.0
// Replaces a small file so that a crash on any line leaves the old or the new content, as Java's tables are persisted.
import type { Files } from './files.ts'

/**
 * Writes `path.tmp`, keeps the old content as `path.bak`, then renames the new file into place.
 * @see MixAll.string2File: the same three names, so either program can read what the other left.
 */
export function writeFileAtomically(files: Files, path: string, bytes: Uint8Array): void {
  const temporary = `${path}.tmp`
  files.writeFile(temporary, bytes, { durable: true })
  const previous = files.readFile(path)
  if (previous !== undefined && previous.length > 0) {
    files.writeFile(`${path}.bak`, previous, { durable: true })
  }
  files.rename(temporary, path)
  const slash = path.lastIndexOf('/')
  if (slash > 0) files.flushDirectory(path.slice(0, slash))
}

/** Reads `path` through `parse`, or `path.bak` when the file is missing, empty or refused by `parse`; undefined when neither is good. */
export function readFileOrBackup<T>(
  files: Files,
  path: string,
  parse: (bytes: Uint8Array) => T,
): T | undefined {
  for (const candidate of [path, `${path}.bak`]) {
    const bytes = files.readFile(candidate)
    if (bytes === undefined || bytes.length === 0) continue
    try {
      return parse(bytes)
    } catch {
      // A torn or foreign file: the backup is the older truth, and the caller decides what having neither means.
    }
  }
  return undefined
}
