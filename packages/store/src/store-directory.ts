// SPDX-License-Identifier: Apache-2.0
// A store's directory: taken by one process at a time, and marked while it is open so that a crash shows.
import type { FileLock, Files } from '@rocketmq-ts/runtime'
import { StoreError } from './errors.ts'
import type { StorePaths } from './paths.ts'

/** The directory while this process holds its lock. */
export class StoreDirectory {
  readonly paths: StorePaths
  readonly #files: Files
  readonly #lock: FileLock

  /**
   * Makes the directories that are missing and takes the lock.
   * @throws {StoreError} RMQ_STORE_LOCKED when another process holds it.
   */
  static take(files: Files, paths: StorePaths): StoreDirectory {
    const { root, commitLogs, consumeQueues, index, config } = paths
    for (const path of [root, ...commitLogs, consumeQueues, index, config]) {
      makeDurableDirectory(files, path)
    }
    const lock = files.lock(paths.lock)
    if (lock === undefined) {
      throw new StoreError(
        'RMQ_STORE_LOCKED',
        `${paths.root} is in use by another process; stop it or choose another directory`,
      )
    }
    try {
      // Java keeps this text in the file it locks.
      files.writeFile(paths.lock, Buffer.from('lock'))
    } catch (error) {
      lock.release()
      throw error
    }
    return new StoreDirectory(files, paths, lock)
  }

  private constructor(files: Files, paths: StorePaths, lock: FileLock) {
    this.paths = paths
    this.#files = files
    this.#lock = lock
  }

  /** False when the process that used the directory last did not stop in order. */
  get isClean(): boolean {
    return this.#files.stat(this.paths.abort) === undefined
  }

  /** From now on a missing {@link markClean} counts as a crash. */
  markOpen(processId: number): void {
    this.#files.writeFile(this.paths.abort, Buffer.from(String(processId)), { durable: true })
    this.#files.flushDirectory(this.paths.root)
  }

  /** Everything is on disk. */
  markClean(): void {
    this.#files.remove(this.paths.abort)
    this.#files.flushDirectory(this.paths.root)
  }

  release(): void {
    this.#lock.release()
  }
}

/** Makes a directory and those above it, so that they survive a loss of power. */
function makeDurableDirectory(files: Files, path: string): void {
  if (path === '' || files.stat(path) !== undefined) return
  const parent = path.slice(0, Math.max(0, path.lastIndexOf('/')))
  makeDurableDirectory(files, parent)
  files.makeDirectory(path)
  files.flushDirectory(parent === '' ? '/' : parent)
}
