// SPDX-License-Identifier: Apache-2.0
// Holds one queue against the records of the log as they come by: every record must have its entry, every entry its record.
import type { FileRow } from './file-row.ts'
import type { FindingCode, Findings } from './findings.ts'
import { isCopy } from './java-holes.ts'
import { type QueueEntries, type QueueEntry, unitHeadAt } from './queue-entries.ts'

/** What the log says about an entry. */
export interface Expected {
  readonly logOffset: number
  readonly recordBytes: number
  /** Undefined when it is not known which number the entry has. */
  readonly tagsCode: number | undefined
  readonly queueOffset: number
  readonly storeTimestampMs: number
  /** Messages in the record, for queues of batches. */
  readonly count: number
}

/** Where a queue's repair begins. */
export interface QueueRepair {
  readonly topic: string
  readonly queueId: number
  readonly kind: 'SimpleCQ' | 'BatchCQ'
  readonly path: string
  /** Index of the first entry whose message is in the log: everything from there on can be built again. −1 when there is none. */
  readonly from: number
  /** Entries that must point nowhere, as far as they are known. */
  readonly nowhere: readonly number[]
}

/** Entries that need not be named one by one any more. */
const MOST_NOWHERE = 100_000

/**
 * One queue. Entries of a queue of a topic are at the index that the record says; those of batches and of light queues follow each
 * other in the order of the log.
 */
export class QueueCheck {
  readonly topic: string
  readonly queueId: number
  readonly #isOrdered: boolean
  readonly #kind: 'SimpleCQ' | 'BatchCQ'
  readonly #entries: QueueEntries
  readonly #ext: FileRow
  readonly #findings: Findings
  readonly #log: {
    readonly start: number
    readonly isClean: boolean
    isDamaged: (offset: number) => boolean
  }
  /** The next entry to look at. */
  #next: number
  #from = -1
  #entryCount = 0
  #missing = 0
  #isWrong = false
  readonly #nowhere: number[] = []

  constructor(options: {
    topic: string
    queueId: number
    kind: 'SimpleCQ' | 'BatchCQ'
    isOrdered: boolean
    entries: QueueEntries
    ext: FileRow
    findings: Findings
    log: {
      readonly start: number
      readonly isClean: boolean
      isDamaged: (offset: number) => boolean
    }
  }) {
    this.topic = options.topic
    this.queueId = options.queueId
    this.#kind = options.kind
    this.#isOrdered = options.isOrdered
    this.#entries = options.entries
    this.#ext = options.ext
    this.#findings = options.findings
    this.#log = options.log
    this.#next = options.entries.start
  }

  get name(): string {
    return `${this.topic} queue ${this.queueId}`
  }

  /** Of the first message that the log has; undefined when it has none. */
  get firstQueueOffset(): number | undefined {
    return this.#from < 0 ? undefined : this.#from
  }

  get entryCount(): number {
    return this.#entryCount
  }

  /** The next record of this queue in the log. */
  take(expected: Expected): void {
    if (this.#isOrdered) this.#takeInOrder(expected)
    else this.#takeAtIndex(expected)
  }

  /** Everything in the log has been taken. Returns what a repair has to do, when there is something. */
  finish(): QueueRepair | undefined {
    this.#passOver(this.#entries.limit)
    if (this.#missing > 0) {
      const code = this.#log.isClean ? 'ENTRY_MISSING' : 'ENTRY_NOT_WRITTEN'
      this.#add(
        code,
        this.#next,
        `${this.name}: ${this.#missing} messages of the log have no entry`,
        code === 'ENTRY_MISSING',
      )
    }
    if (!this.#isWrong) return undefined
    const path = this.#entries.row.directory
    const { topic, queueId } = this
    return { topic, queueId, kind: this.#kind, path, from: this.#from, nowhere: this.#nowhere }
  }

  #takeAtIndex(expected: Expected): void {
    const { queueOffset } = expected
    const entry = this.#entries.at(queueOffset)
    if (queueOffset < this.#next) {
      const isSame = entry !== undefined && this.#differs(entry, expected) === undefined
      // The topic had been deleted and begins anew: what came before has no meaning.
      if (isSame) this.#next = queueOffset + 1
      if (isSame) this.#from = queueOffset
      return
    }
    this.#passOver(queueOffset, expected)
    if (this.#from < 0) this.#from = queueOffset
    this.#next = queueOffset + 1
    if (entry === undefined) {
      this.#missing++
      return
    }
    this.#entryCount++
    this.#closeHole(queueOffset)
    this.#compare(entry, expected)
  }

  #takeInOrder(expected: Expected): void {
    for (;;) {
      const entry = this.#entries.at(this.#next)
      if (entry === undefined) {
        this.#missing++
        return
      }
      if (entry.offset > expected.logOffset && !this.#isStray(entry, expected)) {
        this.#missing++
        return
      }
      this.#next++
      this.#entryCount++
      if (entry.offset === expected.logOffset) {
        if (this.#from < 0) this.#from = entry.index
        this.#closeHole(entry.index)
        this.#compare(entry, expected)
        this.#passCopies(entry)
        return
      }
      this.#judgeUnmatched(entry)
    }
  }

  /** A repair filled holes with copies of the entry behind them. */
  #passCopies(entry: QueueEntry): void {
    while (isCopy(entry, this.#entries.at(this.#next))) {
      this.#next++
      this.#entryCount++
    }
  }

  /** What is missing before an entry that is there will not come with the next start. */
  #closeHole(index: number): void {
    if (this.#missing === 0) return
    this.#add(
      'ENTRY_MISSING',
      index,
      `${this.name}: ${this.#missing} messages before entry ${index} have no entry`,
    )
    this.#missing = 0
  }

  /** An entry that points too far, while the next one does not, is wrong itself. */
  #isStray(entry: QueueEntry, expected: Expected): boolean {
    const following = this.#entries.at(entry.index + 1)
    return following !== undefined && following.offset <= expected.logOffset
  }

  /** Entries up to `index` have no record of their own; a repair may have made them copies of the entry of the one that follows. */
  #passOver(index: number, following?: Expected): void {
    for (; this.#next < index; this.#next++) {
      const entry = this.#entries.at(this.#next)
      if (entry === undefined) {
        if (this.#next >= this.#entries.limit || !this.#hasLater(this.#next, index)) break
        continue
      }
      this.#entryCount++
      const isCopied = following !== undefined && this.#differs(entry, following) === undefined
      if (!isCopied || this.#kind === 'BatchCQ') this.#judgeUnmatched(entry)
    }
    if (index < this.#entries.limit) this.#next = Math.max(this.#next, index)
  }

  /** Unwritten entries are few before written ones, if there are any at all. */
  #hasLater(from: number, limit: number): boolean {
    const far = Math.min(limit, from + 1024)
    for (let index = from + 1; index < far; index++) {
      if (this.#entries.at(index) !== undefined) return true
    }
    return false
  }

  #judgeUnmatched(entry: QueueEntry): void {
    if (entry.isFiller) return
    const { offset, recordBytes, index } = entry
    const isGone = offset >= 0 && recordBytes > 0 && offset + recordBytes <= this.#log.start
    if (isGone) return
    if (this.#nowhere.length < MOST_NOWHERE) this.#nowhere.push(index)
    const why = this.#log.isDamaged(offset)
      ? 'its record is damaged'
      : 'no record of this queue is there'
    const where = `entry ${index} points to ${offset}, ${recordBytes} bytes`
    this.#add('ENTRY_POINTS_NOWHERE', index, `${this.name}: ${where}: ${why}`)
  }

  #compare(entry: QueueEntry, expected: Expected): void {
    const difference = this.#differs(entry, expected)
    if (difference === undefined) return
    const [code, what] = difference
    this.#add(code, entry.index, `${this.name}: entry ${entry.index} ${what}`)
  }

  #differs(entry: QueueEntry, expected: Expected): readonly [FindingCode, string] | undefined {
    const { logOffset, recordBytes, tagsCode } = expected
    if (entry.offset !== logOffset || entry.recordBytes !== recordBytes) {
      return [
        'ENTRY_WRONG',
        `points to ${entry.offset}, ${entry.recordBytes} bytes; its record is at ${logOffset}, ${recordBytes} bytes`,
      ]
    }
    const { batch } = entry
    if (batch !== undefined) {
      const { storeTimestampMs, queueOffset, count } = expected
      const isSame =
        batch.storeTimestampMs === storeTimestampMs &&
        batch.baseOffset === queueOffset &&
        batch.count === count
      if (!isSame) {
        return [
          'ENTRY_WRONG',
          `says ${batch.count} messages from ${batch.baseOffset} at ${batch.storeTimestampMs}; its record says ${count} from ${queueOffset} at ${storeTimestampMs}`,
        ]
      }
    }
    if (entry.extPosition >= 0) return this.#unitDiffers(entry, expected)
    if (tagsCode === undefined || entry.tagsCode === tagsCode) return undefined
    return ['ENTRY_WRONG', `has the tags code ${entry.tagsCode}; its record has ${tagsCode}`]
  }

  #unitDiffers(entry: QueueEntry, expected: Expected): readonly [FindingCode, string] | undefined {
    const unit = unitHeadAt(this.#ext, entry.extPosition)
    const where = `has its unit at ${entry.extPosition}`
    if (unit === undefined) return ['UNIT_WRONG', `${where}, where there is none`]
    const { tagsCode, storeTimestampMs } = expected
    const isSame =
      (tagsCode === undefined || unit.tagsCode === tagsCode) &&
      unit.storeTimestampMs === storeTimestampMs
    if (isSame) return undefined
    return [
      'UNIT_WRONG',
      `${where}, which says tags code ${unit.tagsCode} at ${unit.storeTimestampMs}; its record has ${String(tagsCode)} at ${storeTimestampMs}`,
    ]
  }

  #add(code: FindingCode, index: number, what: string, isWrong: boolean = true): void {
    if (isWrong) this.#isWrong = true
    this.#findings.add(
      code,
      { path: this.#entries.pathOf(index), offset: this.#entries.positionOf(index) },
      what,
    )
  }
}
