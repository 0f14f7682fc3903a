// SPDX-License-Identifier: Apache-2.0
// What lies in `compaction/`, as it was found: queues, pairs of files, and replacements that were begun.
import type { Files } from '@rocketmq-ts/runtime'
import { FileRow } from './file-row.ts'
import type { StoreFolder } from './store-folder.ts'

const NAME = /^\d{20}$/

/** A log file and the file of its units; either may be missing. */
export interface FoundPair {
  readonly start: number
  readonly log: FileRow
  readonly units: FileRow
}

/** What a plan says that a crash, or a stop, left to the next start. */
export interface FoundPlan {
  readonly path: string
  /** Names of pairs that move into their places, and of pairs that go. */
  readonly put: readonly string[]
  readonly removed: readonly string[]
  readonly isReadable: boolean
}

/** The directories of one compacted queue. */
export interface CompactedFolder {
  readonly topic: string
  readonly queueId: number
  readonly log: string
  readonly units: string
}

/** Every queue that has a directory of either kind. */
export function compactedFolders({ files, paths }: StoreFolder): CompactedFolder[] {
  const found = new Map<string, CompactedFolder>()
  for (const kind of ['compactionLog', 'compactionCq']) {
    for (const topic of files.list(`${paths.compaction}/${kind}`)) {
      for (const id of files.list(`${paths.compaction}/${kind}/${topic}`)) {
        if (!/^\d{1,10}$/.test(id)) continue
        const name = `${topic}/${id}`
        const log = `${paths.compaction}/compactionLog/${name}`
        const units = `${paths.compaction}/compactionCq/${name}`
        found.set(name, { topic, queueId: Number(id), log, units })
      }
    }
  }
  return [...found.values()]
}

/** The plan of a replacement that is not carried out yet. */
export function planOf(files: Files, { log }: CompactedFolder): FoundPlan | undefined {
  const path = `${log}/compacting/plan.json`
  const bytes = files.readFile(path)
  if (bytes === undefined) return undefined
  try {
    const plan: unknown = JSON.parse(Buffer.from(bytes).toString())
    if (typeof plan === 'object' && plan !== null) {
      const { put, removed } = plan as { put?: unknown; removed?: unknown }
      if (areNames(put) && areNames(removed)) return { path, put, removed, isReadable: true }
    }
  } catch {
    // Said by the caller.
  }
  return { path, put: [], removed: [], isReadable: false }
}

/** The pairs as they are when the plan has been carried out, oldest first. */
export function pairsOf(
  folder: StoreFolder,
  compacted: CompactedFolder,
  plan: FoundPlan | undefined,
): FoundPair[] {
  const { files, open } = folder
  const rowsOf = (directory: string): Map<string, FileRow> => {
    const rows = new Map<string, FileRow>()
    const take = (from: string, name: string): void =>
      void rows.set(name, new FileRow({ directories: [from], files, open, only: name }))
    for (const name of files.list(directory)) {
      if (NAME.test(name) && plan?.removed.includes(name) !== true) take(directory, name)
    }
    const waiting = new Set(files.list(`${directory}/compacting`))
    for (const name of plan?.put ?? []) if (waiting.has(name)) take(`${directory}/compacting`, name)
    return rows
  }
  const logs = rowsOf(compacted.log)
  const units = rowsOf(compacted.units)
  const none = new FileRow({ directories: [], files, open })
  return [...new Set([...logs.keys(), ...units.keys()])].toSorted().map((name) => ({
    start: Number(name),
    log: logs.get(name) ?? none,
    units: units.get(name) ?? none,
  }))
}

/** How long files of either kind are in this store: all are made alike, and a crash only makes them shorter. 0 when there is none. */
export function compactionSizes(folder: StoreFolder): { logBytes: number; unitBytes: number } {
  let logBytes = 0
  let unitBytes = 0
  for (const compacted of compactedFolders(folder)) {
    for (const { log, units } of pairsOf(folder, compacted, undefined)) {
      logBytes = Math.max(logBytes, log.fileBytes)
      unitBytes = Math.max(unitBytes, units.fileBytes)
    }
  }
  return { logBytes, unitBytes }
}

function areNames(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((name) => typeof name === 'string' && NAME.test(name))
}
