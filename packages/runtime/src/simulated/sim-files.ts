// SPDX-License-Identifier: Apache-2.0
// The files seam of one simulated process: operations take virtual time, fail on demand, and end with the process.
import type { DiskSpace, Done, FileLock, Files, OpenFile, PathStat } from '../files.ts'
import type { Life, Scheduler } from './scheduler.ts'
import { fileError, type SimDisk } from './sim-disk.ts'
import type { FlushUnderWay, SimInode } from './sim-inode.ts'
import type { SimRandom } from './sim-random.ts'
import { PAGE_BYTES } from './sparse-bytes.ts'

/** An operation that changes or flushes something, or reads without waiting. */
export interface FileOperation {
  readonly kind:
    'read' | 'write' | 'flush' | 'truncate' | 'create' | 'rename' | 'remove' | 'flush-directory'
  readonly path: string
  /** 0 for operations without a position. */
  readonly position: number
  readonly byteLength: number
}

/** What goes wrong with an operation. */
export interface FileFault {
  /** The error code it fails with, for instance `EIO`. */
  readonly error?: string
  /**
   * Bytes that are written before it fails. Without an error: a read ends there, as if the file did, and of a write that does
   * not hold the loop the rest follows later.
   */
  readonly afterBytes?: number
  /** Additional time it takes, or a stall; without effect on synchronous calls. */
  readonly delayMs?: number
}

/** Asked before each operation; may also crash the process by throwing. */
export type FaultHook = (operation: FileOperation) => FileFault | undefined

/** Settings of the disk that tests may change while it is in use. */
export interface DiskBehaviour {
  fault: FaultHook | undefined
  /** Bytes the disk can hold; writes beyond fail with ENOSPC. */
  capacityBytes: number
  /** An operation that does not hold the loop takes between these, at random. */
  latencyMs: readonly [number, number]
  /** Whether `write` is done when it returns. */
  writesAtOnce: boolean
  /** Whether the kernel forgets half of what a failed flush did not bring to the disk, so that reads see what was there before. */
  evictsAfterFailedFlush: boolean
}

/** What the files of one process share. */
export interface FilesContext {
  readonly disk: SimDisk
  readonly behaviour: DiskBehaviour
  readonly locks: Map<string, Life>
  readonly life: Life
  readonly scheduler: Scheduler
  readonly random: SimRandom
  /** For what the kernel does unasked, so that it changes nothing else. */
  readonly kernelRandom: SimRandom
  readonly nowMs: () => number
}

/** Of this many writes one is followed by a write-back. */
const WRITE_BACK_ONCE_IN = 16

interface PendingWrite {
  readonly inode: SimInode
  readonly bytes: Uint8Array
  readonly position: number
}

/** The file system as one process sees it. */
export class SimFiles implements Files {
  readonly #context: FilesContext
  readonly #pendingWrites = new Set<PendingWrite>()

  constructor(context: FilesContext) {
    this.#context = context
  }

  /** The process dies: of each write under way the kernel has got a part. */
  abandon(): void {
    const { random } = this.#context
    for (const { inode, bytes, position } of this.#pendingWrites) {
      const share = random.below(3)
      const length = share === 0 ? 0 : share === 1 ? bytes.length : random.below(bytes.length + 1)
      inode.write(bytes.subarray(0, length), position)
    }
    this.#pendingWrites.clear()
  }

  open(path: string, mode: 'read' | 'write' | 'create'): OpenFile {
    this.#alive()
    let inode = this.#context.disk.file(path)
    if (inode === undefined) {
      if (mode !== 'create') throw fileError('ENOENT', 'open', path)
      this.begin({ kind: 'create', path, position: 0, byteLength: 0 })
      inode = this.#context.disk.create(path)
    }
    return new SimFile(this, path, inode)
  }

  stat(path: string): PathStat | undefined {
    this.#alive()
    const inode = this.#context.disk.file(path)
    if (inode !== undefined) {
      const { modifiedMs } = inode
      return { kind: 'file', byteLength: inode.kernel.byteLength, modifiedMs }
    }
    if (!this.#context.disk.hasDirectory(path)) return undefined
    // No time, but it grows when one would.
    return { kind: 'directory', byteLength: 0, modifiedMs: this.#context.disk.changesOf(path) }
  }

  list(directory: string): readonly string[] {
    this.#alive()
    return this.#context.disk.list(directory)
  }

  listLater(
    directory: string,
    done: (error: Error | undefined, names: readonly string[]) => void,
  ): void {
    this.#alive()
    this.later(undefined, () => done(undefined, this.list(directory)))
  }

  makeDirectory(path: string): void {
    this.#alive()
    this.#context.disk.makeDirectory(path)
  }

  readFile(path: string): Uint8Array | undefined {
    this.#alive()
    const inode = this.#context.disk.file(path)
    if (inode === undefined) return undefined
    const bytes = new Uint8Array(inode.kernel.byteLength)
    inode.kernel.read(bytes, 0)
    return bytes
  }

  writeFile(path: string, bytes: Uint8Array, options?: { readonly durable?: boolean }): void {
    const file = this.open(path, 'create')
    file.truncate(0)
    file.writeSync([bytes], 0)
    if (options?.durable === true) file.flushSync()
  }

  rename(from: string, to: string): void {
    this.begin({ kind: 'rename', path: to, position: 0, byteLength: 0 })
    this.#context.disk.rename(from, to)
  }

  remove(path: string): void {
    this.begin({ kind: 'remove', path, position: 0, byteLength: 0 })
    this.#context.disk.remove(path)
  }

  flushDirectory(path: string): void {
    this.begin({ kind: 'flush-directory', path, position: 0, byteLength: 0 })
    const directory = path === '/' ? '' : path
    if (!this.#context.disk.hasDirectory(directory)) throw fileError('ENOENT', 'open', path)
    this.#context.disk.flushDirectory(directory)
  }

  flushDirectoryLater(path: string, done: Done): void {
    const fault = this.faultOf({ kind: 'flush-directory', path, position: 0, byteLength: 0 })
    this.later(fault, () => {
      if (fault?.error === undefined) this.#context.disk.flushDirectory(path)
      done(fault?.error === undefined ? undefined : fileError(fault.error, 'fsync', path))
    })
  }

  /** Directories, file and length come at different times. */
  createLater(
    path: string,
    byteLength: number,
    done: (error: Error | undefined, file: OpenFile | undefined) => void,
  ): void {
    const fault = this.faultOf({ kind: 'create', path, position: 0, byteLength })
    const { disk } = this.#context
    let file: SimFile | undefined
    const steps = [
      () => disk.makeDirectory(path.slice(0, path.lastIndexOf('/'))),
      () => {
        if (fault?.error !== undefined) throw fileError(fault.error, 'open', path)
        file = new SimFile(this, path, disk.file(path) ?? disk.create(path))
      },
      () => {
        if (file?.byteLength() !== byteLength) file?.truncate(byteLength)
      },
    ]
    const next = (): void => {
      try {
        steps.shift()?.()
      } catch (error) {
        done(error instanceof Error ? error : new Error(String(error)), undefined)
        return
      }
      if (steps.length > 0) this.later(undefined, next)
      else done(undefined, file)
    }
    this.later(fault, next)
  }

  lock(path: string): FileLock | undefined {
    this.#alive()
    const { locks, life } = this.#context
    const owner = locks.get(path)
    if (owner !== undefined && !owner.hasEnded) return undefined
    locks.set(path, life)
    return {
      release: () => {
        if (locks.get(path) === life) locks.delete(path)
      },
    }
  }

  space(_path: string): DiskSpace {
    this.#alive()
    const totalBytes = this.#context.behaviour.capacityBytes
    return { totalBytes, freeBytes: Math.max(0, totalBytes - this.#context.disk.usedBytes()) }
  }

  /** Asks what goes wrong. @throws {Error} the fault's error, for operations that cannot wait. */
  begin(operation: FileOperation): void {
    const fault = this.faultOf(operation)
    if (fault?.error !== undefined) throw fileError(fault.error, operation.kind, operation.path)
  }

  faultOf(operation: FileOperation): FileFault | undefined {
    this.#alive()
    const fault = this.#context.behaviour.fault?.(operation)
    this.#alive()
    return fault
  }

  /** Writes as far as faults and space allow; returns the error, if any. */
  apply(path: string, write: PendingWrite, fault: FileFault | undefined): Error | undefined {
    let { bytes } = write
    let error: Error | undefined
    const { disk, behaviour } = this.#context
    if (fault?.error !== undefined) {
      bytes = bytes.subarray(0, fault.afterBytes ?? 0)
      error = fileError(fault.error, 'write', path)
    } else if (Number.isFinite(behaviour.capacityBytes)) {
      const free = behaviour.capacityBytes - disk.usedBytes()
      const fitting = fittingBytes(write, Math.max(0, free))
      if (bytes.length > fitting) {
        bytes = bytes.subarray(0, fitting)
        error = fileError('ENOSPC', 'write', path)
      }
    }
    write.inode.write(bytes, write.position)
    this.#wroteBack(write.inode)
    write.inode.modifiedMs = this.#context.nowMs()
    return error
  }

  /** Starts a write that ends later. */
  applyLater(path: string, write: PendingWrite, fault: FileFault | undefined, done: Done): void {
    const shortBytes = fault?.error === undefined ? (fault?.afterBytes ?? 0) : 0
    if (shortBytes > 0 && shortBytes < write.bytes.length) {
      this.#applyInTwo(path, write, shortBytes, fault, done)
      return
    }
    this.#pendingWrites.add(write)
    this.later(fault, () => {
      this.#pendingWrites.delete(write)
      done(this.apply(path, write, fault))
    })
  }

  /** The kernel takes a part, and the rest in a second call. */
  #applyInTwo(
    path: string,
    write: PendingWrite,
    shortBytes: number,
    fault: FileFault | undefined,
    done: Done,
  ): void {
    const { inode, bytes, position } = write
    const first = { inode, bytes: bytes.subarray(0, shortBytes), position }
    const rest = { inode, bytes: bytes.subarray(shortBytes), position: position + shortBytes }
    this.applyLater(path, first, undefined, (error) => {
      if (error === undefined) {
        this.applyLater(
          path,
          rest,
          fault === undefined ? fault : { delayMs: fault.delayMs ?? 0 },
          done,
        )
      } else done(error)
    })
  }

  /** A flush failed: what it covered is clean for the kernel, and partly not on the disk. */
  loseFlush(inode: SimInode, flush: FlushUnderWay): void {
    const { behaviour, kernelRandom } = this.#context
    inode.loseFlush(flush, kernelRandom, behaviour.evictsAfterFailedFlush)
  }

  get writesAtOnce(): boolean {
    return this.#context.behaviour.writesAtOnce
  }

  /** Runs `end` when the operation is over. */
  later(fault: FileFault | undefined, end: () => void): void {
    const { behaviour, random, scheduler, life } = this.#context
    const [least, most] = behaviour.latencyMs
    scheduler.after(life, random.between(least, most) + (fault?.delayMs ?? 0), end)
  }

  #wroteBack(inode: SimInode): void {
    const { kernelRandom } = this.#context
    if (kernelRandom.once(WRITE_BACK_ONCE_IN)) inode.writeBack(kernelRandom)
  }

  #alive(): void {
    if (this.#context.life.hasEnded) throw new Error('this process has been crashed')
  }
}

/** How much of a write fits into `free` bytes: what lies in pages that the file has already takes none. */
function fittingBytes({ inode, bytes, position }: PendingWrite, free: number): number {
  let fitting = bytes.length
  while (fitting > 0 && inode.bytesToHold(position, fitting) > free) {
    fitting -= ((position + fitting - 1) % PAGE_BYTES) + 1
  }
  return Math.max(0, fitting)
}

class SimFile implements OpenFile {
  readonly path: string
  readonly #files: SimFiles
  readonly #inode: SimInode
  #isClosed = false

  constructor(files: SimFiles, path: string, inode: SimInode) {
    this.#files = files
    this.path = path
    this.#inode = inode
  }

  byteLength(): number {
    return this.#inode.kernel.byteLength
  }

  read(
    into: Uint8Array,
    position: number,
    done: (error: Error | undefined, bytesRead: number) => void,
  ): void {
    const fault = this.#begin('read', position, into.length)
    this.#files.later(fault, () => {
      if (fault?.error !== undefined) done(fileError(fault.error, 'read', this.path), 0)
      else done(undefined, this.#readAt(into, position, fault))
    })
  }

  readSync(into: Uint8Array, position: number): number {
    const fault = this.#begin('read', position, into.length)
    this.#failOn(fault, 'read')
    return this.#readAt(into, position, fault)
  }

  write(chunks: readonly Uint8Array[], position: number, done: Done): void {
    const bytes = Buffer.concat(chunks)
    const fault = this.#begin('write', position, bytes.length)
    const write = { inode: this.#inode, bytes, position }
    if (this.#files.writesAtOnce && fault?.delayMs === undefined) {
      done(this.#files.apply(this.path, write, fault))
    } else this.#files.applyLater(this.path, write, fault, done)
  }

  writeSync(chunks: readonly Uint8Array[], position: number): void {
    const bytes = Buffer.concat(chunks)
    const fault = this.#begin('write', position, bytes.length)
    const error = this.#files.apply(this.path, { inode: this.#inode, bytes, position }, fault)
    if (error !== undefined) throw error
  }

  flush(done: Done): void {
    const fault = this.#begin('flush', 0, 0)
    const flush = this.#inode.beginFlush()
    this.#files.later(fault, () => {
      if (fault?.error === undefined) {
        this.#inode.endFlush(flush)
        done(undefined)
      } else {
        this.#files.loseFlush(this.#inode, flush)
        done(fileError(fault.error, 'fdatasync', this.path))
      }
    })
  }

  flushSync(): void {
    const fault = this.#begin('flush', 0, 0)
    const flush = this.#inode.beginFlush()
    if (fault?.error !== undefined) this.#files.loseFlush(this.#inode, flush)
    this.#failOn(fault, 'fdatasync')
    this.#inode.endFlush(flush)
  }

  truncate(byteLength: number): void {
    this.#failOn(this.#begin('truncate', byteLength, 0), 'ftruncate')
    this.#inode.truncate(byteLength)
  }

  close(): void {
    this.#isClosed = true
  }

  #readAt(into: Uint8Array, position: number, fault: FileFault | undefined): number {
    return this.#inode.kernel.read(into.subarray(0, fault?.afterBytes ?? into.length), position)
  }

  #begin(kind: FileOperation['kind'], position: number, byteLength: number): FileFault | undefined {
    if (this.#isClosed) throw new Error(`cannot use ${this.path}: the file has been closed`)
    return this.#files.faultOf({ kind, path: this.path, position, byteLength })
  }

  #failOn(fault: FileFault | undefined, call: string): void {
    if (fault?.error !== undefined) throw fileError(fault.error, call, this.path)
  }
}
