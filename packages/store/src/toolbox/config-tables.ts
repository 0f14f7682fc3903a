// SPDX-License-Identifier: Apache-2.0
// The broker's tables beside the store: which there are, whether they can be read, and which topics they name.
import { parseJavaJson } from '@rocketmq-ts/remoting/java-json'
import type { StoreFolder } from './store-folder.ts'

/** One table. */
export interface ConfigTable {
  readonly path: string
  readonly byteLength: number
  /** Members of the largest table in it; undefined when it cannot be read. */
  readonly members: number | undefined
  /** What is wrong with it. */
  readonly problem: string | undefined
}

/** All JSON tables of `config/`; their backups are not looked at. */
export function configTables(folder: StoreFolder): ConfigTable[] {
  const { config } = folder.paths
  const names = folder.files.list(config).filter((name) => name.endsWith('.json'))
  return names.map((name) => {
    const path = `${config}/${name}`
    const bytes = folder.files.readFile(path) ?? new Uint8Array(0)
    try {
      const members = largest(parseJavaJson(bytes))
      return { path, byteLength: bytes.length, members, problem: undefined }
    } catch (error) {
      const problem = error instanceof Error ? error.message : String(error)
      return { path, byteLength: bytes.length, members: undefined, problem }
    }
  })
}

/** Names of the topics in topics.json; undefined when there is no such table. */
export function knownTopics(folder: StoreFolder): ReadonlySet<string> | undefined {
  const table = topicTable(folder)
  return table === undefined ? undefined : new Set(Object.keys(table))
}

/** Topics whose attribute queue.type says that they have queues of batches. */
export function batchTopics(folder: StoreFolder): ReadonlySet<string> {
  return topicsWhere(folder, 'queue.type', 'BatchCQ')
}

/** Topics that are compacted. */
export function compactedTopics(folder: StoreFolder): ReadonlySet<string> {
  return topicsWhere(folder, 'cleanup.policy', 'COMPACTION')
}

function topicsWhere(folder: StoreFolder, attribute: string, value: string): ReadonlySet<string> {
  const names = new Set<string>()
  for (const [name, config] of Object.entries(topicTable(folder) ?? {})) {
    const attributes = isRecord(config) ? config['attributes'] : undefined
    if (isRecord(attributes) && attributes[attribute] === value) names.add(name)
  }
  return names
}

function topicTable(folder: StoreFolder): Readonly<Record<string, unknown>> | undefined {
  const bytes = folder.files.readFile(`${folder.paths.config}/topics.json`)
  if (bytes === undefined) return undefined
  try {
    const parsed = parseJavaJson(bytes)
    const table = isRecord(parsed) ? parsed['topicConfigTable'] : undefined
    return isRecord(table) ? table : undefined
  } catch {
    return undefined
  }
}

function largest(value: unknown): number {
  if (!isRecord(value)) return 0
  return Object.values(value).reduce<number>(
    (most, member) => (isRecord(member) ? Math.max(most, Object.keys(member).length) : most),
    0,
  )
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null
}
