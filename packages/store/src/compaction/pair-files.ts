// SPDX-License-Identifier: Apache-2.0
// The pairs of files of one compacted queue, oldest first. Compaction leaves gaps between their names.
import type { Files, OpenFile } from '@rocketmq-ts/runtime'
import { StoreError } from '../errors.ts'
import type { OpenFiles } from '../open-files.ts'
import { segmentName } from '../segment-files.ts'
import {
  isUnitAt,
  type PairSizes,
  positionAt,
  UNIT_BYTES,
  unitQueueOffsetAt,
  unitRecordBytesAt,
} from './compaction-format.ts'

const NAME = /^\d{20}$/
/** Topic, `compactionLog` or `compactionCq`, `compaction`, the store's directory. */
const PARENTS = 4

/** A log file with the file of its units. */
export interface Pair {
  /** Position of the log file's first byte; the name of both files. */
  readonly start: number
  /** Units in the file of units. */
  units: number
  /** Bytes of records in the log file. */
  logBytes: number
  /** Queue offsets of the first and the last record; −1 when there is none. */
  firstOffset: number
  lastOffset: number
}

/** Where the two rows of files lie. */
export interface PairDirectories {
  readonly log: string
  readonly units: string
}

/** What rows of pairs are made on. */
export interface PairDisk {
  readonly files: Files
  readonly open: OpenFiles
  readonly sizes: PairSizes
}

export function newPair(start: number): Pair {
  return { start, units: 0, logBytes: 0, firstOffset: -1, lastOffset: -1 }
}

/** One row of pairs. */
export class PairFiles {
  readonly directories: PairDirectories
  readonly disk: PairDisk
  /** Replaced, never changed in place, when compaction replaces files. */
  pairs: readonly Pair[] = []
  /** The rest of a replacement that the disk interrupted: until it is done nothing can be read. */
  unfinished: (() => void) | undefined
  #hasNewDirectories = false

  constructor(directories: PairDirectories, disk: PairDisk) {
    this.directories = directories
    this.disk = disk
  }

  get last(): Pair | undefined {
    return this.pairs.at(-1)
  }

  /** Queue offset of the first record, −1 when there is none, as in Java. */
  get minOffset(): number {
    return this.pairs.find(({ units }) => units > 0)?.firstOffset ?? -1
  }

  /** Queue offset behind the last record, 0 when there is none. */
  get maxOffset(): number {
    return (this.pairs.findLast(({ units }) => units > 0)?.lastOffset ?? -1) + 1
  }

  /** Position behind the last record, counted as if no file were missing. */
  get end(): number {
    const { last } = this
    return last === undefined ? 0 : last.start + last.logBytes
  }

  logPath(start: number): string {
    return `${this.directories.log}/${segmentName(start)}`
  }

  unitsPath(start: number): string {
    return `${this.directories.units}/${segmentName(start)}`
  }

  logFile(start: number): OpenFile {
    return this.disk.open.get(this.logPath(start))
  }

  unitsFile(start: number): OpenFile {
    return this.disk.open.get(this.unitsPath(start))
  }

  /** Makes the next pair. Names reach the disk with the next {@link flushNames}. */
  append(): Pair {
    const { last } = this
    const { open, sizes, files } = this.disk
    const pair = newPair(last === undefined ? 0 : last.start + sizes.logFileBytes)
    if (files.stat(this.directories.log) === undefined) this.#hasNewDirectories = true
    files.makeDirectory(this.directories.log)
    files.makeDirectory(this.directories.units)
    open.create(this.logPath(pair.start), sizes.logFileBytes)
    open.create(this.unitsPath(pair.start), sizes.unitFileBytes)
    this.pairs = [...this.pairs, pair]
    return pair
  }

  flushNames(): void {
    const depth = this.#hasNewDirectories ? PARENTS : 0
    for (const directory of [this.directories.log, this.directories.units]) {
      if (this.disk.files.stat(directory) === undefined) continue
      const names = directory.split('/')
      for (let up = 0; up <= depth && up < names.length - 1; up++) {
        this.disk.files.flushDirectory(names.slice(0, names.length - up).join('/'))
      }
    }
    this.#hasNewDirectories = false
  }

  /** Removes a pair's files. */
  remove(start: number): void {
    const { files, open } = this.disk
    for (const path of [this.logPath(start), this.unitsPath(start)]) {
      open.close(path)
      files.remove(path)
    }
    this.pairs = this.pairs.filter((pair) => pair.start !== start)
  }

  /** Keeps `units` units of the last pair and makes what lies behind them and their records read as zero; others behind it are removed. */
  cut(pair: Pair, units: number, logBytes: number): void {
    for (const { start } of this.pairs) if (start > pair.start) this.remove(start)
    const { sizes } = this.disk
    shorten(this.logFile(pair.start), logBytes, sizes.logFileBytes)
    shorten(this.unitsFile(pair.start), units * UNIT_BYTES, sizes.unitFileBytes)
    pair.units = units
    pair.logBytes = logBytes
    pair.firstOffset = units === 0 ? -1 : this.queueOffsetOf(pair, 0)
    pair.lastOffset = units === 0 ? -1 : this.queueOffsetOf(pair, units - 1)
  }

  /** For starts and cuts: reads a unit at once. */
  unit(pair: Pair, index: number): Uint8Array {
    const bytes = new Uint8Array(UNIT_BYTES)
    this.unitsFile(pair.start).readSync(bytes, index * UNIT_BYTES)
    return bytes
  }

  /** Bytes of the records of a pair's first `units` units. */
  endOf(pair: Pair, units: number): number {
    if (units === 0) return 0
    const last = this.unit(pair, units - 1)
    return positionAt(last, 0) + unitRecordBytesAt(last, 0) - pair.start
  }

  queueOffsetOf(pair: Pair, index: number): number {
    return unitQueueOffsetAt(this.unit(pair, index), 0)
  }

  /** Units from the start of the file up to the first thing that is none. */
  countUnits(pair: Pair): number {
    let least = 0
    let most = Math.floor(this.disk.sizes.unitFileBytes / UNIT_BYTES)
    while (least < most) {
      const middle = Math.floor((least + most) / 2)
      if (isUnitAt(this.unit(pair, middle), 0)) least = middle + 1
      else most = middle
    }
    return least
  }

  /**
   * Finds the files. After a crash the last pair may lack a file or length: nothing flushed is missing then.
   * @throws {StoreError} RMQ_STORE_LAYOUT when a file has another length or no counterpart.
   */
  load(isClean: boolean): void {
    const logNames = this.#names(this.directories.log)
    const unitNames = this.#names(this.directories.units)
    const all = [...new Set([...logNames, ...unitNames])].sort()
    const pairs: Pair[] = []
    all.forEach((name, index) => {
      const start = Number(name)
      if (logNames.includes(name) && unitNames.includes(name)) {
        this.#checkLength(this.logPath(start), this.disk.sizes.logFileBytes, isClean)
        this.#checkLength(this.unitsPath(start), this.disk.sizes.unitFileBytes, isClean)
        pairs.push(newPair(start))
      } else if (isClean || index < all.length - 1) {
        const [has, lacks] = logNames.includes(name)
          ? [this.directories.log, this.directories.units]
          : [this.directories.units, this.directories.log]
        throw new StoreError(
          'RMQ_STORE_LAYOUT',
          `${lacks} has no file ${name} although ${has} has one`,
        )
      } else this.remove(start)
    })
    this.pairs = pairs
  }

  #names(directory: string): readonly string[] {
    return this.disk.files.list(directory).filter((name) => NAME.test(name))
  }

  #checkLength(path: string, expected: number, isClean: boolean): void {
    const byteLength = this.disk.files.stat(path)?.byteLength ?? 0
    if (byteLength === expected) return
    if (!isClean && byteLength < expected) {
      this.disk.open.create(path, expected)
      return
    }
    throw new StoreError(
      'RMQ_STORE_LAYOUT',
      `${path} has ${byteLength} bytes, but ${expected} bytes follow from the configured sizes of compaction files`,
    )
  }
}

function shorten(file: OpenFile, byteLength: number, full: number): void {
  file.truncate(byteLength)
  file.truncate(full)
}
