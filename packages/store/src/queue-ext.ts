// SPDX-License-Identifier: Apache-2.0
// What does not fit into a queue's entries: units with the tags code, the store time and a bit map, in a row of files of their own.
//
//  0      2           10           18         20
//  ├ size ┼ tags code ┼ store time ┼ map size ┼ bit map …     a unit never reaches over a file's end: −1 as size ends a file early
//
// An entry that has a unit carries the unit's position, with the highest bit set, in place of its tags code.
import { int16At, int32At, int64At, putInt32, putInt64 } from '@rocketmq-ts/remoting/message'
import type { OpenFile } from '@rocketmq-ts/runtime'
import type { SegmentFiles } from './segment-files.ts'

const HEAD_BYTES = 20
const MAX_UNIT_BYTES = 0x7fff
/** Room that Java leaves at a file's end. */
const END_BYTES = 4
const TWO_POW_31 = 0x8000_0000
const TWO_POW_32 = 0x1_0000_0000
const SCAN_BYTES = 64 * 1024

/** What an entry's unit says. */
export interface QueueExtUnit {
  readonly tagsCode: number
  readonly storeTimestampMs: number
  /** Empty when there is none. */
  readonly bitMap: Uint8Array
}

/** Position of the unit that the tags code at byte position `at` refers to; −1 when it is an ordinary tags code. */
export function extPositionAt(bytes: Uint8Array, at: number): number {
  const high = int32At(bytes, at)
  if (high >= -1) {
    // Down to −2^31 it is the hash of a tag.
    if (high >= 0 || int32At(bytes, at + 4) < 0) return -1
  }
  return (high + TWO_POW_31) * TWO_POW_32 + (int32At(bytes, at + 4) >>> 0)
}

/** Writes a unit's position in place of a tags code. */
export function putExtPosition(bytes: Uint8Array, at: number, position: number): void {
  const high = Math.floor(position / TWO_POW_32)
  putInt32(bytes, at, high - TWO_POW_31)
  putInt32(bytes, at + 4, position - high * TWO_POW_32)
}

function unitAt(bytes: Uint8Array, at: number): QueueExtUnit | undefined {
  if (at + HEAD_BYTES > bytes.length) return undefined
  const size = int16At(bytes, at)
  const mapBytes = int16At(bytes, at + 18)
  if (size > MAX_UNIT_BYTES || size !== HEAD_BYTES + mapBytes || at + size > bytes.length) {
    return undefined
  }
  return {
    tagsCode: int64At(bytes, at + 2),
    storeTimestampMs: int64At(bytes, at + 10),
    bitMap: bytes.slice(at + HEAD_BYTES, at + size),
  }
}

/** Units that follow each other. */
export interface UnitStretch {
  readonly position: number
  readonly bytes: Uint8Array
}

function unitIn({ position, bytes }: UnitStretch, wanted: number): QueueExtUnit | undefined {
  if (wanted < position || wanted >= position + bytes.length) return undefined
  return unitAt(bytes, wanted - position)
}

interface Pending {
  readonly position: number
  readonly bytes: Uint8Array
}

/** The units of one queue. (Java: ConsumeQueueExt) */
export class QueueExt {
  readonly segments: SegmentFiles
  /** Where the next unit goes. */
  #end = 0
  /** Units that are not in the files, in order. */
  #pending: Pending[] = []
  #last: UnitStretch | undefined

  constructor(segments: SegmentFiles) {
    this.segments = segments
  }

  get end(): number {
    return this.#end
  }

  /** Keeps a unit; returns its position, or −1 when its bit map is too long. */
  put(unit: QueueExtUnit): number {
    const size = HEAD_BYTES + unit.bitMap.length
    const { segmentBytes } = this.segments
    if (size > MAX_UNIT_BYTES || size + END_BYTES > segmentBytes) return -1
    const room = segmentBytes - (this.#end % segmentBytes)
    if (size > room - END_BYTES) {
      this.#pending.push({ position: this.#end, bytes: Uint8Array.of(0xff, 0xff) })
      this.#end += room
    }
    const bytes = new Uint8Array(size)
    putInt32(bytes, 0, size << 16)
    putInt64(bytes, 2, unit.tagsCode)
    putInt64(bytes, 10, unit.storeTimestampMs)
    bytes[18] = unit.bitMap.length >> 8
    bytes[19] = unit.bitMap.length
    bytes.set(unit.bitMap, HEAD_BYTES)
    const position = this.#end
    this.#pending.push({ position, bytes })
    this.#end += size
    return position
  }

  /** True when the unit at a position is in memory or may be in the files. */
  mayHave(position: number): boolean {
    if (this.#findPending(position) !== undefined) return true
    return position < this.#end && this.segments.holds(position)
  }

  /** The unit at a position when it is in memory, or in one of the stretches that a reader has loaded. */
  find(position: number, loaded: readonly UnitStretch[] = []): QueueExtUnit | undefined {
    const pending = this.#findPending(position)
    if (pending !== undefined) return unitAt(pending.bytes, 0)
    for (const stretch of loaded) {
      const unit = unitIn(stretch, position)
      if (unit !== undefined) return unit
    }
    return this.#last === undefined ? undefined : unitIn(this.#last, position)
  }

  /** Reads units from `position` on, without waiting on the event loop; `loaded` hears undefined when none lies there. */
  load(position: number, loaded: (stretch: UnitStretch | undefined) => void): void {
    const { segments } = this
    const start = segments.startOf(position)
    const most = Math.min(start + segments.segmentBytes, this.#end) - position
    const bytes = new Uint8Array(Math.min(most, SCAN_BYTES))
    try {
      segments.fileAt(position).read(bytes, position - start, (error, bytesRead) => {
        const stretch = { position, bytes: bytes.subarray(0, bytesRead) }
        const isThere = error === undefined && unitIn(stretch, position) !== undefined
        if (isThere) this.#last = stretch
        loaded(isThere ? stretch : undefined)
      })
    } catch {
      // A file that is gone has no units: the entry then matches every filter, as in Java.
      loaded(undefined)
    }
  }

  /** Writes the units below `end`; `touched` hears of each file that must be flushed. */
  async write(end: number, touched: (file: OpenFile) => void): Promise<void> {
    for (;;) {
      const [first] = this.#pending
      if (first === undefined || first.position >= end) return
      const { segments } = this
      while (first.position >= segments.end || segments.count === 0) {
        segments.append(segments.startOf(first.position))
      }
      const start = segments.startOf(first.position)
      const together: Uint8Array[] = []
      let to = first.position
      for (const { position, bytes } of this.#pending) {
        if (position !== to || position >= end || position >= start + segments.segmentBytes) break
        together.push(bytes)
        to += bytes.length
      }
      const file = segments.fileAt(first.position)
      await new Promise<void>((resolve, reject) => {
        file.write(together, first.position - start, (error) =>
          error === undefined ? resolve() : reject(error),
        )
      })
      touched(file)
      this.#pending.splice(0, together.length)
      this.#last = undefined
    }
  }

  /**
   * Finds the end after a start: behind the unit at `lastPosition`, the last that an entry refers to, or behind the last whole
   * unit when no entry refers to one. What follows reads as zero again. Returns the file that must be flushed.
   * @see ConsumeQueueExt.recover
   */
  recover(lastPosition: number): OpenFile | undefined {
    this.#pending = []
    this.#last = undefined
    const { segments } = this
    if (segments.count === 0) {
      this.#end = 0
      return undefined
    }
    const size = lastPosition < 0 ? 0 : this.#sizeAt(lastPosition)
    this.#end = size > 0 ? lastPosition + size : this.#scannedEnd()
    return segments.cut(this.#end)
  }

  /** Removes the files that end below `position`, the first that an entry refers to. */
  removeBefore(position: number): void {
    const { segments } = this
    while (segments.count > 1 && segments.start + segments.segmentBytes < position) {
      segments.removeFirst()
      segments.flushNames()
    }
  }

  removeAll(): void {
    this.#pending = []
    this.#last = undefined
    this.#end = 0
    this.segments.removeAll()
  }

  #scannedEnd(): number {
    const { segments } = this
    let at = segments.end - segments.segmentBytes
    for (;;) {
      const size = segments.holds(at) ? this.#sizeAt(at) : 0
      if (size <= 0) return at
      at += size
    }
  }

  /** Size of the unit at a position, 0 when there is none. */
  #sizeAt(position: number): number {
    const { segments } = this
    if (!segments.holds(position)) return 0
    const head = new Uint8Array(HEAD_BYTES)
    const start = segments.startOf(position)
    const bytesRead = segments.fileAt(position).readSync(head, position - start)
    const size = int16At(head, 0)
    const isUnit = bytesRead === HEAD_BYTES && size === HEAD_BYTES + int16At(head, 18)
    return isUnit && size <= MAX_UNIT_BYTES && position - start + size <= segments.segmentBytes
      ? size
      : 0
  }

  #findPending(position: number): Pending | undefined {
    let low = 0
    let high = this.#pending.length
    while (low < high) {
      const middle = (low + high) >> 1
      if ((this.#pending[middle]?.position ?? 0) < position) low = middle + 1
      else high = middle
    }
    const found = this.#pending[low]
    return found?.position === position ? found : undefined
  }
}
