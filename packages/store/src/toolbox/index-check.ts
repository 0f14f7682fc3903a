// SPDX-License-Identifier: Apache-2.0
// Holds the index against the records of the log as they come by, and the chains of each file against its slots.
import {
  int32At,
  int64At,
  type RecordLocation,
  SysFlag,
  transactionTypeOf,
} from '@rocketmq-ts/remoting/message'
import {
  decodeHeader,
  entryHash,
  entryPosition,
  entrySeconds,
  HEADER_BYTES,
  INDEX_ENTRY_BYTES,
  type IndexHeader,
  type IndexShape,
  SLOT_BYTES,
  slotPosition,
} from '../index-file/index-format.ts'
import { readIndexProgress } from '../index-file/index-progress.ts'
import { RecordKeys } from '../index-file/index-keys.ts'
import type { Place } from '../record-check.ts'
import type { Findings } from './findings.ts'
import type { StoreFolder } from './store-folder.ts'

const BLOCK_ENTRIES = 4096
const SLOTS_PER_READ = 65_536

interface IndexEntry {
  readonly path: string
  readonly number: number
  readonly hash: number
  readonly offset: number
  readonly seconds: number
  readonly header: IndexHeader
}

interface OpenIndex {
  readonly path: string
  readonly shape: IndexShape
  readonly header: IndexHeader
  /** Newest entry of each slot, as the entries so far make it. */
  readonly slots: Int32Array
}

/** All index files of a store. Holds the slots of one file and a block of entries. */
export class IndexCheck {
  readonly #folder: StoreFolder
  readonly #findings: Findings
  readonly #isDamaged: (offset: number) => boolean
  readonly #names: string[]
  readonly #keys = new RecordKeys()
  readonly #block = new Uint8Array(BLOCK_ENTRIES * INDEX_ENTRY_BYTES)
  #blockFirst = -1
  #file: OpenIndex | undefined
  #number = 1
  #ahead: IndexEntry[] = []
  #entryCount = 0
  #missingKeys = 0
  #missingFrom = -1
  #missingTo = -1
  #isWrong = false
  readonly #isThere: boolean

  constructor(folder: StoreFolder, findings: Findings, isDamaged: (offset: number) => boolean) {
    this.#folder = folder
    this.#findings = findings
    this.#isDamaged = isDamaged
    this.#names = folder.indexFiles()
    this.#isThere = this.#names.length > 0
  }

  /** Entries that were compared. */
  get entryCount(): number {
    return this.#entryCount
  }

  /** The next record of the log. */
  take(place: Place, location: RecordLocation): void {
    if (!this.#isThere) return
    if (transactionTypeOf(location.sysFlag) === SysFlag.TRANSACTION_ROLLBACK) return
    const { bytes, offset } = place
    this.#keys.read(bytes, location)
    const storeTimestampMs = int64At(bytes, location.storeTimestampAt)
    for (let i = 0; i < this.#keys.count; i++) {
      this.#takeKey(entryHash(this.#keys.hash(i)), offset, storeTimestampMs)
    }
  }

  /** Returns whether the index has to be built again. */
  finish(): boolean {
    for (let entry = this.#peek(0); entry !== undefined; entry = this.#peek(0)) {
      this.#next()
      this.#judgeUnmatched(entry)
    }
    this.#closeFile()
    if (this.#missingKeys > 0) {
      const where = `from ${this.#missingFrom} to ${this.#missingTo}`
      this.#findings.add(
        this.#isBehind() ? 'INDEX_BEHIND' : 'INDEX_INCOMPLETE',
        { path: this.#folder.paths.index },
        `${this.#missingKeys} keys of messages in the log ${where} are not in the index: queries do not find them`,
      )
    }
    return this.#isWrong
  }

  /** The last stop left the rest of the log to be indexed later. */
  #isBehind(): boolean {
    const { files, paths } = this.#folder
    const progress = readIndexProgress(files, paths.indexProgress)
    return progress !== undefined && progress.offset <= this.#missingFrom
  }

  #takeKey(hash: number, offset: number, storeTimestampMs: number): void {
    for (;;) {
      const entry = this.#peek(0)
      const isBehind = entry === undefined || (entry.offset > offset && !this.#isStray(offset))
      if (isBehind) {
        this.#missingKeys++
        if (this.#missingFrom < 0) this.#missingFrom = offset
        this.#missingTo = offset
        return
      }
      this.#next()
      if (entry.offset !== offset) {
        this.#judgeUnmatched(entry)
        continue
      }
      if (entry.hash !== hash) {
        this.#wrong(entry, `has the hash ${entry.hash}; the key of its record has ${hash}`)
        return
      }
      // A file's first entry counts its seconds from the time of the file before.
      const seconds = entrySeconds(entry.header.beginTimestampMs, storeTimestampMs)
      if (entry.number > 1 && entry.seconds !== seconds) {
        this.#wrong(
          entry,
          `says ${entry.seconds} seconds; its record is ${seconds} behind the first`,
        )
      }
      return
    }
  }

  /** An entry that points too far, while the next one does not, is wrong itself. */
  #isStray(offset: number): boolean {
    const following = this.#peek(1)
    return following !== undefined && following.offset <= offset
  }

  #judgeUnmatched(entry: IndexEntry): void {
    if (entry.offset >= 0 && entry.offset < this.#folder.log.start) return
    const why = this.#isDamaged(entry.offset)
      ? 'whose record is damaged'
      : 'where no record has such a key'
    this.#wrong(entry, `points to ${entry.offset}, ${why}`)
  }

  #wrong(entry: IndexEntry, what: string): void {
    this.#add(entry.path, undefined, `entry ${entry.number} ${what}`)
  }

  #add(path: string, offset: number | undefined, what: string): void {
    this.#isWrong = true
    this.#findings.add('INDEX_WRONG', { path, offset }, what)
  }

  #peek(ahead: 0 | 1): IndexEntry | undefined {
    while (this.#ahead.length <= ahead) {
      const entry = this.#read()
      if (entry === undefined) return undefined
      this.#ahead.push(entry)
    }
    return this.#ahead[ahead]
  }

  #next(): void {
    this.#ahead.shift()
    this.#entryCount++
  }

  #read(): IndexEntry | undefined {
    while (this.#file === undefined || this.#number >= this.#file.header.count) {
      this.#closeFile()
      if (!this.#openNext()) return undefined
    }
    const { path, shape, header, slots } = this.#file
    const number = this.#number++
    const bytes = this.#load(this.#file, number)
    const at = (number - this.#blockFirst) * INDEX_ENTRY_BYTES
    const hash = int32At(bytes, at)
    const before = int32At(bytes, at + 16)
    if (hash < 0) {
      this.#add(
        path,
        entryPosition(shape, number),
        `entry ${number} has the hash ${hash}, which none can have`,
      )
    } else {
      const slot = hash % shape.slots
      if (before !== slots[slot]) {
        this.#add(
          path,
          entryPosition(shape, number),
          `entry ${number} follows entry ${before} in its slot ${slot}; it should be ${slots[slot] ?? 0}`,
        )
      }
      slots[slot] = number
    }
    return {
      path,
      number,
      hash,
      offset: int64At(bytes, at + 4),
      seconds: int32At(bytes, at + 12),
      header,
    }
  }

  #load({ path, shape, header }: OpenIndex, number: number): Uint8Array {
    const isInBlock =
      this.#blockFirst >= 0 &&
      number >= this.#blockFirst &&
      number < this.#blockFirst + BLOCK_ENTRIES
    if (isInBlock) return this.#block
    const count = Math.min(BLOCK_ENTRIES, header.count - number)
    const into = this.#block.subarray(0, count * INDEX_ENTRY_BYTES)
    this.#folder.open.get(path, 'read').readSync(into, entryPosition(shape, number))
    this.#blockFirst = number
    return this.#block
  }

  #openNext(): boolean {
    for (let name = this.#names.shift(); name !== undefined; name = this.#names.shift()) {
      const path = `${this.#folder.paths.index}/${name}`
      const byteLength = this.#folder.files.stat(path)?.byteLength ?? 0
      const shape = this.#folder.shapeOf(byteLength)
      if (shape === undefined) {
        this.#findings.add(
          'INDEX_FILE_SIZE',
          { path },
          `${byteLength} bytes are no index file with four entries for each slot`,
        )
        continue
      }
      const bytes = new Uint8Array(HEADER_BYTES)
      this.#folder.open.get(path, 'read').readSync(bytes, 0)
      const header = decodeHeader(bytes)
      const isPossible =
        header.count <= shape.entries && header.usedSlots >= 0 && header.usedSlots < header.count
      if (!isPossible) {
        const room = `${shape.entries} entries`
        this.#add(
          path,
          0,
          `the header says ${header.count - 1} entries in ${header.usedSlots} slots, which a file with room for ${room} cannot have`,
        )
        continue
      }
      this.#file = { path, shape, header, slots: new Int32Array(shape.slots) }
      this.#number = 1
      this.#blockFirst = -1
      this.#checkHeader(this.#file)
      return true
    }
    return false
  }

  #checkHeader({ path, shape, header }: OpenIndex): void {
    if (header.count <= 1) return
    const bytes = new Uint8Array(INDEX_ENTRY_BYTES)
    const offsetOf = (number: number): number => {
      this.#folder.open.get(path, 'read').readSync(bytes, entryPosition(shape, number))
      return int64At(bytes, 4)
    }
    const first = offsetOf(1)
    const last = offsetOf(header.count - 1)
    if (header.beginOffset === first && header.endOffset === last) return
    this.#add(
      path,
      0,
      `the header says offsets ${header.beginOffset} to ${header.endOffset}; its entries say ${first} to ${last}`,
    )
  }

  /** Compares the slots with what the entries have made of them. */
  #closeFile(): void {
    const file = this.#file
    if (file === undefined) return
    this.#file = undefined
    const { path, shape, header, slots } = file
    const bytes = new Uint8Array(Math.min(SLOTS_PER_READ, shape.slots) * SLOT_BYTES)
    let used = 0
    for (let first = 0; first < shape.slots; first += SLOTS_PER_READ) {
      const count = Math.min(SLOTS_PER_READ, shape.slots - first)
      this.#folder.open
        .get(path, 'read')
        .readSync(bytes.subarray(0, count * SLOT_BYTES), slotPosition(first))
      for (let i = 0; i < count; i++) {
        const newest = int32At(bytes, i * SLOT_BYTES)
        const expected = slots[first + i] ?? 0
        if (expected !== 0) used++
        if (newest === expected) continue
        this.#add(
          path,
          slotPosition(first + i),
          `slot ${first + i} leads to entry ${newest}; the newest of its entries is ${expected}`,
        )
      }
    }
    if (used !== header.usedSlots) {
      this.#add(path, 32, `the header says ${header.usedSlots} slots are in use; ${used} are`)
    }
    this.#folder.open.close(path)
  }
}
