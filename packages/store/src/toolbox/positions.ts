// SPDX-License-Identifier: Apache-2.0
// Reads position-checkpoint, which says how far each compacted queue has been compacted, without believing it.
import { parseJavaJson, prettyJavaJson } from '@rocketmq-ts/remoting/java-json'
import { writeFileAtomically } from '@rocketmq-ts/runtime'
import type { StoreFolder } from './store-folder.ts'

/** What the file says. */
export interface Positions {
  readonly path: string
  /** By `<topic>_<queue id>`. */
  readonly offsets: ReadonlyMap<string, number>
  readonly problem: string | undefined
}

export function positionsPath({ paths }: StoreFolder): string {
  return `${paths.compaction}/position-checkpoint`
}

export function readPositions(folder: StoreFolder): Positions {
  const path = positionsPath(folder)
  const bytes = folder.files.readFile(path)
  const offsets = new Map<string, number>()
  if (bytes === undefined) return { path, offsets, problem: undefined }
  try {
    const parsed = parseJavaJson(bytes)
    const table = isRecord(parsed) ? parsed['queueOffsetMap'] : undefined
    for (const [name, offset] of Object.entries(isRecord(table) ? table : {})) {
      const isOffset = Number.isSafeInteger(Number(offset)) && Number(offset) >= -1
      if (!isOffset) return { path, offsets, problem: `${name} has no queue offset` }
      offsets.set(name, Number(offset))
    }
    return { path, offsets, problem: undefined }
  } catch (error) {
    return { path, offsets, problem: error instanceof Error ? error.message : String(error) }
  }
}

/** Takes queues out of the file, or the file away when it cannot be read. */
export function forgetPositions(folder: StoreFolder, names: readonly string[]): void {
  const { files, paths } = folder
  const { path, offsets, problem } = readPositions(folder)
  if (files.stat(path) === undefined) return
  const kept = new Map([...offsets].filter(([name]) => !names.includes(name)))
  if (problem !== undefined || kept.size === 0) {
    for (const gone of [path, `${path}.bak`]) files.remove(gone)
    files.flushDirectory(paths.compaction)
    return
  }
  const value = { empty: false, queueOffsetMap: kept }
  writeFileAtomically(files, path, Buffer.from(prettyJavaJson(value), 'utf8'))
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null
}
