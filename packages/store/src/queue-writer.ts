// SPDX-License-Identifier: Apache-2.0
// Writes consume queue entries to their files, many at once, off the append path.
import { putInt32 } from '@rocketmq-ts/remoting/message'
import type { Files, Logger, Timers, Turn } from '@rocketmq-ts/runtime'
import { type ConsumeQueue, ENTRY_BYTES, FILLER_SIZE } from './consume-queue.ts'
import type { QueueExt } from './queue-ext.ts'
import type { SegmentFiles } from './segment-files.ts'

/** Entries waiting beyond this are written at the end of the turn instead of after the interval. */
const EAGER_ENTRIES = 16_384
/** Work done before other work gets its turn: a write counts 1, making a file {@link CREATE_COST}. */
const WORK_PER_TURN = 96
const CREATE_COST = 12

/** Bytes of `count` entries that point nowhere: they fill a queue's first file up to its first entry. */
function fillers(count: number): Uint8Array {
  const bytes = new Uint8Array(count * ENTRY_BYTES)
  for (let at = 0; at < bytes.length; at += ENTRY_BYTES) putInt32(bytes, at + 8, FILLER_SIZE)
  return bytes
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
  #writing: Promise<boolean> | undefined
  #failed = false
  #workInTurn = 0
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
    const topicDirectory = directory.slice(0, directory.lastIndexOf('/'))
    this.unflushedDirectories.add(directory)
    this.unflushedDirectories.add(topicDirectory)
    this.unflushedDirectories.add(topicDirectory.slice(0, topicDirectory.lastIndexOf('/')))
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
    this.#writing = this.#pass()
    try {
      return await this.#writing
    } finally {
      this.#writing = undefined
    }
  }

  #schedule(): void {
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
    this.#workInTurn = 0
    for (const queue of listed) {
      queue.listed = false
      if (queue.removed) continue
      try {
        await this.#persist(queue)
      } catch (error) {
        this.#giveUp(queue, error)
      }
      if (++this.#workInTurn > WORK_PER_TURN) {
        this.#workInTurn = 0
        await new Promise<void>((resolve) => this.#turn.atEnd(resolve))
      }
    }
    if (this.#listed.length > 0 && !this.#scheduled) this.#schedule()
    return !this.#failed
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
    const { entryBytes } = queue
    while (queue.persisted < queue.readable && !queue.removed) {
      const position = queue.persisted * entryBytes
      this.#ensureSegment(queue, position)
      const segmentStart = queue.segments.startOf(position)
      const roomEnd = (segmentStart + queue.segments.segmentBytes) / entryBytes
      const from = queue.persisted
      const { ring } = queue
      const to = Math.min(queue.readable, roomEnd)
      const file = queue.segments.fileAt(position)
      await new Promise<void>((resolve, reject) => {
        file.write(queue.slices(from, to), position - segmentStart, (error) =>
          error === undefined ? resolve() : reject(error),
        )
      })
      if (queue.removed) return
      // The queue may have begun anew meanwhile.
      if (queue.ring !== ring) continue
      this.#waitingEntries -= to - from
      queue.persisted = to
      this.unflushed.set(file.path, queue.segments)
    }
  }

  // Before the entries that refer to them, all there are: those of entries that are not readable yet do no harm.
  async #persistUnits(ext: QueueExt): Promise<void> {
    const { segments } = ext
    if (segments.count === 0) this.#files.makeDirectory(segments.directory)
    const hasCreated = await ext.write(ext.end, (file) => this.unflushed.set(file.path, segments))
    if (hasCreated) this.noteDirectories(segments.directory)
  }

  #ensureSegment(queue: ConsumeQueue, position: number): void {
    const { segments } = queue
    if (segments.count === 0) {
      const start = segments.startOf(position)
      this.#workInTurn += CREATE_COST
      this.#files.makeDirectory(segments.directory)
      const file = segments.append(start)
      this.noteDirectories(segments.directory)
      try {
        if (position > start) file.writeSync([fillers((position - start) / ENTRY_BYTES)], 0)
      } catch (error) {
        // Without its fillers the file must not be taken for one that has them.
        segments.removeAll()
        throw error
      }
    }
    while (position >= segments.end) {
      segments.append(0)
      this.unflushedDirectories.add(segments.directory)
    }
  }
}
