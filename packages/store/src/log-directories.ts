// SPDX-License-Identifier: Apache-2.0
// Where the files of a commit log with several directories lie, and where the next one goes. (Java: MultiPathMappedFileQueue.)
import type { Files } from '@rocketmq-ts/runtime'
import { StoreError } from './errors.ts'

/** The directories a row of files is spread over. */
export interface Directories {
  /** New files go here, in turn. */
  readonly writable: readonly string[]
  /** Only read: nothing is written, created or cut here. */
  readonly readOnly: readonly string[]
  /** A directory on a disk used beyond this part gets no new file while another one has room. (Java: diskSpaceCleanForciblyRatio) */
  readonly fullRatio: number
}

/** Knows the directory of each file by its name. */
export class LogDirectories {
  readonly #files: Files
  readonly #directories: Directories
  readonly #placed = new Map<string, string>()

  constructor(files: Files, directories: Directories) {
    this.#files = files
    // Sorted, because the order decides which file goes where.
    this.#directories = { ...directories, writable: directories.writable.toSorted() }
  }

  /**
   * Names of all files that `pattern` matches, in order, and remembers where each lies.
   * @throws {StoreError} RMQ_STORE_LAYOUT when a name lies in two directories.
   */
  load(pattern: RegExp): readonly string[] {
    this.#placed.clear()
    const { writable, readOnly } = this.#directories
    for (const directory of [...writable, ...readOnly]) {
      for (const name of this.#files.list(directory).filter((found) => pattern.test(found))) {
        const other = this.#placed.get(name)
        if (other !== undefined) {
          throw new StoreError('RMQ_STORE_LAYOUT', `${name} lies in ${other} and in ${directory}`)
        }
        this.#placed.set(name, directory)
      }
    }
    return [...this.#placed.keys()].toSorted()
  }

  /** The directory of a file that exists. */
  of(name: string): string {
    return this.#placed.get(name) ?? this.#directories.writable[0] ?? ''
  }

  isReadOnly(name: string): boolean {
    return this.#directories.readOnly.includes(this.of(name))
  }

  /** Chooses the directory for the file with this number in the row: in turn among those that are not full, or among all when all are. */
  place(name: string, number: number): string {
    const { writable } = this.#directories
    const roomy = writable.filter((directory) => !this.#isFull(directory))
    const available = roomy.length > 0 ? roomy : writable
    const directory = available[number % available.length] ?? ''
    this.#placed.set(name, directory)
    return directory
  }

  forget(name: string): void {
    this.#placed.delete(name)
  }

  flushNames(): void {
    for (const directory of this.#directories.writable) this.#files.flushDirectory(directory)
  }

  #isFull(directory: string): boolean {
    const { totalBytes, freeBytes } = this.#files.space(directory)
    return totalBytes - freeBytes > totalBytes * this.#directories.fullRatio
  }
}
