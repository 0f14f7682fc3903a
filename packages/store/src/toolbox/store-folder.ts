// SPDX-License-Identifier: Apache-2.0
// A store's directory as it was found: where its files are and how large they are, without a configuration.
import type { Files, FileLock } from '@rocketmq-ts/runtime'
import { StoreError } from '../errors.ts'
import {
  HEADER_BYTES,
  INDEX_ENTRY_BYTES,
  type IndexShape,
  SLOT_BYTES,
} from '../index-file/index-format.ts'
import { OpenFiles } from '../open-files.ts'
import { type StorePaths, storePaths } from '../paths.ts'
import { FileRow } from './file-row.ts'

const MOST_OPEN_FILES = 128
/** Java's numbers of slots and entries, and everybody's who has not changed one of them alone, stand one to four. */
const ENTRIES_PER_SLOT = 4

/** What may be told about a directory; the rest is seen from its files. */
export interface FolderOptions {
  readonly files: Files
  readonly root: string
  /** Where commit log files lie; `<root>/commitlog` unless told. */
  readonly commitLogDirectories?: readonly string[] | undefined
  /** Needed when there is but one log file and that is too short. */
  readonly commitLogFileBytes?: number | undefined
  /** Needed when there are not four index entries for each slot. */
  readonly indexShape?: IndexShape | undefined
}

/** A queue's directory. */
export interface QueueDirectory {
  readonly topic: string
  readonly queueId: number
  readonly kind: 'SimpleCQ' | 'BatchCQ'
  readonly path: string
}

/** Reads only. Close it when done. */
export class StoreFolder {
  readonly files: Files
  readonly paths: StorePaths
  readonly open: OpenFiles
  readonly log: FileRow
  readonly #indexShape: IndexShape | undefined
  readonly #queueFileBytes = new Map<QueueDirectory['kind'], number>()

  /** @throws {StoreError} RMQ_STORE_LAYOUT when there is no store. */
  constructor(options: FolderOptions) {
    const { files } = options
    const root = options.root.length > 1 ? options.root.replace(/\/+$/, '') : options.root
    const commitLogDirectories = options.commitLogDirectories ?? [`${root}/commitlog`]
    this.files = files
    this.paths = storePaths({ rootDirectory: root, commitLogDirectories })
    if (files.stat(root)?.kind !== 'directory') {
      throw new StoreError('RMQ_STORE_LAYOUT', `${root} is no directory: give that of the store`)
    }
    if (!commitLogDirectories.some((path) => files.stat(path)?.kind === 'directory')) {
      throw new StoreError(
        'RMQ_STORE_LAYOUT',
        `${root} is no store: there is no directory ${commitLogDirectories.join(' and no ')}`,
      )
    }
    this.open = new OpenFiles(files, MOST_OPEN_FILES)
    this.log = new FileRow({
      directories: commitLogDirectories,
      files,
      open: this.open,
      fileBytes: options.commitLogFileBytes,
    })
    this.#indexShape = options.indexShape
  }

  /**
   * Keeps brokers away until it is released.
   * @throws {StoreError} RMQ_STORE_LOCKED when a process has the store open.
   */
  lock(): FileLock {
    const lock = this.files.lock(this.paths.lock)
    if (lock !== undefined) return lock
    throw new StoreError(
      'RMQ_STORE_LOCKED',
      `${this.paths.root} is in use by a running broker; stop it, or work on a copy of the directory`,
    )
  }

  /** False when the process that used the directory last did not stop in order. */
  get isClean(): boolean {
    return this.files.stat(this.paths.abort) === undefined
  }

  /** All queues that have a directory. */
  *queues(): IterableIterator<QueueDirectory> {
    const { consumeQueues, batchConsumeQueues } = this.paths
    for (const [directory, kind] of [
      [consumeQueues, 'SimpleCQ'],
      [batchConsumeQueues, 'BatchCQ'],
    ] as const) {
      for (const topic of this.files.list(directory)) {
        for (const id of this.files.list(`${directory}/${topic}`)) {
          if (!/^\d{1,10}$/.test(id)) continue
          yield { topic, queueId: Number(id), kind, path: `${directory}/${topic}/${id}` }
        }
      }
    }
  }

  /** @param fileBytes How long its files should be; as long as the longest unless told. */
  row(directory: string, fileBytes?: number): FileRow {
    return new FileRow({ directories: [directory], files: this.files, open: this.open, fileBytes })
  }

  /** How long queue files of a kind are: all are made alike, and a crash only makes them shorter. 0 when there is none. */
  queueFileBytes(kind: QueueDirectory['kind']): number {
    const known = this.#queueFileBytes.get(kind)
    if (known !== undefined) return known
    const counts = new Map<number, number>()
    for (const queue of this.queues()) {
      const bytes = queue.kind === kind ? this.row(queue.path).fileBytes : 0
      if (bytes > 0) counts.set(bytes, (counts.get(bytes) ?? 0) + 1)
    }
    const shared = [...counts].filter(([, count]) => count > 1)
    const sizes = (shared.length > 0 ? shared : [...counts]).map(([bytes]) => bytes)
    const usual = Math.max(0, ...sizes)
    this.#queueFileBytes.set(kind, usual)
    return usual
  }

  /** The units of a queue; an empty row when it has none. */
  extRow(queue: Pick<QueueDirectory, 'topic' | 'queueId'>): FileRow {
    return this.row(`${this.paths.consumeQueueExts}/${queue.topic}/${queue.queueId}`)
  }

  /** Names of the index files, oldest first. */
  indexFiles(): string[] {
    return this.files.list(this.paths.index).filter((name) => /^\d{1,18}$/.test(name))
  }

  /** How an index file of a length is laid out; undefined when that cannot be told. */
  shapeOf(byteLength: number): IndexShape | undefined {
    return StoreFolder.shapeOfFile(byteLength, this.#indexShape)
  }

  static shapeOfFile(byteLength: number, told: IndexShape | undefined): IndexShape | undefined {
    const slotBytes = SLOT_BYTES + ENTRIES_PER_SLOT * INDEX_ENTRY_BYTES
    const slots = told?.slots ?? (byteLength - HEADER_BYTES) / slotBytes
    const entries = told?.entries ?? slots * ENTRIES_PER_SLOT
    const isWhole = Number.isInteger(slots) && slots > 0
    const fits = HEADER_BYTES + slots * SLOT_BYTES + entries * INDEX_ENTRY_BYTES === byteLength
    return isWhole && fits ? { slots, entries } : undefined
  }

  close(): void {
    this.open.closeAll()
  }
}
