// SPDX-License-Identifier: Apache-2.0
// Stretches of consume queue entries read from files, for readers behind the entries in memory.
import type { ConsumeQueue } from './consume-queue.ts'

/** Entries `first` … `first + count − 1` of a queue. */
export interface EntryWindow {
  readonly bytes: Uint8Array
  readonly first: number
  readonly count: number
}

/** Entries of one read: about what one pull may look at. */
const WINDOW_ENTRIES = 1024
const MAX_WINDOWS = 256

/** Keeps the windows used last, one per queue. */
export class EntryWindows {
  readonly #windows = new Map<ConsumeQueue, EntryWindow>()

  /** The window that holds entry `index`, when it is in memory. */
  find(queue: ConsumeQueue, index: number): EntryWindow | undefined {
    const window = this.#windows.get(queue)
    if (window === undefined || index < window.first || index >= window.first + window.count) {
      return undefined
    }
    return window
  }

  /** The window of a queue, when it has one. */
  of(queue: ConsumeQueue): EntryWindow | undefined {
    return this.#windows.get(queue)
  }

  /** Reads entries from `index` on, which must be below `queue.persisted`, without waiting on the event loop. */
  load(queue: ConsumeQueue, index: number, loaded: (error: Error | undefined) => void): void {
    const { segments, entryBytes } = queue
    const position = index * entryBytes
    const segmentStart = segments.startOf(position)
    const segmentEnd = segmentStart + segments.segmentBytes
    const most = Math.min(segmentEnd, queue.persisted * entryBytes) - position
    const bytes = new Uint8Array(Math.min(WINDOW_ENTRIES * entryBytes, most))
    const done = (error: Error | undefined, bytesRead: number): void => {
      if (error === undefined) {
        this.#keep(queue, { bytes, first: index, count: Math.floor(bytesRead / entryBytes) })
      }
      loaded(error)
    }
    try {
      segments.fileAt(position).read(bytes, position - segmentStart, done)
    } catch (error) {
      done(error instanceof Error ? error : new Error(String(error)), 0)
    }
  }

  /** The queue has been cut or removed. */
  forget(queue: ConsumeQueue): void {
    this.#windows.delete(queue)
  }

  #keep(queue: ConsumeQueue, window: EntryWindow): void {
    this.#windows.delete(queue)
    this.#windows.set(queue, window)
    if (this.#windows.size > MAX_WINDOWS) {
      const oldest = this.#windows.keys().next().value
      if (oldest !== undefined) this.#windows.delete(oldest)
    }
  }
}
