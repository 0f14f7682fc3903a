// SPDX-License-Identifier: Apache-2.0
// Writes consume queue entries to their files, many at once, off the append path.
import { int64At, putInt32 } from '@rocketmq-ts/remoting/message'
import type { Files, Logger, Timers, Turn } from '@rocketmq-ts/runtime'
import { type ConsumeQueue, ENTRY_BYTES, FILLER_SIZE } from './consume-queue.ts'
import type { QueueExt } from './queue-ext.ts'
import type { SegmentFiles } from './segment-files.ts'

/** Entries waiting beyond this are written at the end of the turn instead of after the interval. */
const EAGER_ENTRIES = 16_384
/** Writes done before other work gets its turn. */
const WRITES_PER_TURN = 96
/** Queues written at once: making files takes long, and threads of the pool are left for the log. */
const QUEUES_AT_ONCE = 2

/** Bytes of `count` entries that point nowhere: they fill a queue's first file up to its first entry. */
function fillers(count: number): Uint8Array {
  const bytes = new Uint8Array(count * ENTRY_BYTES)
  for (let at = 0; at < bytes.length; at += ENTRY_BYTES) putInt32(bytes, at + 8, FILLER_SIZE)
  return bytes
}

/** A queue that begins with the entry that is written now need not be asked for it. */
function noteMinimum(queue: ConsumeQueue): void {
  const slot = queue.slotOf(queue.persisted)
  const isFirst = queue.minOffset === queue.persisted && queue.entryBytes === ENTRY_BYTES
  if (isFirst && slot >= 0) queue.minLogOffset = int64At(queue.ring, slot)
}

/** Keeps the list of queues with entries that are readable but not in files, and writes them. */
export class QueueWriter {
  readonly #timers: Timers
  readonly #turn: Turn
  readonly #files: Files
  readonly #logger: Logger
  readonly #intervalMs: number
  #listed: ConsumeQueue[] = []
  #waitingEntries = 0
  #scheduled = false
  #isClosed = false
  #writing: Promise<boolean> | undefined
  #failed = false
  #writesInTurn = 0
  /** Files written since they were last flushed, by path, with their row. */
  unflushed: Map<string, SegmentFiles> = new Map()
  /** Directories with new entries that are not flushed. */
  readonly unflushedDirectories: Set<string> = new Set()

  constructor(options: {
    timers: Timers
    turn: Turn
    files: Files
    logger: Logger
    intervalMs: number
  }) {
    this.#timers = options.timers
    this.#turn = options.turn
    this.#files = options.files
    this.#logger = options.logger
    this.#intervalMs = options.intervalMs
  }

  /** Entries that are readable but not in files. */
  get waitingEntries(): number {
    return this.#waitingEntries
  }

  /** The last pass met an error; entries stay in memory until a later pass. */
  get failed(): boolean {
    return this.#failed
  }

  /** One more entry of this queue became readable. */
  note(queue: ConsumeQueue): void {
    this.#waitingEntries++
    if (!queue.listed) {
      queue.listed = true
      this.#listed.push(queue)
      if (this.#listed.length === 1 && !this.#scheduled) this.#schedule()
    }
    if (this.#waitingEntries === EAGER_ENTRIES) this.#turn.atEnd(() => void this.writeAll())
  }

  /** The queue is about to be removed. */
  forget(queue: ConsumeQueue): void {
    queue.removed = true
    this.#waitingEntries -= queue.readable - queue.persisted
  }

  /** A directory of files, or those above it, got new names that must be flushed. */
  noteDirectories(directory: string): void {
    let path = directory
    // The queue's, the topic's, that of all queues of a kind, and the store's: the third may be as new as the others.
    for (let level = 0; level < 4; level++) {
      this.unflushedDirectories.add(path)
      path = path.slice(0, path.lastIndexOf('/'))
    }
  }

  /** The files that must be flushed; from now on others are collected. */
  takeUnflushed(): Map<string, SegmentFiles> {
    const taken = this.unflushed
    this.unflushed = new Map()
    return taken
  }

  /**
   * Writes what is readable now; resolves when that is in the kernel, with false when the pass met an error.
   * ({@link failed} may already speak of a later pass.)
   */
  async writeAll(): Promise<boolean> {
    while (this.#writing !== undefined) await this.#writing
    if (this.#listed.length === 0) return true
    if (this.#isClosed) return false
    this.#writing = this.#pass()
    try {
      return await this.#writing
    } finally {
      this.#writing = undefined
    }
  }

  /** Resolves when no write is under way; none begins any more, however much waits: the files may soon be another's. */
  async close(): Promise<void> {
    this.#isClosed = true
    while (this.#writing !== undefined) await this.#writing
  }

  #schedule(): void {
    if (this.#isClosed) return
    this.#scheduled = true
    this.#timers.after(this.#intervalMs, () => {
      this.#scheduled = false
      void this.writeAll()
    })
  }

  async #pass(): Promise<boolean> {
    const listed = this.#listed
    this.#listed = []
    this.#failed = false
    this.#writesInTurn = 0
    const rest = listed.values()
    await Promise.all(Array.from({ length: QUEUES_AT_ONCE }, () => this.#writeEach(rest)))
    if (this.#listed.length > 0 && !this.#scheduled) this.#schedule()
    return !this.#failed
  }

  async #writeEach(queues: Iterable<ConsumeQueue>): Promise<void> {
    for (const queue of queues) {
      queue.listed = false
      if (queue.removed) continue
      try {
        await this.#persist(queue)
      } catch (error) {
        this.#giveUp(queue, error)
      }
      if (++this.#writesInTurn > WRITES_PER_TURN) {
        this.#writesInTurn = 0
        await new Promise<void>((resolve) => this.#turn.atEnd(resolve))
      }
    }
  }

  #giveUp(queue: ConsumeQueue, error: unknown): void {
    if (!this.#failed) {
      this.#logger.error(
        { err: error, topic: queue.topic, queueId: queue.queueId },
        'consume queue entries cannot be written; they stay in memory and are tried again',
      )
    }
    this.#failed = true
    if (!queue.listed) {
      queue.listed = true
      this.#listed.push(queue)
    }
  }

  async #persist(queue: ConsumeQueue): Promise<void> {
    if (queue.ext !== undefined) await this.#persistUnits(queue.ext)
    const { entryBytes, segments } = queue
    while (queue.persisted < queue.readable && !queue.removed) {
      const position = queue.persisted * entryBytes
      if (segments.count === 0 || position >= segments.end) {
        await this.#makeSegment(queue, position)
        continue
      }
      const segmentStart = segments.startOf(position)
      const roomEnd = (segmentStart + segments.segmentBytes) / entryBytes
      const { persisted: from, beginnings } = queue
      const to = Math.min(queue.readable, roomEnd)
      const file = segments.fileAt(position)
      await new Promise<void>((resolve, reject) => {
        file.write(queue.slices(from, to), position - segmentStart, (error) =>
          error === undefined ? resolve() : reject(error),
        )
      })
      if (queue.removed) return
      if (queue.beginnings !== beginnings) continue
      this.#waitingEntries -= to - from
      queue.persisted = to
      this.unflushed.set(file.path, segments)
    }
  }

  // Before the entries that refer to them, all there are: those of entries that are not readable yet do no harm.
  async #persistUnits(ext: QueueExt): Promise<void> {
    const { segments } = ext
    if (segments.count === 0) this.#files.makeDirectory(segments.directory)
    const { end } = segments
    try {
      await ext.write(ext.end, (file) => this.unflushed.set(file.path, segments))
    } finally {
      // A file that was made stays, also when writing to it fails.
      if (segments.end !== end) this.noteDirectories(segments.directory)
    }
  }

  /** Makes the queue's next file; an empty row begins with the one that holds `position`. */
  async #makeSegment(queue: ConsumeQueue, position: number): Promise<void> {
    const { segments, beginnings } = queue
    if (segments.count > 0) {
      await segments.appendLater(0)
      this.unflushedDirectories.add(segments.directory)
      if (queue.removed) this.#removeTraces(segments)
      return
    }
    const start = segments.startOf(position)
    await segments.appendLater(start)
    this.noteDirectories(segments.directory)
    if (queue.removed) {
      this.#removeTraces(segments)
      return
    }
    if (queue.beginnings !== beginnings) {
      segments.removeAll()
      return
    }
    try {
      if (position > start) {
        segments.fileAt(start).writeSync([fillers((position - start) / ENTRY_BYTES)], 0)
      }
    } catch (error) {
      // Without its fillers the file must not be taken for one that has them.
      segments.removeAll()
      throw error
    }
    noteMinimum(queue)
  }

  /** The topic or queue was deleted while a file of it was being made, which brought its directories back. */
  #removeTraces(segments: SegmentFiles): void {
    const { directory } = segments
    const topicDirectory = directory.slice(0, directory.lastIndexOf('/'))
    segments.removeAll()
    this.#files.remove(directory)
    if (this.#files.list(topicDirectory).length === 0) this.#files.remove(topicDirectory)
  }
}
