// SPDX-License-Identifier: Apache-2.0
// Reads messages of one queue from a queue offset on: from the tail at once, from files without waiting on the event loop.
import {
  int32At,
  int64At,
  physicalOffsetAt,
  queueIdAt,
  queueOffsetAt,
  recordBytesAt,
  RecordLocation,
} from '@rocketmq-ts/remoting/message'
import type { Logger } from '@rocketmq-ts/runtime'
import { BatchConsumeQueue, baseOffsetAt, messageCountAt } from './batch-consume-queue.ts'
import { newSeek, type Seek, seekBatch } from './batch-seek.ts'
import { SUM_BLOCK_BYTES } from './checksums/log-checksums.ts'
import type { Block, ColdBlocks } from './cold-blocks.ts'
import type { CommitLog } from './commit-log.ts'
import type { StoreConfig } from './config.ts'
import { type ConsumeQueue, FILLER_SIZE } from './consume-queue.ts'
import type { EntryWindow, EntryWindows } from './entry-windows.ts'
import { GetOutcome } from './get-outcome.ts'
import type { GetQuery, GetResult } from './messages.ts'
import { isLmq } from './multi-dispatch.ts'
import { extPositionAt, type UnitStretch } from './queue-ext.ts'
import { SMALLEST_RECORD_BYTES } from './record-limits.ts'
import type { Chunk } from './tail.ts'

type Done = (result: GetResult) => void

/** Java's upper limit of one answer. (MAX_PULL_MSG_SIZE) */
const MAX_GET_BYTES = 128 * 1024 * 1024
/** Enough of a record to see that it is the one that was asked for. */
const HEAD_BYTES = 36
/** A flush has failed and the kernel has dropped bytes, which are going to be written again: who reads now must not pass them over. */
const IN_DOUBT = -2
/** Most records that are read from files at the same time for one answer. */
const MAX_TOGETHER = 16
/** What an attempt met that is not in memory, when it could not finish. */
type Missing =
  | { readonly entry: number; readonly seek?: Seek }
  | { readonly offset: number; readonly others: readonly number[] }
  | { readonly unit: number }

/** What a read that had to load something takes along, so that it comes to an end however small the caches are. */
interface Loaded extends Seek {
  readonly blocks: Block[]
  readonly windows: EntryWindow[]
  readonly units: UnitStretch[]
  /** Positions of units that are not there. */
  readonly lostUnits: Set<number>
}

/** Reads for one store. */
export class MessageReader {
  readonly #log: CommitLog
  readonly #blocks: ColdBlocks
  readonly #windows: EntryWindows
  readonly #config: StoreConfig
  readonly #logger: Logger
  /** Records handed out. */
  readCount = 0
  /** Spans handed out and not yet given back. */
  heldSpans = 0
  #lastDamage = -1
  /** The entry whose record is to be taken. */
  readonly #entry = {
    offset: 0,
    recordBytes: 0,
    messages: 0,
    /** Queue offset that the record must have, or −1 where it need not say so. */
    proven: -1,
  }
  readonly #location: RecordLocation = new RecordLocation()
  // The topic that was compared last.
  #topic = ''
  #topicBytes: Buffer = Buffer.alloc(0)

  constructor(options: {
    log: CommitLog
    blocks: ColdBlocks
    windows: EntryWindows
    config: StoreConfig
    logger: Logger
  }) {
    this.#log = options.log
    this.#blocks = options.blocks
    this.#windows = options.windows
    this.#config = options.config
    this.#logger = options.logger
  }

  /** A reader of the same log and memory with other limits. */
  withConfig(config: StoreConfig): MessageReader {
    const options = { log: this.#log, blocks: this.#blocks, windows: this.#windows }
    return new MessageReader({ ...options, config, logger: this.#logger })
  }

  /** Calls `done` at once when everything is in memory, otherwise when it has been read. */
  get(queue: ConsumeQueue | undefined, query: GetQuery, done: Done): void {
    this.#attempt(queue, query, undefined, done)
  }

  #attempt(
    queue: ConsumeQueue | undefined,
    query: GetQuery,
    loaded: Loaded | undefined,
    done: Done,
  ): void {
    const outcome = new GetOutcome(this, query.queueOffset)
    // A topic may be deleted while a read of it waits for the disk.
    if (queue === undefined || queue.removed) {
      done(outcome.finish('NO_MESSAGE_IN_QUEUE', 0))
      return
    }
    const outside = outcome.finishOutside(queue, query.queueOffset)
    if (outside !== undefined) {
      done(outside)
      return
    }
    const first = this.#firstEntry(queue, query.queueOffset, loaded)
    const missing =
      typeof first === 'number' ? this.#collect(queue, query, first, loaded, outcome) : first
    if (missing === undefined) {
      this.readCount += outcome.messageCount
      outcome.seal()
      done(outcome)
      return
    }
    outcome.release()
    this.#load(queue, query, missing, loaded ?? newLoaded(missing), done)
  }

  #load(queue: ConsumeQueue, query: GetQuery, missing: Missing, loaded: Loaded, done: Done): void {
    const proceed = (error: Error | undefined): void => {
      if (error === undefined && this.#keep(queue, missing, loaded)) {
        this.#attempt(queue, query, loaded, done)
        return
      }
      this.#logger.error(
        { err: error, topic: queue.topic, queueId: queue.queueId, queueOffset: query.queueOffset },
        'messages cannot be read from disk',
      )
      const failed = new GetOutcome(this, query.queueOffset)
      failed.minOffset = queue.minOffset
      failed.maxOffset = queue.maxOffset
      // Java's answer for bytes it cannot get: the consumer waits and asks for the same offset again.
      done(failed.finish('OFFSET_FOUND_NULL', query.queueOffset))
    }
    if ('entry' in missing) this.#windows.load(queue, missing.entry, proceed)
    else if ('offset' in missing) {
      const { offset, others } = missing
      this.#blocks.loadTogether(offset, others, this.#log.written, (error, blocks) => {
        loaded.blocks.push(...blocks)
        proceed(error)
      })
    } else {
      // Without its unit an entry matches every filter, as in Java.
      queue.ext?.load(missing.unit, (stretch) => {
        if (stretch === undefined) loaded.lostUnits.add(missing.unit)
        else loaded.units.push(stretch)
        proceed(undefined)
      })
    }
  }

  /** Takes along what has been read; false when the file had less than it should. */
  #keep(queue: ConsumeQueue, missing: Missing, loaded: Loaded): boolean {
    if ('unit' in missing) return true
    if ('entry' in missing) {
      const window = this.#windows.find(queue, missing.entry)
      if (window !== undefined) loaded.windows.push(window)
      return window !== undefined
    }
    return this.#blockAt(missing.offset, loaded) !== undefined
  }

  // Mirrors the order of checks of DefaultMessageStore.getMessage.
  #collect(
    queue: ConsumeQueue,
    query: GetQuery,
    first: number,
    loaded: Loaded | undefined,
    outcome: GetOutcome,
  ): Missing | undefined {
    const config = this.#config
    const log = this.#log
    const { entryBytes } = queue
    const isBatch = queue instanceof BatchConsumeQueue
    const isLight = isLmq(queue.topic)
    const maxBytes = Math.min(Math.max(query.maxBytes, 100), MAX_GET_BYTES)
    const scanBytes = Math.max(config.maxFilterBytes, query.maxCount * entryBytes)
    const perFile = queue.segments.segmentBytes / entryBytes
    const logStart = log.start
    let fileEnd = first - (first % perFile) + perFile
    let filesLeft = config.maxQueueFilesPerRead - 1
    let window: EntryWindow | undefined
    let skipBelow = -1
    outcome.status = 'NO_MATCHED_MESSAGE'
    for (let index = first; index < queue.readable; index++) {
      if (index === fileEnd) {
        if (outcome.bodyBytes > 0 || filesLeft-- === 0) break
        fileEnd += perFile
      }
      let entries = queue.ring
      let at = queue.slotOf(index)
      if (at < 0) {
        if (window === undefined || !holds(window, index)) {
          window = this.#windowAt(queue, index, loaded)
          if (window === undefined) return { entry: index }
        }
        entries = window.bytes
        at = (index - window.first) * entryBytes
      }
      const offset = int64At(entries, at)
      const recordBytes = int32At(entries, at + 8)
      const queueOffset = isBatch ? baseOffsetAt(entries, at) : index
      const messages = isBatch ? messageCountAt(entries, at) : 1
      if ((queueOffset - query.queueOffset) * entryBytes >= scanBytes) break
      const { maxCount } = query
      if (this.#isFull(outcome, offset, recordBytes, messages, maxCount, maxBytes)) break
      outcome.nextBeginOffset = queueOffset + messages
      outcome.furthestOffset = offset
      if (offset < skipBelow) continue
      if (query.matchTags !== undefined) {
        const matched = this.#matchesTags(queue, query.matchTags, entries, at + 12, loaded)
        if (typeof matched !== 'boolean') return matched
        if (!matched) {
          outcome.noteUnmatched()
          continue
        }
      }
      if (offset < logStart || offset + recordBytes > log.written || recordBytes === FILLER_SIZE) {
        if (outcome.bodyBytes === 0) outcome.status = 'MESSAGE_WAS_REMOVING'
        // What follows in the same segment has gone with it; an entry that points nowhere says nothing about others.
        const isFiller = recordBytes === FILLER_SIZE
        if (!isFiller) skipBelow = log.segments.startOf(offset) + log.segments.segmentBytes
        continue
      }
      if (recordBytes < SMALLEST_RECORD_BYTES) {
        this.#reportDamage(outcome, offset)
        continue
      }
      // Entries in memory are as they were made.
      const proven = entries === queue.ring || isBatch || isLight ? -1 : index
      const entry = this.#entry
      entry.offset = offset
      entry.recordBytes = recordBytes
      entry.messages = messages
      entry.proven = proven
      const missing = this.#take(outcome, queue, query, loaded)
      if (missing >= 0) {
        return { offset: missing, others: this.#wantedFrom(queue, query, index, window, outcome) }
      }
      if (missing === IN_DOUBT) {
        // The reader comes back for it.
        outcome.nextBeginOffset = queueOffset
        if (outcome.bodyBytes === 0) outcome.status = 'OFFSET_FOUND_NULL'
        break
      }
    }
    outcome.farBehind = log.end - outcome.furthestOffset > config.inMemoryBytes
    return undefined
  }

  /** Index of the entry that holds a queue offset, or what must be loaded to know. */
  #firstEntry(
    queue: ConsumeQueue,
    queueOffset: number,
    loaded: Loaded | undefined,
  ): number | Missing {
    if (!(queue instanceof BatchConsumeQueue)) return queueOffset
    const seek = loaded ?? newSeek()
    const found = seekBatch(queue, queueOffset, seek, this.#windows)
    return found >= 0 ? found : { entry: seek.middle, seek }
  }

  /** Asks the filter about an entry's tags code, or says which unit must be loaded first. */
  #matchesTags(
    queue: ConsumeQueue,
    matchTags: NonNullable<GetQuery['matchTags']>,
    entries: Uint8Array,
    at: number,
    loaded: Loaded | undefined,
  ): boolean | Missing {
    const position = extPositionAt(entries, at)
    if (position < 0) return matchTags(int64At(entries, at), undefined)
    if (queue.ext?.mayHave(position) !== true || loaded?.lostUnits.has(position)) return true
    const unit = queue.ext.find(position, loaded?.units)
    return unit === undefined ? { unit: position } : matchTags(unit.tagsCode, unit)
  }

  /** Adds the record of `#entry` to the outcome; returns −1, {@link IN_DOUBT}, or the offset of the first byte that is not in memory. */
  #take(
    outcome: GetOutcome,
    queue: ConsumeQueue,
    query: GetQuery,
    loaded: Loaded | undefined,
  ): number {
    const { offset, recordBytes, messages, proven } = this.#entry
    const chunk = this.#log.tail.find(offset)
    if (chunk !== undefined) {
      if (
        proven >= 0 &&
        !this.#isOf(queue, proven, chunk.bytes, offset - chunk.start, recordBytes)
      ) {
        this.#reportDamage(outcome, offset)
      } else if (matches(query, chunk, offset - chunk.start, recordBytes)) {
        outcome.addFromChunk(chunk, offset - chunk.start, recordBytes, messages)
      } else outcome.noteUnmatched()
      return -1
    }
    let at = offset
    const pieces: Block[] = []
    while (at < offset + recordBytes) {
      const block = this.#blockAt(at, loaded)
      if (block === undefined) return at
      pieces.push(block)
      at = block.end
    }
    if (pieces.some((piece) => piece.isDamaged(offset, offset + recordBytes))) {
      if (this.#isInDoubt(offset + recordBytes)) {
        this.#blocks.forgetAll()
        return IN_DOUBT
      }
      outcome.noteDamaged()
      return -1
    }
    const needsWhole = proven >= 0 || query.matchRecord !== undefined
    const head = join(pieces, offset, needsWhole ? recordBytes : HEAD_BYTES)
    const isThere = recordBytesAt(head, 0) === recordBytes && physicalOffsetAt(head, 0) === offset
    if (!isThere || (proven >= 0 && !this.#isOf(queue, proven, head, 0, recordBytes))) {
      this.#reportDamage(outcome, offset)
      return -1
    }
    if (query.matchRecord?.(head) === false) {
      outcome.noteUnmatched()
      return -1
    }
    // A piece may begin before the one before it ends.
    let from = offset
    for (const piece of pieces) {
      const to = Math.min(offset + recordBytes, piece.end)
      outcome.addFromBlock(piece, from - piece.start, to - from)
      from = to
    }
    outcome.countRecord(messages)
    return -1
  }

  /** Whether the record at `at` is the message of a queue: an entry of which a bit has flipped may lead to another. */
  #isOf(
    queue: ConsumeQueue,
    queueOffset: number,
    bytes: Uint8Array,
    at: number,
    recordBytes: number,
  ): boolean {
    if (queueIdAt(bytes, at) !== queue.queueId || queueOffsetAt(bytes, at) !== queueOffset) {
      return false
    }
    const location = this.#location
    if (!location.locate(bytes, at, at + recordBytes)) return false
    if (location.recordBytes !== recordBytes) return false
    if (this.#topic !== queue.topic) {
      this.#topic = queue.topic
      this.#topicBytes = Buffer.from(queue.topic)
    }
    const { topicStart, topicEnd } = location
    return this.#topicBytes.compare(bytes, topicStart, topicEnd) === 0
  }

  /**
   * Where the records of the entries from `index` on begin and end that this read is going to want of the files, as far as memory
   * tells: reads that wait for each other take as many times as long.
   */
  #wantedFrom(
    queue: ConsumeQueue,
    query: GetQuery,
    index: number,
    window: EntryWindow | undefined,
    outcome: GetOutcome,
  ): number[] {
    const wanted: number[] = []
    if (queue instanceof BatchConsumeQueue) return wanted
    const { inMemoryBytes, maxTransferCountOnDisk, maxTransferBytesOnDisk } = this.#config
    const count = query.maxCount - outcome.messageCount
    const end = Math.min(queue.readable, index + Math.min(count, MAX_TOGETHER))
    let bytes = outcome.bodyBytes
    for (let next = index; next < end; next++) {
      let entries = queue.ring
      let at = queue.slotOf(next)
      if (at < 0) {
        if (window === undefined || !holds(window, next)) break
        entries = window.bytes
        at = (next - window.first) * queue.entryBytes
      }
      const offset = int64At(entries, at)
      const recordBytes = int32At(entries, at + 8)
      bytes += recordBytes
      if (bytes > query.maxBytes || recordBytes < SMALLEST_RECORD_BYTES) break
      const isFar = this.#log.end - offset > inMemoryBytes
      const messages = outcome.messageCount + next - index
      if (isFar && (messages >= maxTransferCountOnDisk || bytes > maxTransferBytesOnDisk)) break
      if (offset < this.#log.start || offset + recordBytes > this.#log.tail.start) break
      if (query.matchTags !== undefined) {
        if (queue.ext !== undefined) break
        if (!query.matchTags(int64At(entries, at + 12), undefined)) continue
      }
      wanted.push(offset, offset + recordBytes - 1)
    }
    return wanted
  }

  // The block of a record that is flushed may hold others that are not.
  #isInDoubt(end: number): boolean {
    const { flushed, written } = this.#log
    return flushed < written && end + SUM_BLOCK_BYTES > flushed
  }

  // Never serve bytes that are not the record that the queue promises: the client would take them for one.
  #reportDamage(outcome: GetOutcome, offset: number): void {
    outcome.noteDamaged()
    if (offset === this.#lastDamage) return
    this.#lastDamage = offset
    this.#logger.error({ offset }, 'no record lies where a consume queue says: it is passed over')
  }

  #windowAt(
    queue: ConsumeQueue,
    index: number,
    loaded: Loaded | undefined,
  ): EntryWindow | undefined {
    if (loaded !== undefined) {
      for (const window of loaded.windows) if (holds(window, index)) return window
    }
    return this.#windows.find(queue, index)
  }

  #blockAt(offset: number, loaded: Loaded | undefined): Block | undefined {
    if (loaded !== undefined) {
      for (const block of loaded.blocks) {
        if (offset >= block.start && offset < block.end) return block
      }
    }
    return this.#blocks.find(offset)
  }

  #isFull(
    outcome: GetOutcome,
    offset: number,
    recordBytes: number,
    messages: number,
    maxCount: number,
    maxBytes: number,
  ): boolean {
    if (outcome.bodyBytes === 0 || outcome.messageCount === 0) return false
    if (outcome.messageCount + messages > maxCount) return true
    const withThis = outcome.bodyBytes + recordBytes
    if (withThis > maxBytes) return true
    const config = this.#config
    const isInMemory = this.#log.end - offset <= config.inMemoryBytes
    if (isInMemory) {
      return (
        withThis > config.maxTransferBytesInMemory ||
        outcome.messageCount > config.maxTransferCountInMemory - 1
      )
    }
    return (
      withThis > config.maxTransferBytesOnDisk ||
      outcome.messageCount > config.maxTransferCountOnDisk - 1
    )
  }
}

function newLoaded(missing: Missing): Loaded {
  const seek = 'entry' in missing ? missing.seek : undefined
  return { ...(seek ?? newSeek()), blocks: [], windows: [], units: [], lostUnits: new Set() }
}

function matches(query: GetQuery, chunk: Chunk, at: number, recordBytes: number): boolean {
  return (
    query.matchRecord === undefined || query.matchRecord(chunk.bytes.subarray(at, at + recordBytes))
  )
}

function holds(window: EntryWindow, index: number): boolean {
  return index >= window.first && index < window.first + window.count
}

/** The first bytes of a record that lies in one block or in several that follow each other. */
function join(pieces: readonly Block[], offset: number, byteLength: number): Uint8Array {
  const [first] = pieces
  if (first === undefined) return new Uint8Array(byteLength)
  const at = offset - first.start
  if (at + byteLength <= first.end - first.start) return first.bytes.subarray(at, at + byteLength)
  const joined = new Uint8Array(byteLength)
  for (const piece of pieces) {
    const from = Math.max(offset, piece.start)
    const to = Math.min(offset + byteLength, piece.end)
    if (to > from)
      joined.set(piece.bytes.subarray(from - piece.start, to - piece.start), from - offset)
  }
  return joined
}
