// SPDX-License-Identifier: Apache-2.0
// Verifies a stopped store in one walk over the log: every record, every queue entry, every index entry, every checksum.
import {
  findProperty,
  int64At,
  propertyEnd,
  queueIdAt,
  queueOffsetAt,
  type RecordLocation,
  SysFlag,
  transactionTypeOf,
} from '@rocketmq-ts/remoting/message'
import type { Turn } from '@rocketmq-ts/runtime'
import { readCheckpoint } from '../checkpoint.ts'
import { INNER_BATCH, innerCountOf } from '../inner-batch.ts'
import { isLmq } from '../multi-dispatch.ts'
import type { Place } from '../record-check.ts'
import { isScheduleTopic, parseDelayLevels, tagsCodeOf } from '../tags-code.ts'
import { checkSums } from './checksum-check.ts'
import { checkCompaction, type CompactionRepair } from './compaction-check.ts'
import { configTables, knownTopics } from './config-tables.ts'
import { type Finding, Findings } from './findings.ts'
import { IndexCheck } from './index-check.ts'
import { lightQueuesOf } from './light-queues.ts'
import { type Gap, walkLog } from './log-walk.ts'
import { QueueCheck, type QueueRepair } from './queue-check.ts'
import { EntryBlocks, QueueEntries } from './queue-entries.ts'
import { isQueueTableWrong } from './queue-table-check.ts'
import { damagedName, recordName, textIn } from './record-text.ts'
import type { QueueDirectory, StoreFolder } from './store-folder.ts'

const MOST_OF_A_KIND = 100
const INNER_BASE = Buffer.from('INNER_BASE')

/** A gap, with the time of a record next to it. */
export interface LogGap extends Gap {
  readonly storeTimestampMs: number
  /** What was there, when it can still be told. */
  readonly name: string | undefined
}

/** What a repair has to do. */
export interface RepairPlan {
  /** Bits to turn back: log offset of the byte, and the bit in it. */
  readonly flips: readonly { readonly offset: number; readonly bit: number }[]
  readonly gaps: readonly LogGap[]
  /** Blocks that are not what was written although each of their records looks sound. */
  readonly doubtful: readonly { readonly offset: number; readonly records: readonly string[] }[]
  /** Starts of files of the log that are not there, or too short. */
  readonly missingFiles: readonly number[]
  readonly shortFiles: readonly number[]
  readonly queues: readonly QueueRepair[]
  /** Queues that have no directory although the log has their messages. */
  readonly missingQueues: number
  readonly rebuildIndex: boolean
  /** The table of queues would mislead the next start. */
  readonly isQueueTableWrong: boolean
  /** Compacted queues that have something wrong. */
  readonly compacted: readonly CompactionRepair[]
  /** The broker was not stopped in order: its next start would recover the store. */
  readonly isUnclean: boolean
  /** The log has light queues. */
  readonly hasLightQueues: boolean
}

/** What was looked at and what was found. */
export interface Verification {
  readonly root: string
  readonly findings: readonly Finding[]
  /** All there are of each kind; `findings` has the first hundred. */
  readonly counts: Readonly<Record<string, number>>
  readonly errors: number
  readonly warnings: number
  readonly checked: {
    readonly logBytes: number
    readonly records: number
    readonly queues: number
    readonly entries: number
    readonly indexEntries: number
    readonly checksums: number
    readonly compactedQueues: number
    readonly compactedRecords: number
  }
  readonly logStart: number
  readonly logEnd: number
  readonly plan: RepairPlan
}

/** Options of {@link verifyStore}. */
export interface VerifyOptions {
  readonly folder: StoreFolder
  readonly turn: Turn
  readonly signal?: AbortSignal | undefined
  /** Bytes of the log that have been looked at, of how many. */
  readonly progress?: ((doneBytes: number, ofBytes: number) => void) | undefined
  /** Hears of each finding at once. */
  readonly found?: ((finding: Finding) => void) | undefined
  /** The broker's messageDelayLevel: without it the times in the schedule topic's queues are not compared. */
  readonly messageDelayLevel?: string | undefined
}

/** Exists while a repair is under way. */
export function unfinishedPath(root: string): string {
  return `${root}/repair.unfinished`
}

/** Verifies everything. Memory: a few MiB, 200 bytes for each queue, and the slots of one index file. */
export async function verifyStore(options: VerifyOptions): Promise<Verification> {
  return await new Verifier(options).run()
}

class Verifier {
  readonly #options: VerifyOptions
  readonly #folder: StoreFolder
  readonly #findings: Findings
  readonly #blocks = new EntryBlocks()
  readonly #queues = new Map<string, Map<number, QueueCheck>>()
  readonly #kinds = new Map<string, QueueDirectory['kind']>()
  readonly #badQueues = new Map<string, QueueRepair>()
  readonly #withoutQueue = new Map<string, { topic: string; messages: number; first: number }>()
  #gaps: LogGap[] = []
  readonly #changed: { offset: number; bit: number; records: string[]; isExplained: boolean }[] = []
  #changedAt = 0
  readonly #index: IndexCheck
  readonly #delaysMs: readonly number[] | undefined
  #knownEnd = 0
  #records = 0
  #checksums = 0
  #lastStoredMs = 0
  #hasLightQueues = false

  constructor(options: VerifyOptions) {
    this.#options = options
    this.#folder = options.folder
    this.#findings = new Findings(MOST_OF_A_KIND, options.found)
    this.#index = new IndexCheck(this.#folder, this.#findings, (offset) => this.#isDamaged(offset))
    const { messageDelayLevel } = options
    this.#delaysMs =
      messageDelayLevel === undefined ? undefined : parseDelayLevels(messageDelayLevel)
  }

  async run(): Promise<Verification> {
    const { log } = this.#folder
    const { missingFiles, shortFiles } = this.#checkFiles()
    await this.#loadQueues()
    await this.#checkSums()
    const { end, hasRemains } = await walkLog({
      row: log,
      visitor: {
        record: (place, location) => this.#record(place, location),
        damaged: (gap) => this.#damaged(gap),
      },
      knownEnd: this.#knownEnd,
      turn: this.#options.turn,
      signal: this.#options.signal,
      progress: (offset) => this.#options.progress?.(offset - log.start, log.end - log.start),
    })
    if (hasRemains) {
      const where = { path: log.pathOf(end), offset: end }
      this.#findings.add(
        'LOG_TORN',
        where,
        'behind the last sound record lies something that is none: it was never acknowledged, or it is a remain of what was cut',
      )
    }
    const { flips, doubtful } = this.#judgeChanged(end)
    const queues = this.#finishQueues()
    const missingQueues = this.#finishMissingQueues()
    const rebuildIndex = this.#index.finish()
    this.#checkTables(end)
    const findings = this.#findings
    const compaction = await this.#checkCompaction(missingFiles.length > 0)
    const isTableWrong = isQueueTableWrong(this.#folder, findings)
    return {
      root: this.#folder.paths.root,
      findings: findings.kept,
      counts: findings.counts(),
      errors: findings.count('error'),
      warnings: findings.count('warning'),
      checked: {
        logBytes: end - log.start,
        records: this.#records,
        queues: this.#queueCount(),
        entries: this.#entryCount(),
        indexEntries: this.#index.entryCount,
        checksums: this.#checksums,
        compactedQueues: compaction.queues,
        compactedRecords: compaction.records,
      },
      logStart: log.start,
      logEnd: end,
      plan: {
        ...{ flips, doubtful, missingFiles, shortFiles, queues, missingQueues, rebuildIndex },
        gaps: this.#gaps,
        isQueueTableWrong: isTableWrong,
        compacted: compaction.wrong,
        isUnclean: !this.#folder.isClean || this.#isUnfinished,
        hasLightQueues: this.#hasLightQueues,
      },
    }
  }

  #checkCompaction(lacksFiles: boolean): ReturnType<typeof checkCompaction> {
    const isIncomplete = lacksFiles || this.#gaps.length > 0 || this.#changed.length > 0
    return checkCompaction({
      folder: this.#folder,
      findings: this.#findings,
      turn: this.#options.turn,
      signal: this.#options.signal,
      firstInLog: (topic, queueId) =>
        isIncomplete ? undefined : this.#queues.get(topic)?.get(queueId)?.firstQueueOffset,
    })
  }

  /** A repair was begun and did not end. */
  get #isUnfinished(): boolean {
    const { files, paths } = this.#folder
    return files.stat(unfinishedPath(paths.root)) !== undefined
  }

  #checkFiles(): { missingFiles: number[]; shortFiles: number[] } {
    const { log, isClean, paths } = this.#folder
    if (!isClean) {
      this.#findings.add(
        'NOT_STOPPED',
        { path: paths.abort },
        'the broker was not stopped in order',
      )
    }
    const missingFiles = log.missing()
    for (const start of missingFiles) {
      this.#findings.add(
        'LOG_FILE_MISSING',
        { path: log.pathOf(start), offset: start },
        'the file is missing although later ones are there',
      )
    }
    const last = log.files.at(-1)
    const shortFiles: number[] = []
    for (const file of log.misshapen()) {
      const isOfCrash = !isClean && file === last && file.byteLength < log.fileBytes
      if (isOfCrash) continue
      this.#findings.add(
        'LOG_FILE_SIZE',
        { path: file.path, offset: file.start },
        `${file.byteLength} bytes instead of ${log.fileBytes}`,
      )
      shortFiles.push(file.start)
    }
    return { missingFiles, shortFiles }
  }

  async #loadQueues(): Promise<void> {
    const { log, isClean } = this.#folder
    let visited = 0
    for (const queue of this.#folder.queues()) {
      const row = this.#folder.row(queue.path, this.#folder.queueFileBytes(queue.kind))
      if (row.files.length === 0) continue
      if (++visited % 256 === 0) await this.#yield()
      const missing = row.missing()
      const [gap] = missing
      if (gap !== undefined) {
        this.#findings.add(
          'QUEUE_FILE_MISSING',
          { path: row.pathOf(gap) },
          'the file is missing although later ones are there',
        )
      }
      const [odd] = row.misshapen()
      const isOfCrash = !isClean && odd === row.files.at(-1)
      if (odd !== undefined && !isOfCrash) {
        this.#findings.add(
          'QUEUE_FILE_SIZE',
          { path: odd.path },
          `${odd.byteLength} bytes instead of ${row.fileBytes}`,
        )
      }
      const { topic, queueId, kind, path } = queue
      if (gap !== undefined || (odd !== undefined && !isOfCrash)) {
        this.#badQueues.set(path, { topic, queueId, kind, path, from: -1, nowhere: [] })
      }
      const entries = new QueueEntries(row, kind, this.#blocks)
      const isDamaged = (offset: number): boolean => this.#isDamaged(offset)
      const check = new QueueCheck({
        ...{ topic, queueId, kind, entries, findings: this.#findings },
        isOrdered: kind === 'BatchCQ' || isLmq(topic),
        ext: this.#folder.extRow(queue),
        log: { start: log.start, isClean, isDamaged },
      })
      this.#kinds.set(topic, kind)
      const ofTopic = this.#queues.get(topic)
      if (ofTopic === undefined) this.#queues.set(topic, new Map([[queueId, check]]))
      else ofTopic.set(queueId, check)
      this.#knownEnd = Math.max(this.#knownEnd, this.#lastKnown(entries))
    }
  }

  /** Where the record ends that a queue's last entry points to. */
  #lastKnown(entries: QueueEntries): number {
    let low = entries.start
    let high = entries.limit
    while (low < high) {
      const middle = Math.floor((low + high) / 2)
      if (entries.at(middle) === undefined) high = middle
      else low = middle + 1
    }
    const last = entries.at(low - 1)
    if (last === undefined || last.isFiller) return 0
    const end = last.offset + last.recordBytes
    return end <= this.#folder.log.end ? end : 0
  }

  async #checkSums(): Promise<void> {
    for (const { start, path } of this.#folder.log.files) {
      const result = await checkSums(this.#folder, start, this.#options.turn)
      this.#options.signal?.throwIfAborted()
      if (result === undefined) continue
      this.#checksums += result.checkedBlocks
      if (result.isForeign) {
        this.#findings.add(
          'CHECKSUMS_FOREIGN',
          { path },
          'most of its checksums are wrong: they belong to another log',
        )
      }
      for (const { offset, bit } of result.changed) {
        this.#changed.push({ offset, bit, records: [], isExplained: false })
      }
    }
  }

  #record(place: Place, location: RecordLocation): void {
    this.#records++
    const { bytes, at, offset } = place
    const storeTimestampMs = int64At(bytes, location.storeTimestampAt)
    this.#lastStoredMs = storeTimestampMs
    if (this.#records === 1) this.#gaps = this.#gaps.map((gap) => ({ ...gap, storeTimestampMs }))
    this.#noteChanged(offset, offset + location.recordBytes, () => recordName(bytes, at, location))
    this.#index.take(place, location)
    const type = transactionTypeOf(location.sysFlag)
    if (type === SysFlag.TRANSACTION_PREPARED || type === SysFlag.TRANSACTION_ROLLBACK) return
    const topic = textIn(bytes, location.topicStart, location.topicEnd)
    const queueId = queueIdAt(bytes, at)
    const { propertiesStart: start, propertiesEnd: end, recordBytes } = location
    const delaysMs = this.#delaysMs ?? []
    const isTimed = isScheduleTopic(topic) && this.#delaysMs === undefined
    const tagsCode = isTimed
      ? undefined
      : tagsCodeOf(topic, bytes, start, end, storeTimestampMs, delaysMs)
    const expected = { logOffset: offset, recordBytes, tagsCode, storeTimestampMs, count: 1 }
    const queueOffset = queueOffsetAt(bytes, at)
    const queue = this.#queues.get(topic)?.get(queueId)
    if (queue === undefined) this.#withoutQueueAt(topic, queueId, offset)
    else if (this.#kinds.get(topic) === 'BatchCQ')
      queue.take({ ...expected, ...batchOf(place, location) })
    else queue.take({ ...expected, queueOffset })
    for (const name of lightQueuesOf(topic, bytes, start, end)) {
      this.#hasLightQueues = true
      this.#queues
        .get(name)
        ?.get(0)
        ?.take({ ...expected, queueOffset: -1 })
    }
  }

  #withoutQueueAt(topic: string, queueId: number, offset: number): void {
    const name = `${topic}/${queueId}`
    const known = this.#withoutQueue.get(name)
    if (known === undefined) this.#withoutQueue.set(name, { topic, messages: 1, first: offset })
    else known.messages++
  }

  #damaged(gap: Gap): void {
    const { log } = this.#folder
    this.#noteChanged(gap.from, gap.to, undefined)
    const name = damagedName(log, gap.from, gap.to)
    this.#gaps.push({ ...gap, name, storeTimestampMs: this.#lastStoredMs })
    if (log.at(gap.from) === undefined) return
    const bytes = `${gap.to - gap.from} bytes are no sound record`
    const was = name === undefined ? '' : `; as far as they can be read: ${name}`
    this.#findings.add(
      'RECORD_DAMAGED',
      { path: log.pathOf(gap.from), offset: gap.from },
      bytes + was,
    )
  }

  #isDamaged(offset: number): boolean {
    return this.#gaps.some(({ from, to }) => offset >= from && offset < to)
  }

  /** Blocks and records come in the same order. */
  #noteChanged(from: number, to: number, name: (() => string) | undefined): void {
    for (let i = this.#changedAt; i < this.#changed.length; i++) {
      const block = this.#changed[i]
      if (block === undefined || block.offset >= to) return
      if (block.offset + 4096 <= from) {
        this.#changedAt = i + 1
        continue
      }
      if (name === undefined) block.isExplained = true
      else if (!touches(block, from, to)) continue
      else block.records.push(`${name()}, at ${from}`)
    }
  }

  #judgeChanged(end: number): Pick<RepairPlan, 'flips' | 'doubtful'> {
    const flips: { offset: number; bit: number }[] = []
    const doubtful: { offset: number; records: string[] }[] = []
    const { log } = this.#folder
    for (const { offset, bit, records, isExplained } of this.#changed) {
      if (offset >= end) continue
      const byte = offset + (bit >> 3)
      const touched = records.length === 0 ? '' : `: ${records.slice(0, 5).join('; ')}`
      const what =
        bit < 0
          ? `the 4096 bytes are not what was written${touched}`
          : `bit ${bit & 7} of this byte has changed since it was written${touched}`
      this.#findings.add(
        'BYTES_CHANGED',
        { path: log.pathOf(offset), offset: bit < 0 ? offset : byte },
        what,
      )
      if (bit >= 0) flips.push({ offset: byte, bit: bit & 7 })
      else if (!isExplained) doubtful.push({ offset, records })
    }
    return { flips, doubtful }
  }

  #finishQueues(): QueueRepair[] {
    const repairs: QueueRepair[] = []
    for (const ofTopic of this.#queues.values()) {
      for (const queue of ofTopic.values()) {
        const repair = queue.finish()
        if (repair !== undefined && !this.#badQueues.has(repair.path)) repairs.push(repair)
      }
    }
    return [...repairs, ...this.#badQueues.values()]
  }

  #finishMissingQueues(): number {
    const topics = knownTopics(this.#folder)
    let missing = 0
    for (const [name, { topic, messages, first }] of this.#withoutQueue) {
      const isDeleted = topics !== undefined && !topics.has(topic)
      const path = `${this.#folder.paths.consumeQueues}/${name}`
      const what = `${messages} messages of the log, the first at ${first}, have no queue`
      if (!isDeleted) missing++
      this.#findings.add(
        isDeleted ? 'QUEUE_UNKNOWN' : 'QUEUE_MISSING',
        { path },
        isDeleted ? `${what}: the topic is not in topics.json` : what,
      )
    }
    return missing
  }

  #checkTables(end: number): void {
    const { files, paths } = this.#folder
    for (const { path, problem } of configTables(this.#folder)) {
      if (problem !== undefined) this.#findings.add('TABLE_UNREADABLE', { path }, problem)
    }
    if (files.stat(paths.checkpoint) === undefined) return
    const checkpoint = readCheckpoint(files, paths.checkpoint)
    const { logicsPhysicalOffset, physicMsgTimestampMs } = checkpoint
    if (logicsPhysicalOffset < 0 || logicsPhysicalOffset > end) {
      this.#findings.add(
        'CHECKPOINT_WRONG',
        { path: paths.checkpoint, offset: 40 },
        `it vouches for the queues up to ${logicsPhysicalOffset}; the log ends at ${end}`,
      )
    }
    if (
      physicMsgTimestampMs < 0 ||
      (this.#records > 0 && physicMsgTimestampMs > this.#lastStoredMs + 1000)
    ) {
      this.#findings.add(
        'CHECKPOINT_WRONG',
        { path: paths.checkpoint, offset: 0 },
        `it says that the newest message was stored at ${physicMsgTimestampMs}; in the log that is ${this.#lastStoredMs}`,
      )
    }
  }

  #queueCount(): number {
    let count = 0
    for (const ofTopic of this.#queues.values()) count += ofTopic.size
    return count
  }

  #entryCount(): number {
    let count = 0
    for (const ofTopic of this.#queues.values()) {
      for (const queue of ofTopic.values()) count += queue.entryCount
    }
    return count
  }

  async #yield(): Promise<void> {
    this.#options.signal?.throwIfAborted()
    await new Promise<void>((resolve) => this.#options.turn.atEnd(resolve))
  }
}

/** A record is named when the bit lies in it, or, where that is not known, when it touches the block. */
function touches(block: { offset: number; bit: number }, from: number, to: number): boolean {
  if (block.bit < 0) return true
  const byte = block.offset + (block.bit >> 3)
  return byte >= from && byte < to
}

/** Where an inner batch begins in its queue and how many messages it has; any other record stands for itself. */
function batchOf(place: Place, location: RecordLocation): { queueOffset: number; count: number } {
  const { bytes, at } = place
  const { propertiesStart: start, propertiesEnd: end } = location
  const queueOffset = queueOffsetAt(bytes, at)
  const isInner = (location.sysFlag & INNER_BATCH) !== 0
  const count = isInner ? innerCountOf(bytes, start, end) : 0
  const baseAt = count > 0 ? findProperty(bytes, INNER_BASE, start, end) : -1
  if (baseAt < 0) return { queueOffset, count: 1 }
  const base = textIn(bytes, baseAt, propertyEnd(bytes, baseAt, end))
  return /^\d{1,15}$/.test(base) ? { queueOffset: Number(base), count } : { queueOffset, count: 1 }
}
