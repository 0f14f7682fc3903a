// SPDX-License-Identifier: Apache-2.0
// Reads the entries of queues, a block at a time; only the blocks used last stay in memory.
import { int16At, int32At, int64At } from '@rocketmq-ts/remoting/message'
import {
  BATCH_ENTRY_BYTES,
  baseOffsetAt,
  messageCountAt,
  storeTimestampInEntry,
} from '../batch-consume-queue.ts'
import { ENTRY_BYTES, FILLER_SIZE } from '../consume-queue.ts'
import { extPositionAt } from '../queue-ext.ts'
import type { FileRow } from './file-row.ts'

const BLOCK_ENTRIES = 128
/** Blocks of all queues together: about 10 MiB. */
const MOST_BLOCKS = 4096
const UNIT_HEAD_BYTES = 20

/** An entry as it lies in its file. */
export interface QueueEntry {
  readonly index: number
  readonly offset: number
  readonly recordBytes: number
  readonly tagsCode: number
  /** Position of its unit, or −1. */
  readonly extPosition: number
  /** It points nowhere, as it should. */
  readonly isFiller: boolean
  /** What only entries of batches have. */
  readonly batch:
    | { readonly storeTimestampMs: number; readonly baseOffset: number; readonly count: number }
    | undefined
}

/** The blocks that are in memory, of all queues. */
export class EntryBlocks {
  readonly #holders = new Set<QueueEntries>()

  used(entries: QueueEntries): void {
    this.#holders.delete(entries)
    this.#holders.add(entries)
    if (this.#holders.size <= MOST_BLOCKS) return
    const oldest = this.#holders.values().next().value
    oldest?.free()
    if (oldest !== undefined) this.#holders.delete(oldest)
  }
}

/** The entries of one queue. */
export class QueueEntries {
  readonly row: FileRow
  readonly entryBytes: number
  readonly #blocks: EntryBlocks
  readonly #isBatch: boolean
  #block: Uint8Array | undefined
  #first = -1

  constructor(row: FileRow, kind: 'SimpleCQ' | 'BatchCQ', blocks: EntryBlocks) {
    this.row = row
    this.#isBatch = kind === 'BatchCQ'
    this.entryBytes = this.#isBatch ? BATCH_ENTRY_BYTES : ENTRY_BYTES
    this.#blocks = blocks
  }

  /** Index of the first entry in the files. */
  get start(): number {
    return Math.ceil(this.row.start / this.entryBytes)
  }

  /** Index behind the last entry that the files have room for. */
  get limit(): number {
    return Math.floor(this.row.end / this.entryBytes)
  }

  free(): void {
    this.#block = undefined
    this.#first = -1
  }

  /** Undefined when nothing was written there. */
  at(index: number): QueueEntry | undefined {
    if (index < this.start || index >= this.limit) return undefined
    const bytes = this.#load(index)
    const at = (index - this.#first) * this.entryBytes
    const recordBytes = int32At(bytes, at + 8)
    const offset = int64At(bytes, at)
    const tagsCode = int64At(bytes, at + 12)
    // An entry that was never written is all zero; a damaged one need not be.
    if (recordBytes === 0 && offset === 0 && tagsCode === 0) return undefined
    return {
      index,
      offset,
      recordBytes,
      tagsCode,
      extPosition: this.#isBatch ? -1 : extPositionAt(bytes, at + 12),
      isFiller: offset === 0 && recordBytes === FILLER_SIZE,
      batch: this.#isBatch
        ? {
            storeTimestampMs: storeTimestampInEntry(bytes, at),
            baseOffset: baseOffsetAt(bytes, at),
            count: messageCountAt(bytes, at),
          }
        : undefined,
    }
  }

  /** Path of the file that holds an entry. */
  pathOf(index: number): string {
    return this.row.pathOf(index * this.entryBytes)
  }

  /** Where in that file. */
  positionOf(index: number): number {
    const position = index * this.entryBytes
    return position - this.row.startOf(position)
  }

  #load(index: number): Uint8Array {
    const inBlock = this.#first >= 0 && index >= this.#first && index < this.#first + BLOCK_ENTRIES
    if (this.#block !== undefined && inBlock) return this.#block
    const block = this.#block ?? new Uint8Array(BLOCK_ENTRIES * this.entryBytes)
    block.fill(0)
    const first = index - (index % BLOCK_ENTRIES)
    // A block may reach over a file's end.
    for (let done = 0; done < block.length;) {
      const position = first * this.entryBytes + done
      const room = Math.min(
        block.length - done,
        this.row.startOf(position) + this.row.fileBytes - position,
      )
      if (room <= 0) break
      this.row.read(position, block.subarray(done, done + room))
      done += room
    }
    this.#block = block
    this.#first = first
    this.#blocks.used(this)
    return block
  }
}

/** The head of a unit; undefined when none begins there. */
export function unitHeadAt(
  row: FileRow,
  position: number,
):
  | { readonly tagsCode: number; readonly storeTimestampMs: number; readonly mapBytes: number }
  | undefined {
  const head = new Uint8Array(UNIT_HEAD_BYTES)
  if (row.read(position, head) < UNIT_HEAD_BYTES) return undefined
  const mapBytes = int16At(head, 18)
  if (int16At(head, 0) !== UNIT_HEAD_BYTES + mapBytes) return undefined
  return { tagsCode: int64At(head, 2), storeTimestampMs: int64At(head, 10), mapBytes }
}
