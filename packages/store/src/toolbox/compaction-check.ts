// SPDX-License-Identifier: Apache-2.0
// Verifies compacted queues: each record of their logs, each unit against its record, plans of replacements, and how far they say they are.
import {
  int64At,
  queueIdAt,
  queueOffsetAt,
  type RecordLocation,
} from '@rocketmq-ts/remoting/message'
import type { Turn } from '@rocketmq-ts/runtime'
import {
  isUnitAt,
  positionAt,
  UNIT_BYTES,
  unitQueueOffsetAt,
  unitRecordBytesAt,
} from '../compaction/compaction-format.ts'
import type { Place } from '../record-check.ts'
import {
  type CompactedFolder,
  compactedFolders,
  compactionSizes,
  type FoundPair,
  pairsOf,
  planOf,
} from './compacted-folder.ts'
import type { Findings } from './findings.ts'
import { walkLog } from './log-walk.ts'
import { readPositions } from './positions.ts'
import { damagedName, textIn } from './record-text.ts'
import type { StoreFolder } from './store-folder.ts'

/** Units of a file that are in memory at once. */
const BLOCK_UNITS = 1024
const TIME_AT = 20

/** A compacted queue that has something wrong. */
export interface CompactionRepair extends CompactedFolder {
  /** The log still has every message that can be in it: it may go, and is copied again. */
  readonly isInLog: boolean
}

/** What was looked at. */
export interface CompactionResult {
  readonly queues: number
  readonly records: number
  readonly wrong: readonly CompactionRepair[]
}

/** Options of {@link checkCompaction}. */
export interface CompactionCheckOptions {
  readonly folder: StoreFolder
  readonly findings: Findings
  readonly turn: Turn
  readonly signal: AbortSignal | undefined
  /** Queue offset of the first message that the log has of a queue; undefined when it has none, or lacks some. */
  readonly firstInLog: (topic: string, queueId: number) => number | undefined
}

/** Memory: one block of units. */
export async function checkCompaction(options: CompactionCheckOptions): Promise<CompactionResult> {
  const { folder, findings } = options
  const sizes = compactionSizes(folder)
  const wrong: CompactionRepair[] = []
  const ends = new Map<string, number>()
  let queues = 0
  let records = 0
  for (const compacted of compactedFolders(folder)) {
    queues++
    const { topic, queueId } = compacted
    const check = new CompactedQueueCheck(options, compacted, sizes)
    await check.run()
    records += check.records
    ends.set(`${topic}_${queueId}`, check.lastOffset)
    if (!check.isWrong) continue
    const first = options.firstInLog(topic, queueId)
    // Nothing is left to lose, the log has the queue from its start, or it begins no later than what is here.
    const isCovered =
      first === 0 || (check.lowest >= 0 && first !== undefined && first <= check.lowest)
    const isInLog = !check.hasLogFiles || isCovered
    wrong.push({ ...compacted, isInLog })
  }
  const positions = readPositions(folder)
  const where = { path: positions.path }
  if (positions.problem !== undefined) findings.add('COMPACTION_POSITION', where, positions.problem)
  for (const [name, offset] of positions.offsets) {
    const last = ends.get(name)
    if (last === undefined || offset <= last) continue
    const what = `it says that ${name} has been compacted up to queue offset ${offset}; its last message has ${last}`
    findings.add('COMPACTION_POSITION', where, what)
  }
  return { queues, records, wrong }
}

class CompactedQueueCheck {
  isWrong = false
  hasLogFiles = false
  records = 0
  /** Queue offset of the first record, when it and its unit are sound. */
  lowest = -1
  lastOffset = -1
  readonly #options: CompactionCheckOptions
  readonly #compacted: CompactedFolder
  readonly #sizes: { readonly logBytes: number; readonly unitBytes: number }
  readonly #units = new Uint8Array(BLOCK_UNITS * UNIT_BYTES)
  #firstUnit = -1

  constructor(
    options: CompactionCheckOptions,
    compacted: CompactedFolder,
    sizes: { readonly logBytes: number; readonly unitBytes: number },
  ) {
    this.#options = options
    this.#compacted = compacted
    this.#sizes = sizes
  }

  async run(): Promise<void> {
    const { folder, findings } = this.#options
    const { files } = folder
    const plan = planOf(files, this.#compacted)
    if (plan?.isReadable === false) {
      this.#wrong(plan.path, 0, 'is not the plan of a replacement')
    } else if (plan !== undefined) {
      const { put, removed, path } = plan
      const what = `${this.#name}: a compaction was to put ${put.length} pairs of files into their places and to remove ${removed.length}`
      findings.add('COMPACTION_UNFINISHED', { path }, what)
    } else {
      for (const directory of [this.#compacted.log, this.#compacted.units]) {
        const path = `${directory}/compacting`
        if (files.stat(path) === undefined) continue
        const what = `${this.#name}: a compaction was not finished; nothing was replaced`
        findings.add('COMPACTION_UNFINISHED', { path }, what)
      }
    }
    const pairs = pairsOf(folder, this.#compacted, plan)
    for (const [index, pair] of pairs.entries()) {
      await this.#checkPair(pair, index === pairs.length - 1)
    }
  }

  get #name(): string {
    return `${this.#compacted.topic} queue ${this.#compacted.queueId}`
  }

  async #checkPair(pair: FoundPair, isLast: boolean): Promise<void> {
    const { log, units } = pair
    const { folder, turn, signal } = this.#options
    if (log.files.length > 0) this.hasLogFiles = true
    if (!this.#isWhole(pair, isLast)) return
    this.#firstUnit = -1
    let index = 0
    const unitCount = this.#countUnits(pair)
    const { end } = await walkLog({
      row: log,
      turn,
      signal,
      // A copied record lies elsewhere than where its checksum was made.
      checksWhole: false,
      knownEnd: unitCount > 0 ? this.#endOf(pair, unitCount - 1) : pair.start,
      visitor: {
        record: (place, location) => {
          const found = index < unitCount ? this.#findUnit(pair, index, unitCount, place) : -1
          if (found < 0) this.#withoutUnit(pair, place, isLast && index >= unitCount)
          else {
            for (; index < found; index++) this.#withoutRecord(pair, index)
            this.#take(pair, index, place, location)
            index++
          }
          this.records++
        },
        damaged: ({ from, to }) => {
          const was = damagedName(log, from, to)
          const what = `${to - from} bytes are no sound record${was === undefined ? '' : `; as far as they can be read: ${was}`}`
          this.#wrong(log.pathOf(from), from - pair.start, what)
        },
      },
    })
    const isTorn = isLast && !folder.isClean
    for (; index < unitCount; index++) {
      if (isTorn) {
        const what = `${this.#name}: ${unitCount - index} units behind the last sound record at ${end}`
        this.#options.findings.add(
          'COMPACTION_UNFINISHED',
          { path: units.pathOf(pair.start) },
          what,
        )
        return
      }
      this.#withoutRecord(pair, index)
    }
  }

  #isWhole({ log, units, start }: FoundPair, isLast: boolean): boolean {
    const isOfCrash = isLast && !this.#options.folder.isClean
    const [logFile] = log.files
    const [unitFile] = units.files
    if (logFile === undefined || unitFile === undefined) {
      const there = logFile?.path ?? unitFile?.path ?? ''
      const what = `its ${logFile === undefined ? 'log file' : 'file of units'} is missing`
      if (isOfCrash) {
        this.#options.findings.add('COMPACTION_UNFINISHED', { path: there }, what)
      } else this.#wrong(there, 0, what)
      return false
    }
    const { logBytes, unitBytes } = this.#sizes
    const isRightLength = logFile.byteLength === logBytes && unitFile.byteLength === unitBytes
    if (!isRightLength && !isOfCrash) {
      const what = `${logFile.byteLength} and ${unitFile.byteLength} bytes instead of ${logBytes} and ${unitBytes}`
      this.#wrong(logFile.path, 0, what)
    }
    if (logBytes === 0 || start % logBytes !== 0) {
      this.#wrong(logFile.path, 0, `the name does not fit between files of ${logBytes} bytes`)
      return false
    }
    return true
  }

  /** Units up to the mark, or to the first place where none was written; damaged ones are counted. */
  #countUnits(pair: FoundPair): number {
    const most = Math.floor(pair.units.fileBytes / UNIT_BYTES)
    let count = 0
    for (let index = 0; index < most; index++) {
      const at = this.#load(pair, index)
      const bytes = this.#units
      if (isUnitAt(bytes, at)) count = index + 1
      else if (positionAt(bytes, at) === -1) break
      else if (bytes.subarray(at, at + UNIT_BYTES).every((byte) => byte === 0)) {
        // A zeroed unit between others is damage: look a little further.
        if (index - count > BLOCK_UNITS) break
      }
    }
    return count
  }

  #load({ units }: FoundPair, index: number): number {
    const first = index - (index % BLOCK_UNITS)
    if (first !== this.#firstUnit) {
      this.#units.fill(0)
      const [file] = units.files
      if (file !== undefined) {
        const open = this.#options.folder.open.get(file.path, 'read')
        open.readSync(this.#units, first * UNIT_BYTES)
      }
      this.#firstUnit = first
    }
    return (index - first) * UNIT_BYTES
  }

  #endOf(pair: FoundPair, index: number): number {
    const at = this.#load(pair, index)
    const end = positionAt(this.#units, at) + unitRecordBytesAt(this.#units, at)
    return end <= pair.start + this.#sizes.logBytes ? end : pair.start
  }

  /** Index of the unit that points at a record, or of the one that should; −1 when a later record has it. */
  #findUnit(pair: FoundPair, from: number, count: number, { offset }: Place): number {
    for (let index = from; index < Math.min(count, from + BLOCK_UNITS); index++) {
      if (positionAt(this.#units, this.#load(pair, index)) === offset) return index
    }
    const at = this.#load(pair, from)
    return isUnitAt(this.#units, at) && positionAt(this.#units, at) > offset ? -1 : from
  }

  #take(pair: FoundPair, index: number, place: Place, location: RecordLocation): void {
    const { bytes, at, offset } = place
    const { topic, queueId } = this.#compacted
    const queueOffset = queueOffsetAt(bytes, at)
    const storedMs = int64At(bytes, location.storeTimestampAt)
    const path = pair.log.pathOf(offset)
    const ofTopic = textIn(bytes, location.topicStart, location.topicEnd)
    if (ofTopic !== topic || queueIdAt(bytes, at) !== queueId) {
      const what = `a message of topic ${ofTopic}, queue ${queueIdAt(bytes, at)} lies here`
      this.#wrong(path, offset - pair.start, what)
      return
    }
    if (queueOffset <= this.lastOffset) {
      const what = `queue offset ${queueOffset} comes behind ${this.lastOffset}`
      this.#wrong(path, offset - pair.start, what)
    }
    const unit = this.#load(pair, index)
    const units = this.#units
    const isSame =
      isUnitAt(units, unit) &&
      positionAt(units, unit) === offset &&
      unitRecordBytesAt(units, unit) === location.recordBytes &&
      unitQueueOffsetAt(units, unit) === queueOffset &&
      int64At(units, unit + TIME_AT) === storedMs
    if (isSame) {
      if (this.records === 0 && !this.isWrong) this.lowest = queueOffset
    } else {
      const said = `position ${positionAt(units, unit)}, ${unitRecordBytesAt(units, unit)} bytes, queue offset ${unitQueueOffsetAt(units, unit)}`
      const is = `position ${offset}, ${location.recordBytes} bytes, queue offset ${queueOffset}, stored ${storedMs}`
      const unitPath = pair.units.files[0]?.path ?? path
      this.#wrong(unitPath, index * UNIT_BYTES, `unit ${index} says ${said}; its record has ${is}`)
    }
    this.lastOffset = Math.max(this.lastOffset, queueOffset)
  }

  #withoutRecord(pair: FoundPair, index: number): void {
    const at = this.#load(pair, index)
    const position = positionAt(this.#units, at)
    const path = pair.units.files[0]?.path ?? ''
    this.#wrong(path, index * UNIT_BYTES, `unit ${index} points to ${position}: no sound record`)
  }

  #withoutUnit(pair: FoundPair, { offset, bytes, at }: Place, isBehind: boolean): void {
    const path = pair.log.pathOf(offset)
    const what = `the message of queue offset ${queueOffsetAt(bytes, at)} has no unit`
    if (isBehind && !this.#options.folder.isClean) {
      this.#options.findings.add(
        'COMPACTION_UNFINISHED',
        { path, offset: offset - pair.start },
        what,
      )
    } else this.#wrong(path, offset - pair.start, what)
  }

  #wrong(path: string, offset: number, what: string): void {
    this.isWrong = true
    this.#options.findings.add('COMPACTION_WRONG', { path, offset }, `${this.#name}: ${what}`)
  }
}
