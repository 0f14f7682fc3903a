// SPDX-License-Identifier: Apache-2.0
// A row of files as it was found, whatever is wrong with it: read by position, never written.
import type { Files } from '@rocketmq-ts/runtime'
import type { OpenFiles } from '../open-files.ts'
import { segmentName } from '../segment-files.ts'

const NAME = /^\d{20}$/

/** One file of a row; `start` is the position of its first byte in the row. */
export interface RowFile {
  readonly start: number
  readonly path: string
  readonly byteLength: number
}

/** Files named by the position of their first byte, sorted. Files may be missing in between, or have another length. */
export class FileRow {
  /** Length of each file: that of the longest, unless told. */
  readonly fileBytes: number
  readonly files: readonly RowFile[]
  /** The first directory: where new files go. */
  readonly directory: string
  readonly #open: OpenFiles

  constructor(options: {
    directories: readonly string[]
    files: Files
    open: OpenFiles
    fileBytes?: number | undefined
    /** Name of the only file that counts. */
    only?: string | undefined
  }) {
    const found: RowFile[] = []
    for (const directory of options.directories) {
      for (const name of options.files.list(directory)) {
        if (!NAME.test(name) || (options.only !== undefined && name !== options.only)) continue
        const path = `${directory}/${name}`
        const byteLength = options.files.stat(path)?.byteLength ?? 0
        found.push({ start: Number(name), path, byteLength })
      }
    }
    this.files = found.toSorted((a, b) => a.start - b.start)
    this.fileBytes =
      options.fileBytes ?? this.files.reduce((most, file) => Math.max(most, file.byteLength), 0)
    this.directory = options.directories[0] ?? ''
    this.#open = options.open
  }

  get start(): number {
    return this.files[0]?.start ?? 0
  }

  /** Position behind the last file. */
  get end(): number {
    const last = this.files.at(-1)
    return last === undefined ? 0 : last.start + this.fileBytes
  }

  /** Starts of files that should be there. */
  missing(): number[] {
    const starts: number[] = []
    const known = new Set(this.files.map(({ start }) => start))
    if (this.fileBytes === 0) return starts
    for (let at = this.start; at < this.end; at += this.fileBytes) {
      if (!known.has(at)) starts.push(at)
    }
    return starts
  }

  /** Files whose length is not that of the row, and files whose name does not fit into it. */
  misshapen(): RowFile[] {
    return this.files.filter(
      ({ start, byteLength }) =>
        byteLength !== this.fileBytes || (start - this.start) % this.fileBytes !== 0,
    )
  }

  startOf(position: number): number {
    return this.fileBytes === 0 ? 0 : position - (position % this.fileBytes)
  }

  /** The file that holds a position. */
  at(position: number): RowFile | undefined {
    const wanted = this.startOf(position)
    let low = 0
    let high = this.files.length
    while (low < high) {
      const middle = (low + high) >> 1
      if ((this.files[middle]?.start ?? 0) < wanted) low = middle + 1
      else high = middle
    }
    const found = this.files[low]
    return found?.start === wanted ? found : undefined
  }

  /** The path that the file holding a position has, or would have. */
  pathOf(position: number): string {
    return this.at(position)?.path ?? `${this.directory}/${segmentName(this.startOf(position))}`
  }

  /** Reads from one file; returns the bytes read, 0 where there is no file. */
  read(position: number, into: Uint8Array): number {
    const file = this.at(position)
    if (file === undefined) return 0
    const inFile = position - file.start
    const room = Math.min(into.length, this.fileBytes - inFile)
    if (room <= 0) return 0
    return this.#open.get(file.path, 'read').readSync(into.subarray(0, room), inFile)
  }
}
