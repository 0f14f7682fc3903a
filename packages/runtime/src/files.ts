// SPDX-License-Identifier: Apache-2.0
// The disk seam: positional files, directories, whole-file reads and writes.

/** Answer of an operation that may finish later: `undefined` when it worked. */
export type Done = (error: Error | undefined) => void

/** An open file. Positions and lengths are bytes. */
export interface OpenFile {
  readonly path: string
  /** Current length of the file. */
  byteLength(): number
  /**
   * Reads into `into` from `position` without waiting on the event loop. `bytesRead` is smaller than `into` only at the end of the file.
   * `into` must not be touched until `done` is called; `done` is never called before `read` returns.
   */
  read(
    into: Uint8Array,
    position: number,
    done: (error: Error | undefined, bytesRead: number) => void,
  ): void
  /** Reads into `into` now; returns the bytes read. For recovery and for small reads that are in the page cache. */
  readSync(into: Uint8Array, position: number): number
  /**
   * Writes all chunks one after another from `position`. When `done` has been called without an error the bytes are in the kernel:
   * they survive the death of the process, not yet a loss of power. Chunks must not change until then. `done` may be called before `write` returns.
   */
  write(chunks: readonly Uint8Array[], position: number, done: Done): void
  writeSync(chunks: readonly Uint8Array[], position: number): void
  /** Puts what was written onto the disk (fdatasync), without waiting on the event loop. */
  flush(done: Done): void
  flushSync(): void
  /** Sets the length; new bytes read as zero and take no space yet. */
  truncate(byteLength: number): void
  /** Closes the file; operations under way are finished first. */
  close(): void
}

/** What `stat` tells of a path. */
export interface PathStat {
  readonly kind: 'file' | 'directory' | 'other'
  readonly byteLength: number
  readonly modifiedMs: number
}

/** Space of the file system that holds a path. */
export interface DiskSpace {
  readonly totalBytes: number
  readonly freeBytes: number
}

/** A lock on a path that another process would see. */
export interface FileLock {
  release(): void
}

/**
 * The file system. All calls but those of {@link OpenFile} and those that end in `Later` are synchronous: they run at start, at stop, at rolls
 * and for small tables. What ends in `Later` never holds the event loop and never calls `done` before it returns; it is for what there is very much of.
 */
export interface Files {
  /** Opens for reading and writing; `create` makes the file when missing. */
  open(path: string, mode: 'read' | 'write' | 'create'): OpenFile
  /** Undefined when there is nothing at the path. */
  stat(path: string): PathStat | undefined
  /** Names in a directory, sorted; empty when it does not exist. */
  list(directory: string): readonly string[]
  /** As {@link list}, in no order. */
  listLater(
    directory: string,
    done: (error: Error | undefined, names: readonly string[]) => void,
  ): void
  /** Makes the directory and its parents; nothing happens when it exists. */
  makeDirectory(path: string): void
  /**
   * Makes a file of this length, and the directories above it, and opens it for reading and writing. A file that exists gets the length and
   * keeps its bytes. `file` is undefined when there is an error; some of it may have been made then.
   */
  createLater(
    path: string,
    byteLength: number,
    done: (error: Error | undefined, file: OpenFile | undefined) => void,
  ): void
  /** Undefined when the file does not exist. */
  readFile(path: string): Uint8Array | undefined
  /** Creates or replaces the file; `durable` also flushes it. Not atomic: see {@link writeFileAtomically}. */
  writeFile(path: string, bytes: Uint8Array, options?: { readonly durable?: boolean }): void
  rename(from: string, to: string): void
  /** Removes a file, or a directory with all in it; nothing happens when it does not exist. */
  remove(path: string): void
  /** Flushes a directory's entries, so that files created or renamed in it survive a loss of power. */
  flushDirectory(path: string): void
  /** As {@link flushDirectory}, but nothing happens when there is no such directory. */
  flushDirectoryLater(path: string, done: Done): void
  /** Takes the lock, or returns undefined when another process holds it. Stale locks of dead processes do not count. */
  lock(path: string): FileLock | undefined
  space(path: string): DiskSpace
}
