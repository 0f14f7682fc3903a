// SPDX-License-Identifier: Apache-2.0
// An ordered row of fixed-size files, each named by the offset of its first byte in 20 digits. (Java: MappedFileQueue; nothing is mapped here.)
import type { Files, OpenFile } from '@rocketmq-ts/runtime'
import { StoreError } from './errors.ts'
import type { LogDirectories } from './log-directories.ts'
import type { OpenFiles } from './open-files.ts'

const NAME = /^\d{20}$/

/** The name of the segment that starts at `offset`. */
export function segmentName(offset: number): string {
  return String(offset).padStart(20, '0')
}

/** A row of segments of one directory. Offsets are bytes. Segments follow each other without a gap. */
export class SegmentFiles {
  readonly directory: string
  readonly segmentBytes: number
  readonly #files: Files
  readonly #open: OpenFiles
  /** Paths of files that were found behind a gap: see {@link load}. */
  readonly behindGap: string[] = []
  /** Undefined when all files lie in `directory`. */
  readonly #directories: LogDirectories | undefined
  readonly #ordersRemovals: boolean
  #hasUnflushedNames = false
  #first = 0
  #count = 0

  constructor(options: {
    directory: string
    segmentBytes: number
    files: Files
    open: OpenFiles
    directories?: LogDirectories | undefined
    /** Removals reach the disk in their order, so that a loss of power leaves no gap. */
    ordersRemovals?: boolean
  }) {
    this.#ordersRemovals = options.ordersRemovals === true
    this.#directories = options.directories
    this.directory = options.directory
    this.segmentBytes = options.segmentBytes
    this.#files = options.files
    this.#open = options.open
  }

  get count(): number {
    return this.#count
  }

  /** Offset of the first byte of the first segment. */
  get start(): number {
    return this.#first
  }

  /** Offset behind the last byte of the last segment. */
  get end(): number {
    return this.#first + this.#count * this.segmentBytes
  }

  /** Offset of the first byte of the segment that holds `offset`. */
  startOf(offset: number): number {
    return offset - (offset % this.segmentBytes)
  }

  path(start: number): string {
    const name = segmentName(start)
    return `${this.#directories?.of(name) ?? this.directory}/${name}`
  }

  /** True when the segment that holds `offset` must not be written. */
  isReadOnly(offset: number): boolean {
    return this.#directories?.isReadOnly(segmentName(this.startOf(offset))) === true
  }

  /** True when a segment holds `offset`. */
  holds(offset: number): boolean {
    return offset >= this.#first && offset < this.end
  }

  /** The open segment that holds `offset`. */
  fileAt(offset: number): OpenFile {
    return this.#open.get(
      this.path(this.startOf(offset)),
      this.isReadOnly(offset) ? 'read' : 'write',
    )
  }

  /** True when the segment at `path` of this directory is still one of this row. */
  hasPath(path: string): boolean {
    return this.#count > 0 && this.holds(Number(path.slice(path.lastIndexOf('/') + 1)))
  }

  /** The open segment at `path`, which is one of this row. */
  fileAtPath(path: string): OpenFile {
    return this.#open.get(path)
  }

  /**
   * Finds the segments in the directory. After a crash files may be shorter: their length was not on disk yet, so nothing flushed
   * is missing, and they are brought to their length. With `cutsAtGap` a crash may also have lost the name of a file that had not
   * been flushed while a later one survived: the row then ends before it, and {@link behindGap} names the files that are left out.
   * @throws {StoreError} RMQ_STORE_LAYOUT when a file has another length or one is missing in between.
   */
  load(isClean: boolean, cutsAtGap: boolean = false): void {
    const names =
      this.#directories?.load(NAME) ??
      this.#files.list(this.directory).filter((name) => NAME.test(name))
    this.#first = Number(names[0] ?? 0)
    this.#count = names.length
    names.forEach((name, index) => {
      const expected = this.#first + index * this.segmentBytes
      if (this.behindGap.length > 0 || (Number(name) !== expected && cutsAtGap && !isClean)) {
        this.#count = Math.min(this.#count, index)
        this.behindGap.push(`${this.directory}/${name}`)
        return
      }
      if (Number(name) !== expected) {
        throw new StoreError(
          'RMQ_STORE_LAYOUT',
          `${this.directory} has no file ${segmentName(expected)} although ${name} follows it`,
        )
      }
      this.#checkLength(expected, isClean)
    })
  }

  /** Removes the files that were found behind a gap. */
  removeBehindGap(): void {
    for (const path of this.behindGap.splice(0)) {
      this.#open.close(path)
      this.#files.remove(path)
    }
  }

  /** Makes the next segment, full length, and returns it. The first one of an empty row starts at `start`. */
  append(start: number): OpenFile {
    if (this.#count === 0) this.#first = start
    const { end } = this
    this.#directories?.place(segmentName(end), end / this.segmentBytes)
    const file = this.#open.create(this.path(end), this.segmentBytes)
    this.#hasUnflushedNames = true
    this.#count++
    return file
  }

  /**
   * As {@link append}, without waiting on the event loop; the directory is made as well. Nothing else may be appended meanwhile.
   * When the row was cut meanwhile, the file that no longer follows it is removed again.
   */
  async appendLater(start: number): Promise<void> {
    const wasEmpty = this.#count === 0
    const at = wasEmpty ? start : this.end
    const path = this.path(at)
    await this.#open.createLater(path, this.segmentBytes)
    const follows = wasEmpty ? this.#count === 0 : this.#count > 0 && this.end === at
    if (!follows) {
      this.#open.close(path)
      this.#files.remove(path)
      return
    }
    if (wasEmpty) this.#first = at
    this.#hasUnflushedNames = true
    this.#count++
  }

  /** Takes the row as it is known to be instead of looking for it; see {@link load}. */
  restore(start: number, count: number): void {
    this.#first = start
    this.#count = count
  }

  /** True when files were made or removed and a loss of power could undo it. */
  get hasUnflushedNames(): boolean {
    return this.#hasUnflushedNames
  }

  /** Makes the names of the files survive a loss of power. */
  flushNames(): void {
    if (this.#directories === undefined) this.#files.flushDirectory(this.directory)
    else this.#directories.flushNames()
    this.#hasUnflushedNames = false
  }

  /**
   * Makes everything at and behind `offset` read as zero again and removes the segments behind it.
   * Bytes that were cut must never come back, or a record that looks whole would be taken for one: the caller flushes the
   * returned file before anything new in it counts as flushed. Undefined when no file was shortened.
   */
  cut(offset: number): OpenFile | undefined {
    this.removeBehind(offset)
    if (this.#count > 0 && offset <= this.#first) this.#removeLast()
    if (this.#count === 0 || offset >= this.end) return undefined
    if (this.isReadOnly(offset)) {
      throw new StoreError(
        'RMQ_STORE_LAYOUT',
        `the log ends at ${offset} in ${this.path(this.startOf(offset))}, which is to be read only; ` +
          'take its directory out of the read-only ones, or move the file',
      )
    }
    const file = this.fileAt(offset)
    file.truncate(offset - this.startOf(offset))
    file.truncate(this.segmentBytes)
    return file
  }

  /** Removes the segments that start at or behind `offset`, but not the first one. */
  removeBehind(offset: number): void {
    while (this.#count > 1 && this.end - this.segmentBytes >= offset) this.#removeLast()
  }

  /** Removes the first segment. */
  removeFirst(): void {
    if (this.#count === 0) return
    const start = this.#first
    this.#first += this.segmentBytes
    this.#count--
    this.#remove(start)
  }

  removeAll(): void {
    while (this.#count > 0) this.#removeLast()
  }

  #removeLast(): void {
    this.#count--
    this.#remove(this.end)
  }

  #remove(start: number): void {
    const path = this.path(start)
    this.#open.close(path)
    this.#files.remove(path)
    this.#hasUnflushedNames = true
    this.#directories?.forget(segmentName(start))
    if (this.#ordersRemovals) this.#files.flushDirectory(path.slice(0, path.lastIndexOf('/')))
  }

  #checkLength(start: number, isClean: boolean): void {
    const path = this.path(start)
    // What the process before made may not have got its name on disk.
    if (!isClean) this.#hasUnflushedNames = true
    const byteLength = this.#files.stat(path)?.byteLength ?? 0
    if (byteLength === this.segmentBytes) return
    if (!isClean && byteLength < this.segmentBytes && !this.isReadOnly(start)) {
      this.#open.create(path, this.segmentBytes)
      return
    }
    throw new StoreError(
      'RMQ_STORE_LAYOUT',
      `${path} has ${byteLength} bytes, but segments of ${this.segmentBytes} bytes are configured`,
    )
  }
}
