// SPDX-License-Identifier: Apache-2.0
// One index file: entries are put into memory and written behind; a query reads the slot and the entries it needs, nothing else.
import { int32At, int64At, putInt32, putInt64 } from '@rocketmq-ts/remoting/message'
import type { OpenFiles } from '../open-files.ts'
import {
  decodeHeader,
  encodeHeader,
  entryHash,
  entryPosition,
  entrySeconds,
  HEADER_BYTES,
  INDEX_ENTRY_BYTES,
  indexFileBytes,
  type IndexHeader,
  type IndexShape,
  slotPosition,
  SLOT_BYTES,
} from './index-format.ts'
import { flush, readAt, writeAt } from './index-io.ts'
import { IndexSlots } from './index-slots.ts'

const FIRST_CAPACITY = 64

/** A file that is full, or the last one, which is written to. */
export class IndexFile {
  readonly path: string
  readonly name: string
  readonly shape: IndexShape
  readonly header: IndexHeader
  readonly #open: OpenFiles
  #slots: IndexSlots | undefined
  /** Entries that are not in the file yet; the first of them has the number `#waitingFrom`. */
  #waiting: Uint8Array = new Uint8Array(0)
  #waitingFrom: number
  /** Something was put since the last flush. */
  #isChanged = false

  private constructor(options: {
    directory: string
    name: string
    shape: IndexShape
    open: OpenFiles
    header: IndexHeader
    slots: IndexSlots | undefined
  }) {
    this.path = `${options.directory}/${options.name}`
    this.name = options.name
    this.shape = options.shape
    this.header = options.header
    this.#open = options.open
    this.#slots = options.slots
    this.#waitingFrom = options.header.count
  }

  /** Makes a file behind `previous`, whose last time and offset it starts with. */
  static create(options: {
    directory: string
    name: string
    shape: IndexShape
    open: OpenFiles
    previous: IndexHeader | undefined
  }): IndexFile {
    const { shape, previous } = options
    const time = previous?.endTimestampMs ?? 0
    const offset = previous?.endOffset ?? 0
    const header: IndexHeader = {
      beginTimestampMs: time,
      endTimestampMs: time,
      beginOffset: offset,
      endOffset: offset,
      usedSlots: 0,
      count: 1,
    }
    options.open.create(`${options.directory}/${options.name}`, indexFileBytes(shape))
    const file = new IndexFile({ ...options, header, slots: new IndexSlots(shape.slots) })
    file.#isChanged = true
    return file
  }

  /** Takes a file that is there; undefined when its header cannot be true. */
  static load(options: {
    directory: string
    name: string
    shape: IndexShape
    open: OpenFiles
  }): IndexFile | undefined {
    const bytes = new Uint8Array(HEADER_BYTES)
    options.open.get(`${options.directory}/${options.name}`).readSync(bytes, 0)
    const header = decodeHeader(bytes)
    const isPossible =
      header.count <= options.shape.entries &&
      header.usedSlots >= 0 &&
      header.usedSlots < header.count &&
      header.beginOffset >= 0 &&
      header.endOffset >= header.beginOffset
    if (!isPossible) return undefined
    return new IndexFile({ ...options, header, slots: undefined })
  }

  get isFull(): boolean {
    return this.header.count >= this.shape.entries
  }

  /** Nothing has to be written or flushed. */
  get isDurable(): boolean {
    return !this.#isChanged
  }

  /** Entries that take memory until they are written. */
  get waitingEntries(): number {
    return this.header.count - this.#waitingFrom
  }

  /** Reads the slots into memory: needed before the first {@link put} into a file that was loaded. */
  async makeWritable(): Promise<IndexSlots> {
    if (this.#slots === undefined) {
      const slots = new IndexSlots(this.shape.slots)
      await slots.load(() => this.#open.get(this.path))
      this.#slots = slots
    }
    return this.#slots
  }

  /** Enters a record under a key. The file is not full, writable, and not being flushed. @see IndexFile.putKey */
  put(hashCode: number, offset: number, storeTimestampMs: number): void {
    const slots = this.#slots
    if (slots === undefined) throw new Error(`${this.path}: put before its slots were read`)
    const { header } = this
    const { count } = header
    const hash = entryHash(hashCode)
    const slot = hash % this.shape.slots
    const before = slots.get(slot)
    const at = this.#roomFor(count)
    const waiting = this.#waiting
    putInt32(waiting, at, hash)
    putInt64(waiting, at + 4, offset)
    putInt32(waiting, at + 12, entrySeconds(header.beginTimestampMs, storeTimestampMs))
    putInt32(waiting, at + 16, before)
    slots.set(slot, count)
    if (count <= 1) {
      header.beginOffset = offset
      header.beginTimestampMs = storeTimestampMs
    }
    if (before === 0) header.usedSlots++
    header.count = count + 1
    header.endOffset = offset
    header.endTimestampMs = storeTimestampMs
    this.#isChanged = true
  }

  /** Gives waiting entries to the kernel. They are no part of the file before its slots and header are written. */
  async writeEntries(): Promise<void> {
    const { count } = this.header
    if (this.#waitingFrom === count) return
    const bytes = this.#waiting.subarray(0, (count - this.#waitingFrom) * INDEX_ENTRY_BYTES)
    const position = entryPosition(this.shape, this.#waitingFrom)
    await writeAt(this.#open.get(this.path), [bytes], position)
    this.#waitingFrom = count
    if (this.isFull) this.#waiting = new Uint8Array(0)
  }

  /**
   * Brings everything onto the disk. A slot never reaches the disk before the entries it leads to, so that after a loss of power
   * the chains can be followed back to what a former flush has left.
   */
  async flush(): Promise<void> {
    if (!this.#isChanged) return
    await this.writeEntries()
    await flush(this.#open.get(this.path))
    await this.#slots?.write(() => this.#open.get(this.path))
    const header = new Uint8Array(HEADER_BYTES)
    encodeHeader(header, 0, this.header)
    await writeAt(this.#open.get(this.path), [header], 0)
    await flush(this.#open.get(this.path))
    this.#isChanged = false
    if (this.isFull) this.#slots = undefined
  }

  /**
   * Takes back every entry from number `to.count` on, after a crash or when the log was cut. False when the file is not what it should
   * be: it must be removed then. The next flush brings it onto the disk.
   */
  async cutTo(to: Omit<IndexHeader, 'usedSlots'>): Promise<boolean> {
    this.#slots = undefined
    const slots = await this.makeWritable()
    let isSound = true
    let usedSlots = 0
    slots.eachUsed((slot, newest) => {
      const entry = this.#newestBelow(slot, newest, to)
      if (entry < 0) isSound = false
      if (entry > 0) usedSlots++
      if (entry !== newest) slots.set(slot, Math.max(entry, 0))
    })
    Object.assign(this.header, to, { usedSlots })
    this.#waitingFrom = to.count
    this.#isChanged = true
    return isSound
  }

  /** How many entries point below `logEnd`, and the last of them. */
  entriesBelow(logEnd: number): { count: number; lastOffset: number } {
    let low = 1
    let high = this.header.count
    while (low < high) {
      const middle = (low + high) >>> 1
      if (int64At(this.#entryNow(middle), 4) < logEnd) low = middle + 1
      else high = middle
    }
    return { count: low, lastOffset: low > 1 ? int64At(this.#entryNow(low - 1), 4) : 0 }
  }

  /** Number of the newest entry of a slot. */
  async newestOf(slot: number): Promise<number> {
    if (this.#slots !== undefined) return this.#slots.get(slot)
    const bytes = new Uint8Array(SLOT_BYTES)
    await readAt(this.#open.get(this.path), bytes, slotPosition(slot))
    return int32At(bytes, 0)
  }

  /** A copy of `count` entries from number `first` on, all of them below `header.count`, wherever they are. */
  async readEntries(first: number, count: number): Promise<Uint8Array> {
    const bytes = new Uint8Array(count * INDEX_ENTRY_BYTES)
    const inFile = Math.min(Math.max(this.#waitingFrom - first, 0), count)
    if (inFile < count) {
      // Now, before the buffer is used for later entries.
      const from = (first + inFile - this.#waitingFrom) * INDEX_ENTRY_BYTES
      const waiting = this.#waiting.subarray(from, from + (count - inFile) * INDEX_ENTRY_BYTES)
      bytes.set(waiting, inFile * INDEX_ENTRY_BYTES)
    }
    if (inFile > 0) {
      const file = this.#open.get(this.path)
      const wanted = bytes.subarray(0, inFile * INDEX_ENTRY_BYTES)
      await readAt(file, wanted, entryPosition(this.shape, first))
    }
    return bytes
  }

  /** Closes the file's handle. */
  close(): void {
    this.#open.close(this.path)
  }

  #roomFor(entry: number): number {
    if (this.waitingEntries === 0) this.#waitingFrom = entry
    const at = (entry - this.#waitingFrom) * INDEX_ENTRY_BYTES
    if (at + INDEX_ENTRY_BYTES > this.#waiting.length) {
      const larger = new Uint8Array(Math.max(FIRST_CAPACITY * INDEX_ENTRY_BYTES, at * 2))
      larger.set(this.#waiting)
      this.#waiting = larger
    }
    return at
  }

  /** Follows a slot's chain to an entry below `count`; −1 when an entry on the way is not one of this slot. */
  #newestBelow(slot: number, newest: number, to: Omit<IndexHeader, 'usedSlots'>): number {
    let entry = newest
    while (entry >= to.count) {
      if (entry >= this.shape.entries) return -1
      const bytes = this.#entryNow(entry)
      const before = int32At(bytes, 16)
      if (int32At(bytes, 0) % this.shape.slots !== slot || before >= entry) return -1
      if (int64At(bytes, 4) < to.endOffset) return -1
      entry = before
    }
    return entry
  }
  /** The bytes of an entry in the file, read at once: for recovery. */
  #entryNow(entry: number): Uint8Array {
    const bytes = new Uint8Array(INDEX_ENTRY_BYTES)
    this.#open.get(this.path).readSync(bytes, entryPosition(this.shape, entry))
    return bytes
  }
}
