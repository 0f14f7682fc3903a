// SPDX-License-Identifier: Apache-2.0
// The one class a broker sees: append, wait until safe, read, look up, recover, close.
import { type Logger, silentLogger, type Turn } from '@rocketmq-ts/runtime'
import { AckQueue } from './ack-queue.ts'
import { Appender } from './appender.ts'
import type { LogChecksums } from './checksums/log-checksums.ts'
import { ColdBlocks } from './cold-blocks.ts'
import { CommitLog } from './commit-log.ts'
import { Compaction } from './compaction/compaction.ts'
import type { StoreConfig } from './config.ts'
import type { ConsumeQueue } from './consume-queue.ts'
import type { ConsumeQueues } from './consume-queues.ts'
import { Dispatch } from './dispatch.ts'
import { EntryWindows } from './entry-windows.ts'
import { StoreError } from './errors.ts'
import { Flush, type FlushPolicy } from './flush.ts'
import { MessageReader } from './get-message.ts'
import { recoverIndex } from './index-file/index-recovery.ts'
import { MessageIndex } from './index-file/message-index.ts'
import { LogWriter, type Patience, type WriteListener } from './log-writer.ts'
import { Lookup } from './lookup.ts'
import type {
  AckWaiter,
  Appended,
  AppendedBatch,
  ArrivalListener,
  Boundary,
  GetQuery,
  GetResult,
  KeyQuery,
  KeyQueryResult,
  MessageToStore,
  PutStatus,
  QueueBounds,
  RawAppended,
  StoreStatus,
} from './messages.ts'
import type { OpenFiles } from './open-files.ts'
import { isCompacted, openStore, type StoreOptions, type StoreParts } from './open-store.ts'
import { storePaths } from './paths.ts'
import { QueueFlush } from './queue-flush.ts'
import { writeQueueTable } from './queue-table-file.ts'
import type { QueueWriter } from './queue-writer.ts'
import { RawAppender } from './raw-append.ts'
import { Retention } from './retention/retention.ts'
import { StoreDirectory } from './store-directory.ts'
import { truncate } from './truncate.ts'

const SWEEP_MS = 1000
/** Messages that compaction copies at once. */
const COPY_COUNT = 1024
/** Entries that may wait for their files before appends are refused. */
const MAX_WAITING_ENTRIES = 4_000_000
/** Records of one query by key: they must fit into a frame of 16 MiB. */
const MAX_QUERY_BYTES = 15 * 1024 * 1024

/** A message store in one directory. Java's DefaultMessageStore, as far as files go. */
export class MessageStore {
  readonly #config: StoreConfig
  readonly #logger: Logger
  readonly #directory: StoreDirectory
  readonly #open: OpenFiles
  readonly #queues: ConsumeQueues
  readonly #log: CommitLog
  readonly #queueWriter: QueueWriter
  readonly #dispatch: Dispatch
  readonly #appender: Appender
  readonly #logWriter: LogWriter
  readonly #flush: Flush
  readonly #queueFlush: QueueFlush
  readonly #windows: EntryWindows
  readonly #checksums: LogChecksums | undefined
  readonly #reader: MessageReader
  readonly #lookup: Lookup
  #compaction: Compaction | undefined
  #index: MessageIndex
  readonly #rawAppender: RawAppender
  readonly #cut: (offset: number) => Promise<void>
  readonly #writeQueueTable: () => Promise<void>
  #isBeingCut = false
  /** Cutting the log has failed half-way: nothing is taken any more. */
  #isHalfCut = false
  readonly #replicationWaiters = new AckQueue()
  readonly #retention: Retention
  readonly #turn: Turn
  /** Those who wait for the kernel to have their bytes. */
  readonly #waiters = new AckQueue()
  readonly #stops: (() => void)[] = []
  readonly #acknowledgesFromMemory: boolean
  #isClosed = false
  #closing: Promise<void> | undefined

  /**
   * Locks the directory, brings its files into order and returns the store, ready to be used.
   * @throws {StoreError} RMQ_STORE_LOCKED, RMQ_STORE_LAYOUT, RMQ_STORE_IO.
   */
  static async open(options: StoreOptions): Promise<MessageStore> {
    const { config, runtime } = options
    const logger = options.logger ?? silentLogger
    const directory = StoreDirectory.take(runtime.files, storePaths(config))
    try {
      const complete = { ...options, logger }
      return await MessageStore.#started(complete, await openStore(complete, directory))
    } catch (error) {
      directory.release()
      throw error
    }
  }

  static async #started(
    options: StoreOptions & { readonly logger: Logger },
    parts: StoreParts,
  ): Promise<MessageStore> {
    const store = new MessageStore(options, parts)
    try {
      await store.#openCompaction(options, parts.compactedTopics, parts.recovery.isClean)
    } catch (error) {
      await store.close()
      throw error
    }
    return store
  }

  private constructor(options: StoreOptions & { readonly logger: Logger }, parts: StoreParts) {
    const { config, runtime, logger } = options
    const { clock, timers, turn, files } = runtime
    const { segments, queues, queueWriter, recovered } = parts
    this.#config = config
    this.#logger = logger
    this.#directory = parts.directory
    this.#open = parts.open
    this.#queues = queues
    this.#queueWriter = queueWriter
    const log = new CommitLog({
      segments,
      end: recovered.end,
      flushed: recovered.flushed,
      tailBytes: config.tailBytes,
      tailChunkBytes: config.tailChunkBytes,
      propertyCrc: config.appendPropertyCrc,
    })
    this.#log = log
    const dispatch = new Dispatch({ tail: log.tail, writer: queueWriter, offset: recovered.end })
    dispatch.storeTimestampMs = recovered.storeTimestampMs
    dispatch.entryOffset = recovered.entryOffset
    dispatch.entryTimestampMs = recovered.entryTimestampMs
    this.#dispatch = dispatch
    const { multiDispatch } = parts
    const { bitMapOf } = options
    this.#appender = new Appender({
      ...{ log, queues, dispatch, clock, config },
      ...{ multiDispatch, bitMapOf },
    })
    const flush = new Flush({
      log,
      clock,
      timers,
      logger,
      policy: flushPolicy(config),
      onFailure: () => this.#waiters.releaseAll('SERVICE_NOT_AVAILABLE'),
      writesOnLoop: () => this.#logWriter.wroteAtOnce,
    })
    this.#flush = flush
    this.#acknowledgesFromMemory =
      config.acknowledgeFromMemory && config.flushDiskType === 'ASYNC_FLUSH'
    this.#logWriter = new LogWriter({
      log,
      turn,
      timers,
      logger,
      listener: this.#writeListener(),
      warmsUp: config.warmUpSegments,
      patience: this.#acknowledgesFromMemory ? commitPatience(config) : undefined,
    })
    const { checksums } = parts
    this.#checksums = checksums
    this.#queueFlush = new QueueFlush({
      log,
      dispatch,
      writer: queueWriter,
      flush,
      files,
      timers,
      logger,
      checkpointPath: parts.directory.paths.checkpoint,
      checkpoint: parts.checkpoint,
      checksums,
      intervalMs: config.consumeQueueFlushIntervalMs,
    })
    const blocks = new ColdBlocks({
      segments,
      blockBytes: config.coldReadBlockBytes,
      totalBytes: config.coldReadBytes,
      checksums,
    })
    this.#windows = new EntryWindows()
    this.#reader = new MessageReader({ log, blocks, windows: this.#windows, config, logger })
    this.#lookup = new Lookup({ log, queues, windows: this.#windows, checksums })
    const indexParts = {
      ...parts.index,
      runtime,
      logger,
      log,
      isBuilt: config.indexEnabled,
      readable: () => dispatch.offset,
      checkpoint: parts.checkpoint,
      saveCheckpoint: () => this.#queueFlush.saveCheckpoint(),
    }
    this.#index = new MessageIndex(indexParts)
    this.#rawAppender = new RawAppender({ log, dispatch, recovery: parts.recovery })
    this.#cut = async (offset) => {
      const { recovery, checkpoint, directory } = parts
      const checkpointPath = directory.paths.checkpoint
      const cut = { log, dispatch, blocks, recovery, checkpoint, checkpointPath, files }
      // The index follows what is readable, so it has to be found anew behind its last sound entry.
      await this.#index.close()
      try {
        await this.#queueFlush.alone(() => truncate(cut, offset))
        this.#queueFlush.durableOffset = Math.min(this.#queueFlush.durableOffset, offset)
        checksums?.truncate(offset)
      } finally {
        const { indexMsgTimestampMs } = checkpoint
        const index = await recoverIndex({
          ...{ ...indexParts, segments, indexMsgTimestampMs },
          ...{ isClean: false, logEnd: log.end },
          lowerIndexTime: (loweredMs) => {
            checkpoint.indexMsgTimestampMs = loweredMs
            return this.#queueFlush.saveCheckpoint()
          },
        })
        this.#index = new MessageIndex({ ...indexParts, ...index })
      }
      for (const queue of queues) this.#windows.forget(queue)
      await this.#compaction?.cut()
    }
    this.#writeQueueTable = () => {
      const { entryOffset } = dispatch
      return writeQueueTable({ ...parts.tableOptions, logEnd: log.end, entryOffset })
    }
    this.#turn = turn
    this.#retention = new Retention({
      runtime,
      logger,
      log,
      queues,
      index: { deleteBelow: (logStart) => this.#index.deleteBelow(logStart) },
      logDirectories: config.commitLogDirectories,
      queueDirectory: parts.directory.paths.consumeQueues,
      dispatched: () => Math.min(dispatch.offset, this.#compaction?.coveredOffset ?? 0),
      durable: () => this.#queueFlush.durableOffset,
      settings: () => ({ ...config, ...options.retention?.() }),
      intervalMs: config.cleanIntervalMs,
    })
    this.#stops.push(
      timers.every(config.flushIntervalMs, () => flush.tick()),
      timers.every(SWEEP_MS, () => queues.sweepIdle()),
    )
  }

  /**
   * Stores a message: lays it out, gives it its offsets, and returns at once. It is neither safe nor readable yet: see {@link whenSafe}.
   * The returned object is reused by the next append.
   */
  append(message: MessageToStore): Appended {
    const refusal = this.#refusalNow()
    if (refusal !== undefined) return this.#appender.refuse(refusal)
    const appended = this.#appender.append(message)
    if (appended.status === 'PUT_OK') this.#logWriter.appended()
    return appended
  }

  /**
   * Stores each message of `message.body`, the body of a batch request, as a record of its own with consecutive queue offsets; all or none.
   * `message.properties` go nowhere, as in Java. The returned object is reused by the next batch.
   */
  appendBatch(message: MessageToStore): AppendedBatch {
    const refusal = this.#refusalNow()
    if (refusal !== undefined) return this.#appender.refuseBatch(refusal)
    const appended = this.#appender.appendBatch(message)
    if (appended.status === 'PUT_OK') this.#logWriter.appended()
    return appended
  }

  /**
   * Tells `waiter` when everything below `endOffset` is in the kernel, or under SYNC_FLUSH on disk.
   * `waitFlush` false asks for the kernel only (Java: WAIT=false). Waiters are told in the order of their offsets.
   */
  whenSafe(endOffset: number, waiter: AckWaiter, waitFlush: boolean): void {
    if (!this.#isWritable) {
      waiter.acknowledged('SERVICE_NOT_AVAILABLE')
      return
    }
    if (this.#acknowledgesFromMemory) {
      waiter.acknowledged('PUT_OK')
      return
    }
    if (waitFlush && this.#config.flushDiskType === 'SYNC_FLUSH') {
      if (endOffset <= this.#log.flushed && this.#flush.waiting === 0) waiter.acknowledged('PUT_OK')
      else this.#flush.whenFlushed(endOffset, waiter)
    } else if (endOffset <= this.#log.written && this.#waiters.size === 0) {
      waiter.acknowledged('PUT_OK')
    } else {
      this.#waiters.push(endOffset, 0, waiter)
    }
  }

  /**
   * Appends bytes of another store's log, which is how a replica follows its master: whole records, unaltered, at the offsets they have there.
   * `offset` must be the end of this log, or lie in the unused rest of the segment before it.
   */
  appendRaw(offset: number, bytes: Uint8Array): RawAppended {
    const refusal = this.#refusalNow()
    if (refusal !== undefined) return { status: refusal, takenBytes: 0 }
    const appended = this.#rawAppender.append(offset, bytes)
    if (appended.takenBytes > 0) this.#logWriter.appended()
    return appended
  }

  /**
   * Cuts the log at a record that starts at `offset`, and everything derived from what is cut. Appends are refused meanwhile.
   * @throws {StoreError} RMQ_STORE_LAYOUT when no confirmed record starts there; RMQ_STORE_IO when the disk refuses.
   */
  async truncateTo(offset: number): Promise<void> {
    if (!this.#isWritable) {
      throw new StoreError('RMQ_STORE_IO', `cannot cut the log at ${offset}: it cannot be written`)
    }
    this.#isBeingCut = true
    const before = this.#log.end
    try {
      await this.#logWriter.drained()
      await this.#flush.flushAll()
      const { end, flushed } = this.#log
      if (flushed < end) {
        throw new StoreError(
          'RMQ_STORE_IO',
          `cannot cut the log at ${offset}: it is flushed up to ${flushed} of ${end} only`,
        )
      }
      await this.#cut(offset)
    } catch (error) {
      // Queues or index may still point behind the end: only the next start brings them in line.
      this.#isHalfCut = this.#log.end < before
      throw error
    } finally {
      this.#isBeingCut = this.#isHalfCut
    }
  }

  /** Replication has everything below `offset`. */
  replicatedTo(offset: number): void {
    const log = this.#log
    log.replicated = Math.max(log.replicated, Math.min(offset, log.written))
    this.#replicationWaiters.release(log.replicated, 'PUT_OK')
  }

  /** Tells `waiter` when replication has everything below `endOffset`; see {@link replicatedTo}. It does not ask for the disk here. */
  whenReplicated(endOffset: number, waiter: AckWaiter): void {
    if (!this.#isWritable) waiter.acknowledged('SERVICE_NOT_AVAILABLE')
    else this.#replicationWaiters.push(endOffset, 0, waiter)
    this.#replicationWaiters.release(this.#log.replicated, 'PUT_OK')
  }

  /** Lets readers go no further than `offset` from now on; undefined lets them read all that is written again. */
  confirmTo(offset: number | undefined): void {
    const log = this.#log
    // What has been readable stays so.
    log.confirmable = offset === undefined ? undefined : Math.max(offset, log.confirmed)
    log.confirm()
    this.#dispatch.advance(log.confirmed)
    this.#index.advance()
    this.#compaction?.advance()
  }

  /** Reads messages; calls `done` at once when everything is in memory, otherwise when it has been read. `result.release` must be called. */
  get(query: GetQuery, done: (result: GetResult) => void): void {
    if (this.#compaction?.has(query.topic) === true) {
      void this.#compaction.get(query).then(done)
      return
    }
    this.#reader.get(this.#queues.find(query.topic, query.queueId), query, done)
  }

  /** Gives `done` a copy of the record at a commit log offset, or undefined when no record starts there. */
  readAt(offset: number, done: (record: Uint8Array | undefined) => void): void {
    this.#lookup.readAt(offset, done)
  }

  /** Looks records up by key, unique key or tag, and store time. @see DefaultMessageStore.queryMessage */
  async queryByKey(query: KeyQuery): Promise<KeyQueryResult> {
    const maxCount = Math.min(query.maxCount, this.#config.maxQueryCount)
    const found = await this.#index.query({ ...query, maxCount })
    const records: Uint8Array[] = []
    let byteLength = 0
    for (const offset of found.offsets) {
      const record = await new Promise<Uint8Array | undefined>((resolve) =>
        this.#lookup.readAt(offset, resolve),
      )
      if (record === undefined) continue
      byteLength += record.length
      if (records.length > 0 && byteLength > MAX_QUERY_BYTES) break
      records.push(record)
    }
    const isFound = found.offsets.length > 0
    return {
      records,
      indexLastUpdateTimestampMs: isFound ? found.lastTimestampMs : 0,
      indexLastUpdateOffset: isFound ? found.lastOffset : 0,
    }
  }

  /** Compacts the topics that are to be compacted now, as is done from time to time anyway. */
  async compact(): Promise<void> {
    await this.#compaction?.compact()
  }

  /** Offset of the first message of the queue; 0 for a queue that does not exist. */
  minOffset(topic: string, queueId: number): number {
    return this.#queues.find(topic, queueId)?.minOffset ?? 0
  }

  /** Offset behind the last readable message of the queue; 0 for a queue that does not exist. */
  maxOffset(topic: string, queueId: number): number {
    return this.#queues.find(topic, queueId)?.maxOffset ?? 0
  }

  /** Offset that the next message of the queue gets; 0 for a queue that does not exist. (Java: topicQueueTable) */
  queueOffset(topic: string, queueId: number): number {
    return this.#queues.find(topic, queueId)?.nextOffset ?? 0
  }

  /** Offset of the first message stored at or after a time, or with UPPER of the last one stored at or before it. */
  searchOffset(
    topic: string,
    queueId: number,
    timestampMs: bigint | number,
    boundary: Boundary = 'LOWER',
  ): Promise<number> {
    return this.#lookup.searchOffset(topic, queueId, Number(timestampMs), boundary)
  }

  /** When the message at a queue offset was stored; undefined when it is not there. */
  storeTimestampAt(
    topic: string,
    queueId: number,
    queueOffset: number,
  ): Promise<number | undefined> {
    return this.#lookup.storeTimestampAt(topic, queueId, queueOffset)
  }

  /** When the first message of the log was stored; −1 when the log is empty. */
  earliestStoreTimestampMs(): number {
    return this.#lookup.earliestStoreTimestampMs()
  }

  /** Hears of each message that becomes readable; one listener, a new one replaces it. */
  onArrival(listener: ArrivalListener): void {
    this.#dispatch.listen(listener)
  }

  *queues(): IterableIterator<QueueBounds> {
    for (const queue of this.#queues) {
      const { topic, queueId, minOffset } = queue
      yield { topic, queueId, minOffset, maxOffset: queue.maxOffset }
    }
  }

  /** Forgets a topic's queues and removes their files. Its messages leave with the log's oldest segments. */
  deleteTopic(topic: string): void {
    for (const queue of this.#queues.ofTopic(topic)) {
      this.#queueWriter.forget(queue)
      this.#windows.forget(queue)
    }
    this.#queues.remove(topic)
    this.#compaction?.deleteTopic(topic)
    // Its files must not come back with a loss of power, once others have taken their places in the log.
    const { directory, batchDirectory, ext } = this.#queues.layout
    for (const parent of [directory, batchDirectory, ext?.directory]) {
      if (parent !== undefined) this.#queueWriter.unflushedDirectories.add(parent)
    }
  }

  /** Forgets the queues of which every message has left the log, but not those that `isKept` names; resolves with their number. @see ConsumeQueueStore.cleanExpired */
  async cleanExpiredQueues(isKept: (topic: string) => boolean): Promise<number> {
    await this.#queues.follow(this.#log.start, this.#turn)
    // What is compacted outlives the log, and its queue says which offset comes next.
    const isToStay = (topic: string): boolean =>
      isKept(topic) || this.#compaction?.has(topic) === true
    const removed = [...this.#queues].filter((queue) => isExpired(queue) && !isToStay(queue.topic))
    for (const queue of removed) {
      this.#queueWriter.forget(queue)
      this.#windows.forget(queue)
      this.#queues.removeQueue(queue)
    }
    return removed.length
  }

  /** Removes expired files in the next rounds, whatever the hour. @see DefaultMessageStore.executeDeleteFilesManually */
  deleteExpiredFiles(): void {
    this.#retention.deleteNow()
  }

  /** Names of all topics that have a queue. */
  topicNames(): readonly string[] {
    return [...this.#queues.topicNames()]
  }

  status(): StoreStatus {
    const log = this.#log
    return {
      writable: this.#isWritable && !this.#retention.isDiskFull,
      pageCacheBusy: this.#refusalNow() === 'OS_PAGE_CACHE_BUSY' || this.#isTailFull,
      commitLogMinOffset: log.start,
      commitLogMaxOffset: log.end,
      writtenOffset: log.written,
      flushedOffset: log.flushed,
      confirmedOffset: log.confirmed,
      replicatedOffset: log.replicated,
      queuesDurableOffset: this.#queueFlush.durableOffset,
      dispatchBehindBytes: log.end - this.#dispatch.offset,
      flushBehindBytes: log.written - log.flushed,
      indexedOffset: this.#index.offset,
      earliestStoreTimestampMs: this.earliestStoreTimestampMs(),
      appendedCount: this.#appender.appendedCount,
      readCount: this.#reader.readCount,
      heldSpans: this.#reader.heldSpans,
      queueCount: this.#queues.count,
    }
  }

  /** Writes and flushes everything, and leaves the directory as an orderly stop leaves it. Appends are refused from now on. */
  close(): Promise<void> {
    this.#closing ??= this.#close()
    return this.#closing
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close()
  }

  async #close(): Promise<void> {
    this.#isClosed = true
    for (const stop of this.#stops) stop()
    this.#queueFlush.close()
    await this.#retention.close()
    await this.#logWriter.drained()
    this.#logWriter.close()
    await this.#flush.finish()
    const isIndexed = await this.#index.close()
    const isCompacted = (await this.#compaction?.close()) === true
    const isCovered = await this.#queueFlush.round()
    await this.#queueWriter.close()
    this.#waiters.releaseAll('SERVICE_NOT_AVAILABLE')
    this.#replicationWaiters.releaseAll('SERVICE_NOT_AVAILABLE')
    this.#flush.failWaiters()
    this.#flush.close()
    const log = this.#log
    // A segment that was made ahead and holds nothing. It must not come back, half made, behind an orderly stop.
    log.segments.removeBehind(log.end)
    log.segments.flushNames()
    this.#open.closeAll()
    const isDerived = isIndexed && isCompacted && isCovered
    const isComplete = isDerived && log.flushed === log.end && this.#dispatch.offset === log.end
    if (isComplete && !this.#isHalfCut) {
      await this.#writeQueueTable()
      this.#directory.markClean()
    } else
      this.#logger.warn(
        { flushedOffset: log.flushed, endOffset: log.end },
        'not everything could be written; the next start recovers the store',
      )
    this.#directory.release()
  }

  async #openCompaction(
    options: StoreOptions & { readonly logger: Logger },
    topics: Set<string>,
    isClean: boolean,
  ): Promise<void> {
    const { config, runtime, logger } = options
    const log = this.#log
    // It copies more at once than a consumer gets.
    const generous = {
      maxTransferBytesInMemory: config.coldReadBytes,
      maxTransferCountInMemory: COPY_COUNT,
      maxTransferBytesOnDisk: config.coldReadBytes,
      maxTransferCountOnDisk: COPY_COUNT,
      maxFilterBytes: COPY_COUNT * 64,
    }
    const reader = this.#reader.withConfig({ ...config, ...generous })
    this.#compaction = await Compaction.open({
      ...{ runtime, logger, config, topics, isClean, reader, log },
      ...{ queues: this.#queues, open: this.#open },
      isCompacted: (topic) => isCompacted(options, topic),
      directory: this.#directory.paths.compaction,
      dispatched: () => this.#dispatch.offset,
    })
  }

  /** So little room that an append may be refused any time. */
  get #isTailFull(): boolean {
    const { tailBytes, tailChunkBytes } = this.#config
    return this.#log.end - this.#log.written > tailBytes - 2 * tailChunkBytes
  }

  /** False while the disk refuses what it is given; it may come back. */
  get #isWritable(): boolean {
    if (this.#isClosed || this.#isBeingCut || this.#logWriter.failure !== undefined) return false
    return this.#flush.failure === undefined
  }

  #refusalNow(): PutStatus | undefined {
    if (!this.#isWritable || this.#retention.isDiskFull) return 'SERVICE_NOT_AVAILABLE'
    return this.#queueWriter.waitingEntries > MAX_WAITING_ENTRIES ? 'OS_PAGE_CACHE_BUSY' : undefined
  }

  #writeListener(): WriteListener {
    return {
      written: () => {
        const { written } = this.#log
        this.#waiters.release(written, 'PUT_OK')
        // Before the flush, which may hold the loop: what is written may be read.
        this.#log.confirm()
        this.#dispatch.advance(this.#log.confirmed)
        this.#index.advance()
        this.#compaction?.advance()
        this.#flush.written()
        this.#checksums?.follow(this.#log.tail, written)
      },
      writeFailed: () => {
        this.#waiters.releaseAll('SERVICE_NOT_AVAILABLE')
        this.#replicationWaiters.releaseAll('SERVICE_NOT_AVAILABLE')
        this.#flush.failWaiters()
      },
    }
  }
}

/** Every entry is in the files and none points into the log. */
function isExpired(queue: ConsumeQueue): boolean {
  const isAtRest = queue.persisted === queue.next && queue.readable === queue.next
  return isAtRest && queue.nextOffset > 0 && queue.minOffset >= queue.nextOffset
}

function flushPolicy(config: StoreConfig): FlushPolicy {
  const isAsync = config.flushDiskType === 'ASYNC_FLUSH'
  return {
    leastPages: isAsync ? config.flushLeastPages : 0,
    thoroughIntervalMs: config.flushThoroughIntervalMs,
    // Half of the tail: the other half still holds what a failed flush would have to write again.
    aheadBytes: Math.floor(config.tailBytes / 2),
    onWrite: config.flushOnWrite && isAsync,
    loopMaxMs: config.loopFlushMaxMs,
    timeoutMs: config.syncFlushTimeoutMs,
  }
}

function commitPatience({ commitLeastPages, commitIntervalMs, tailBytes }: StoreConfig): Patience {
  // Never so patient that the tail fills up.
  const leastBytes = Math.min(commitLeastPages * 4096, Math.floor(tailBytes / 4))
  return { leastBytes, intervalMs: commitIntervalMs }
}
