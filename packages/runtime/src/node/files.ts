// SPDX-License-Identifier: Apache-2.0
// The file system through node:fs.
import * as fs from 'node:fs'
import process from 'node:process'
import { posixLockHolder } from './posix-locks.ts'
import type { DiskSpace, Done, FileLock, Files, OpenFile, PathStat } from '../files.ts'

/** Where positional writes run; see ADR 10. */
export type WriteMode =
  /** On the event loop: the least CPU and latency while the page cache takes the bytes at once. */
  | 'loop'
  /** In libuv's thread pool: the loop never waits for the disk, each write pays a thread's wake-up. */
  | 'pool'

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT'
}

function remainingAfter(chunks: readonly Uint8Array[], written: number): Uint8Array[] {
  const remaining: Uint8Array[] = []
  let skip = written
  for (const chunk of chunks) {
    if (skip >= chunk.length) skip -= chunk.length
    else {
      remaining.push(skip === 0 ? chunk : chunk.subarray(skip))
      skip = 0
    }
  }
  return remaining
}

function byteLengthOf(chunks: readonly Uint8Array[]): number {
  let total = 0
  for (const chunk of chunks) total += chunk.length
  return total
}

class NodeFile implements OpenFile {
  readonly path: string
  readonly #descriptor: number
  readonly #writeMode: WriteMode
  #underWay = 0
  #closing = false

  constructor(path: string, descriptor: number, writeMode: WriteMode) {
    this.path = path
    this.#descriptor = descriptor
    this.#writeMode = writeMode
  }

  byteLength(): number {
    return fs.fstatSync(this.#descriptor).size
  }

  read(
    into: Uint8Array,
    position: number,
    done: (error: Error | undefined, bytesRead: number) => void,
  ): void {
    this.#begin()
    let filled = 0
    const next = (): void => {
      fs.read(
        this.#descriptor,
        into,
        filled,
        into.length - filled,
        position + filled,
        (error, bytesRead) => {
          if (error === null && bytesRead > 0 && filled + bytesRead < into.length) {
            filled += bytesRead
            next()
            return
          }
          this.#end()
          done(error ?? undefined, filled + (error === null ? bytesRead : 0))
        },
      )
    }
    next()
  }

  readSync(into: Uint8Array, position: number): number {
    let filled = 0
    while (filled < into.length) {
      const bytesRead = fs.readSync(
        this.#descriptor,
        into,
        filled,
        into.length - filled,
        position + filled,
      )
      if (bytesRead === 0) break
      filled += bytesRead
    }
    return filled
  }

  write(chunks: readonly Uint8Array[], position: number, done: Done): void {
    if (this.#writeMode === 'loop') {
      try {
        this.writeSync(chunks, position)
      } catch (error) {
        done(error instanceof Error ? error : new Error(String(error)))
        return
      }
      done(undefined)
      return
    }
    this.#begin()
    const next = (rest: readonly Uint8Array[], at: number): void => {
      fs.writev(this.#descriptor, rest, at, (error, written) => {
        // The kernel may take a part only; the rest follows from where it stopped.
        if (error === null && written < byteLengthOf(rest)) {
          next(remainingAfter(rest, written), at + written)
          return
        }
        this.#end()
        done(error ?? undefined)
      })
    }
    next(chunks, position)
  }

  writeSync(chunks: readonly Uint8Array[], position: number): void {
    const only = chunks[0]
    if (chunks.length === 1 && only !== undefined) {
      let written = 0
      while (written < only.length) {
        written += fs.writeSync(
          this.#descriptor,
          only,
          written,
          only.length - written,
          position + written,
        )
      }
      return
    }
    let rest: readonly Uint8Array[] = chunks
    let at = position
    while (rest.length > 0) {
      const written = fs.writevSync(this.#descriptor, rest, at)
      at += written
      rest = remainingAfter(rest, written)
    }
  }

  flush(done: Done): void {
    this.#begin()
    fs.fdatasync(this.#descriptor, (error) => {
      this.#end()
      done(error ?? undefined)
    })
  }

  flushSync(): void {
    fs.fdatasyncSync(this.#descriptor)
  }

  truncate(byteLength: number): void {
    fs.ftruncateSync(this.#descriptor, byteLength)
  }

  close(): void {
    if (this.#closing) return
    this.#closing = true
    if (this.#underWay === 0) fs.closeSync(this.#descriptor)
  }

  #begin(): void {
    if (this.#closing) throw new Error(`cannot use ${this.path}: the file has been closed`)
    this.#underWay += 1
  }

  // The descriptor must outlive what runs in the thread pool: its number could belong to another file by then.
  #end(): void {
    this.#underWay -= 1
    if (this.#closing && this.#underWay === 0) fs.closeSync(this.#descriptor)
  }
}

function stat(path: string): PathStat | undefined {
  const found = fs.statSync(path, { throwIfNoEntry: false })
  if (found === undefined) return undefined
  const kind = found.isFile() ? 'file' : found.isDirectory() ? 'directory' : 'other'
  return { kind, byteLength: found.size, modifiedMs: found.mtimeMs }
}

function list(directory: string): readonly string[] {
  try {
    return fs.readdirSync(directory).toSorted()
  } catch (error) {
    if (isMissing(error)) return []
    throw error
  }
}

function readFile(path: string): Uint8Array | undefined {
  try {
    return fs.readFileSync(path)
  } catch (error) {
    if (isMissing(error)) return undefined
    throw error
  }
}

function flushDirectory(path: string): void {
  // Windows cannot open a directory for flushing; its renames are journalled.
  if (process.platform === 'win32') return
  const descriptor = fs.openSync(path, 'r')
  try {
    fs.fsyncSync(descriptor)
  } finally {
    fs.closeSync(descriptor)
  }
}

function listLater(
  directory: string,
  done: (error: Error | undefined, names: readonly string[]) => void,
): void {
  fs.readdir(directory, (error, names) => {
    if (error === null) done(undefined, names)
    else if (isMissing(error)) done(undefined, [])
    else done(error, [])
  })
}

function flushDirectoryLater(path: string, done: Done): void {
  if (process.platform === 'win32') {
    setImmediate(done, undefined)
    return
  }
  fs.open(path, 'r', (error, descriptor) => {
    if (error !== null) {
      done(isMissing(error) ? undefined : error)
      return
    }
    fs.fsync(descriptor, (flushError) => {
      // Nothing is left to do for the kernel: not worth another trip to the thread pool.
      fs.closeSync(descriptor)
      done(flushError ?? undefined)
    })
  })
}

function createLater(
  path: string,
  byteLength: number,
  writeMode: WriteMode,
  done: (error: Error | undefined, file: OpenFile | undefined) => void,
): void {
  fs.mkdir(path.slice(0, path.lastIndexOf('/')), { recursive: true }, (unmade) => {
    if (unmade !== null) {
      done(unmade, undefined)
      return
    }
    fs.open(path, openFlags.create, 0o644, (unopened, descriptor) => {
      if (unopened !== null) {
        done(unopened, undefined)
        return
      }
      fs.ftruncate(descriptor, byteLength, (error) => {
        if (error === null) done(undefined, new NodeFile(path, descriptor, writeMode))
        else fs.close(descriptor, () => done(error, undefined))
      })
    })
  })
}

function isAlive(processId: number): boolean {
  try {
    process.kill(processId, 0)
    return true
  } catch (error) {
    // EPERM: it lives, but belongs to somebody else.
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}

/** When the process with this id started, in the kernel's ticks; tells a living owner from a newer process with its id. Linux only. */
function startTicks(processId: number): string | undefined {
  try {
    const text = fs.readFileSync(`/proc/${processId}/stat`, 'latin1')
    return text.slice(text.lastIndexOf(')') + 2).split(' ')[19]
  } catch {
    return undefined
  }
}

// Node can take no lock that Java would see, but on Linux it sees those that Java takes. An exclusively created file that names its owner does the same between our own processes,
// and a dead owner's file is taken over.
function lock(path: string): FileLock | undefined {
  if (posixLockHolder(path) !== undefined) return undefined
  const owner = `${path}.owner`
  const identity = `${process.pid} ${startTicks(process.pid) ?? ''}`
  for (let attempt = 0; attempt < 3; attempt += 1) {
    try {
      fs.writeFileSync(owner, identity, { flag: 'wx' })
      return { release: () => fs.rmSync(owner, { force: true }) }
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error
      const [text = '', started = ''] = String(readFile(owner) ?? '').split(' ')
      const processId = Number(text)
      const isOwned =
        Number.isInteger(processId) &&
        processId > 0 &&
        isAlive(processId) &&
        (startTicks(processId) ?? '') === started
      if (isOwned) return undefined
      fs.rmSync(owner, { force: true })
    }
  }
  return undefined
}

function space(path: string): DiskSpace {
  const found = fs.statfsSync(path)
  // Without what is kept for the superuser: full is where this process may write no more.
  const total = found.blocks - found.bfree + found.bavail
  return { totalBytes: total * found.bsize, freeBytes: found.bavail * found.bsize }
}

const openFlags = { read: 'r', write: 'r+', create: fs.constants.O_RDWR | fs.constants.O_CREAT }

/** The real file system. */
export function createNodeFiles(writeMode: WriteMode): Files {
  return {
    open: (path, mode) => new NodeFile(path, fs.openSync(path, openFlags[mode], 0o644), writeMode),
    stat,
    list,
    listLater,
    createLater: (path, byteLength, done) => createLater(path, byteLength, writeMode, done),
    makeDirectory: (path) => void fs.mkdirSync(path, { recursive: true }),
    readFile,
    writeFile: (path, bytes, options) =>
      fs.writeFileSync(path, bytes, { flush: options?.durable === true }),
    rename: (from, to) => fs.renameSync(from, to),
    remove: (path) => fs.rmSync(path, { recursive: true, force: true }),
    flushDirectory,
    flushDirectoryLater,
    lock,
    space,
  }
}
