// SPDX-License-Identifier: Apache-2.0
// The row of index files: the last one is written to, a full one is followed by the next, those without messages are removed.
import type { Clock, Files, Host } from '@rocketmq-ts/runtime'
import type { OpenFiles } from '../open-files.ts'
import { IndexFile } from './index-file.ts'
import { indexFileName, type IndexShape } from './index-format.ts'

/** Where index files are and how they are made. */
export interface IndexFilesOptions {
  readonly directory: string
  readonly shape: IndexShape
  readonly files: Files
  readonly open: OpenFiles
  readonly clock: Clock
  readonly host: Pick<Host, 'utcOffsetMinutes'>
}

/** Oldest file first. (Java: IndexService) */
export class IndexFiles {
  readonly #options: IndexFilesOptions
  readonly #row: IndexFile[]
  /** A file was made since the last flush. */
  #hasNew = false

  /** @param row The files that are there, oldest first. */
  constructor(options: IndexFilesOptions, row: IndexFile[]) {
    this.#options = options
    this.#row = row
  }

  get all(): readonly IndexFile[] {
    return this.#row
  }

  /** False for a file that was removed. */
  has(file: IndexFile): boolean {
    return this.#row.includes(file)
  }

  get last(): IndexFile | undefined {
    return this.#row.at(-1)
  }

  /** A file has become full since the last flush. */
  get hasUnsavedFull(): boolean {
    return this.#row.slice(-2).some((file) => file.isFull && !file.isDurable)
  }

  /** The file that is written to; made when there is none or the last one is full. @see IndexService.getAndCreateLastIndexFile */
  writable(): IndexFile {
    const { last } = this
    if (last !== undefined && !last.isFull) return last
    const { directory, shape, open } = this.#options
    const name = this.#nextName(last?.name)
    const next = IndexFile.create({ directory, shape, open, name, previous: last?.header })
    this.#row.push(next)
    this.#hasNew = true
    return next
  }

  /** Brings all files onto the disk; returns the last store time of those that are full now, 0 when there was nothing new. */
  async flush(): Promise<number> {
    let fullUntilMs = 0
    // A copy: files may be removed meanwhile.
    for (const file of [...this.#row]) {
      if (file.isDurable) continue
      try {
        await file.flush()
      } catch (error) {
        if (this.has(file)) throw error
      }
      if (file.isFull) fullUntilMs = file.header.endTimestampMs
    }
    if (this.#hasNew) this.#options.files.flushDirectory(this.#options.directory)
    this.#hasNew = false
    return fullUntilMs
  }

  /** Removes the files whose records have all left the log, but not the last one. @see IndexService.deleteExpiredFile */
  deleteBelow(logStart: number): number {
    let deleted = 0
    while (this.#row.length > 1 && (this.#row[0]?.header.endOffset ?? logStart) < logStart) {
      const file = this.#row.shift()
      if (file === undefined) break
      file.close()
      this.#options.files.remove(file.path)
      deleted++
    }
    return deleted
  }

  /** Names sort as the files were made, also when the clock was put back or two files are made within a millisecond. */
  #nextName(last: string | undefined): string {
    const { clock, host } = this.#options
    const nowMs = clock.nowMs()
    const name = indexFileName(nowMs, host.utcOffsetMinutes(nowMs))
    if (last === undefined || name > last) return name
    return String(BigInt(last) + 1n).padStart(name.length, '0')
  }
}
