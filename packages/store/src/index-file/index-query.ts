// SPDX-License-Identifier: Apache-2.0
// Finds log offsets by key and time: newest file first, and in each file along the chain of the key's slot.
import { int32At, int64At } from '@rocketmq-ts/remoting/message'
import type { IndexFile } from './index-file.ts'
import { entryHash, INDEX_ENTRY_BYTES } from './index-format.ts'

/** Entries of one read, about 4 KiB: neighbours in a chain are often neighbours in the file. */
const BLOCK_ENTRIES = 204

/** What to look for. */
export interface IndexQuery {
  /** Java's hash code of the key text, see `indexKeyHash`. */
  readonly hashCode: number
  readonly maxCount: number
  /** Store times, milliseconds, both inclusive; entries know theirs to the second. */
  readonly beginMs: number
  readonly endMs: number
}

/**
 * Offsets of the records that may have the key, newest first within each file: others can have the same hash.
 * A file that cannot be read ends the search with what was found; `failed` hears of it. @see IndexService.queryOffset
 */
export async function queryOffsets(
  files: readonly IndexFile[],
  query: IndexQuery,
  failed: (file: IndexFile, error: unknown) => void,
): Promise<number[]> {
  const found: number[] = []
  for (const file of files.toReversed()) {
    const { beginTimestampMs } = file.header
    try {
      if (isTimeMatched(file, query)) await select(file, query, found)
    } catch (error) {
      failed(file, error)
      break
    }
    if (beginTimestampMs < query.beginMs || found.length >= query.maxCount) break
  }
  return found
}

/** @see IndexFile.isTimeMatched */
function isTimeMatched({ header }: IndexFile, { beginMs, endMs }: IndexQuery): boolean {
  const { beginTimestampMs, endTimestampMs } = header
  if (beginMs < beginTimestampMs && endMs > endTimestampMs) return true
  if (beginMs >= beginTimestampMs && beginMs <= endTimestampMs) return true
  return endMs >= beginTimestampMs && endMs <= endTimestampMs
}

/** @see IndexFile.selectPhyOffset */
async function select(file: IndexFile, query: IndexQuery, found: number[]): Promise<void> {
  const hash = entryHash(query.hashCode)
  const { count, beginTimestampMs } = file.header
  if (count <= 1) return
  let entry = await file.newestOf(hash % file.shape.slots)
  const block = new Block(file, count)
  while (entry > 0 && entry < count && found.length < query.maxCount) {
    const isLoaded = block.holds(entry) || (await block.load(entry))
    if (!isLoaded) return
    const at = block.positionOf(entry)
    const { bytes } = block
    const seconds = int32At(bytes, at + 12)
    if (seconds < 0) return
    const timeMs = beginTimestampMs + seconds * 1000
    const isInTime = timeMs >= query.beginMs && timeMs <= query.endMs
    if (isInTime && int32At(bytes, at) === hash) found.push(int64At(bytes, at + 4))
    const before = int32At(bytes, at + 16)
    // Chains lead back in time and in the file; one that does not is damaged.
    if (timeMs < query.beginMs || before >= entry) return
    entry = before
  }
}

/** The entries read last. */
class Block {
  readonly #file: IndexFile
  readonly #limit: number
  bytes: Uint8Array = new Uint8Array(0)
  #first = 0
  #count = 0

  constructor(file: IndexFile, limit: number) {
    this.#file = file
    this.#limit = limit
  }

  holds(entry: number): boolean {
    return entry >= this.#first && entry < this.#first + this.#count
  }

  positionOf(entry: number): number {
    return (entry - this.#first) * INDEX_ENTRY_BYTES
  }

  async load(entry: number): Promise<boolean> {
    this.#first = entry - (entry % BLOCK_ENTRIES)
    this.#count = Math.min(BLOCK_ENTRIES, this.#limit - this.#first)
    this.bytes = await this.#file.readEntries(this.#first, this.#count)
    return this.holds(entry)
  }
}
