// SPDX-License-Identifier: Apache-2.0
// All compacted queues of a store: follows the log for them, brings them onto the disk, compacts them now and then; Java's CompactionStore.
//
// A topic with `cleanup.policy=COMPACTION` has consume queues like any other. What is new in them is copied from the commit log into
// compaction logs, where it outlives the commit log; the topic is read from there. Where copying goes on follows from what is there,
// so nothing about it has to be remembered.
import type { Logger, Runtime } from '@rocketmq-ts/runtime'
import type { CommitLog } from '../commit-log.ts'
import type { StoreConfig } from '../config.ts'
import type { ConsumeQueue } from '../consume-queue.ts'
import type { ConsumeQueues } from '../consume-queues.ts'
import type { MessageReader } from '../get-message.ts'
import type { GetQuery, GetResult } from '../messages.ts'
import type { OpenFiles } from '../open-files.ts'
import { CompactedQueue } from './compacted-queue.ts'
import { pairSizes } from './compaction-format.ts'
import type { PairDisk } from './pair-files.ts'
import { PositionCheckpoint } from './position-checkpoint.ts'

/** How long a message may be readable before it is copied; a reader who waits for it makes it come at once. */
const FOLLOW_MS = 10
const RETRY_MS = 1000
/** A compaction waits so often and so long for the log's flush: a message that could still be lost must not displace another. */
const FLUSH_LOOKS = 300
const FLUSH_LOOK_MS = 100
/** An orderly stop waits this long for queues that are far behind. */
const CLOSE_MS = 10_000

/** What compaction works with. */
export interface CompactionParts {
  readonly runtime: Pick<Runtime, 'clock' | 'timers' | 'files'>
  readonly logger: Logger
  readonly config: StoreConfig
  /** `compaction` in the store's directory. */
  readonly directory: string
  readonly queues: ConsumeQueues
  readonly open: OpenFiles
  readonly log: CommitLog
  readonly reader: MessageReader
  /** Messages below are in their consume queues. */
  readonly dispatched: () => number
  /** Names of the topics to compact, kept by whoever makes topics. */
  readonly topics: Set<string>
  readonly isCompacted: (topic: string) => boolean
  readonly isClean: boolean
}

/** Nothing is done and nothing costs anything while `topics` is empty. */
export class Compaction {
  readonly #parts: CompactionParts
  readonly #disk: PairDisk
  readonly #positions: PositionCheckpoint
  readonly #known = new Map<ConsumeQueue, CompactedQueue>()
  readonly #opening = new Map<ConsumeQueue, Promise<CompactedQueue>>()
  readonly #stops: (() => void)[] = []
  #cancelFollow: (() => void) | undefined
  #following: Promise<void> | undefined
  #flushing: Promise<boolean> | undefined
  #compacting: Promise<void> | undefined
  #deleting: Promise<void> = Promise.resolve()
  #covered = 0
  #isClosing = false
  #hasFailed = false

  private constructor(parts: CompactionParts) {
    const { runtime, config, directory, open } = parts
    const { files } = runtime
    this.#parts = parts
    const sizes = pairSizes(config.compactionQueueSegmentBytes, config.compactionLogSegmentBytes)
    this.#disk = { files, open, sizes }
    this.#positions = new PositionCheckpoint(files, directory)
  }

  /**
   * Opens the queues that have files; others come with their first message.
   * @throws {StoreError} RMQ_STORE_LAYOUT.
   */
  static async open(parts: CompactionParts): Promise<Compaction> {
    const compaction = new Compaction(parts)
    const { queues, runtime, config, directory } = parts
    const { files, timers } = runtime
    for (const name of files.list(`${directory}/compactionLog`)) {
      // Left by a topic that is gone, or is not compacted any more.
      if (!parts.isCompacted(name)) continue
      const topic = queues.topic(name)
      for (const id of files.list(`${directory}/compactionLog/${name}`)) {
        if (/^\d{1,10}$/.test(id)) await compaction.#queueOf(queues.queueOf(topic, Number(id)))
      }
    }
    compaction.#stops.push(
      timers.every(config.consumeQueueFlushIntervalMs, () => void compaction.#flushSoon()),
      timers.every(config.compactionIntervalMs, () => void compaction.compact()),
    )
    compaction.advance()
    return compaction
  }

  has(topic: string): boolean {
    return this.#parts.topics.has(topic)
  }

  /** Everything of compacted topics below this log offset is on disk here: the log may be removed up to there. */
  get coveredOffset(): number {
    return this.#parts.topics.size === 0 ? Number.MAX_SAFE_INTEGER : this.#covered
  }

  /** More of the log may have become readable. */
  advance(): void {
    if (this.#parts.topics.size === 0 || this.#isClosing) return
    if (this.#cancelFollow !== undefined || this.#following !== undefined) return
    this.#followAfter(FOLLOW_MS)
  }

  /** Reads a queue of a compacted topic. @see CompactionStore.getMessage */
  async get(query: GetQuery): Promise<GetResult> {
    const source = this.#parts.queues.find(query.topic, query.queueId)
    if (source === undefined) return NO_QUEUE
    try {
      return await (await this.#queueOf(source)).get(query)
    } catch (error) {
      this.#report(error)
      const { minOffset, maxOffset } = source
      // Java's answer for bytes it cannot get: the consumer waits and asks for the same offset again.
      const status = 'OFFSET_FOUND_NULL'
      return { ...NO_QUEUE, status, nextBeginOffset: query.queueOffset, minOffset, maxOffset }
    }
  }

  /** Compacts every queue that has something to compact, one after another; resolves when that is done. */
  compact(): Promise<void> {
    this.#compacting ??= this.#compactAll().then(() => {
      this.#compacting = undefined
    })
    return this.#compacting
  }

  /** The log has been cut, and the queues with it. */
  async cut(): Promise<void> {
    for (const queue of this.#known.values()) await queue.cut()
  }

  /** Forgets a topic and removes its files; a topic of that name may be made again at once. */
  deleteTopic(name: string): void {
    if (!this.#parts.topics.delete(name)) return
    this.#deleting = this.#deleting
      .then(() => this.#delete(name))
      .catch((error: unknown) => {
        this.#parts.logger.error({ err: error, topic: name }, 'compaction logs cannot be removed')
      })
  }

  /** Takes over what is there and brings it onto the disk. False when that failed or took too long. */
  async close(): Promise<boolean> {
    this.#isClosing = true
    for (const stop of this.#stops) stop()
    this.#cancelFollow?.()
    for (const queue of this.#known.values()) queue.stop()
    await this.#compacting
    await this.#deleting
    await this.#following
    await this.#flushing
    const { clock } = this.#parts.runtime
    const untilMs = clock.monotonicMs() + CLOSE_MS
    await this.#takeOverAll(() => clock.monotonicMs() > untilMs)
    const isFlushed = await this.#flush()
    return isFlushed && !this.#sources().some((source) => this.#isBehind(source))
  }

  async #delete(name: string): Promise<void> {
    const { runtime, directory } = this.#parts
    let isPositionGone = false
    for (const [source, queue] of this.#known) {
      if (source.topic !== name || !source.removed) continue
      this.#known.delete(source)
      queue.stop()
      await queue.settled()
      for (const { start } of queue.row.pairs) queue.row.remove(start)
      isPositionGone = this.#positions.remove(name, source.queueId) || isPositionGone
    }
    for (const row of ['compactionLog', 'compactionCq']) {
      if (runtime.files.stat(`${directory}/${row}/${name}`) === undefined) continue
      runtime.files.remove(`${directory}/${row}/${name}`)
      runtime.files.flushDirectory(`${directory}/${row}`)
    }
    if (isPositionGone) this.#positions.save()
  }

  #sources(): ConsumeQueue[] {
    const { topics, queues } = this.#parts
    return [...topics].flatMap((topic) => [...queues.ofTopic(topic)])
  }

  #isBehind(source: ConsumeQueue): boolean {
    return this.#known.get(source)?.isBehind ?? source.maxOffset > 0
  }

  #queueOf(source: ConsumeQueue): Promise<CompactedQueue> {
    const known = this.#known.get(source)
    if (known !== undefined) return Promise.resolve(known)
    let opening = this.#opening.get(source)
    if (opening === undefined) {
      opening = this.#openQueue(source).finally(() => this.#opening.delete(source))
      this.#opening.set(source, opening)
    }
    return opening
  }

  async #openQueue(source: ConsumeQueue): Promise<CompactedQueue> {
    const { directory, reader, config, logger, isClean } = this.#parts
    await this.#deleting
    const place = `${source.topic}/${source.queueId}`
    const queue = await CompactedQueue.open(
      {
        ...{ source, reader, config, logger, disk: this.#disk, positions: this.#positions },
        directories: {
          log: `${directory}/compactionLog/${place}`,
          units: `${directory}/compactionCq/${place}`,
        },
      },
      isClean,
    )
    this.#known.set(source, queue)
    return queue
  }

  #followAfter(delayMs: number): void {
    this.#cancelFollow = this.#parts.runtime.timers.after(delayMs, () => {
      this.#cancelFollow = undefined
      this.#following = this.#takeOverAll(() => this.#isClosing).then((isDone) => {
        this.#following = undefined
        if (!isDone && !this.#isClosing) this.#followAfter(RETRY_MS)
      })
    })
  }

  /** In turns, so that no queue waits for the end of a long one. False when something could not be taken over. */
  async #takeOverAll(isStopped: () => boolean): Promise<boolean> {
    let isWhole = true
    for (let hasMore = true; hasMore && !isStopped();) {
      hasMore = false
      for (const source of this.#sources()) {
        if (!this.#isBehind(source) || isStopped()) continue
        try {
          const queue = await this.#queueOf(source)
          const hasGoneOn = await queue.takeOver()
          if (!hasGoneOn) isWhole = false
          else if (queue.isBehind) hasMore = true
        } catch (error) {
          isWhole = false
          this.#report(error)
        }
      }
    }
    return isWhole
  }

  #flushSoon(): Promise<boolean> {
    this.#flushing ??= this.#flush().then((isFlushed) => {
      this.#flushing = undefined
      return isFlushed
    })
    return this.#flushing
  }

  async #flush(): Promise<boolean> {
    if (this.#parts.topics.size === 0) return true
    const isWhole = !this.#sources().some((source) => this.#isBehind(source))
    const offset = this.#parts.dispatched()
    try {
      for (const queue of this.#known.values()) if (queue.isDirty) await queue.flush()
    } catch (error) {
      this.#report(error)
      return false
    }
    this.#hasFailed = false
    if (isWhole) this.#covered = offset
    return true
  }

  async #compactAll(): Promise<void> {
    if (this.#parts.topics.size === 0) return
    await this.#takeOverAll(() => this.#isClosing)
    if (!(await this.#isLogFlushed())) return
    for (const queue of [...this.#known.values()]) {
      if (this.#isClosing) return
      try {
        await queue.compact()
      } catch (error) {
        const { topic, queueId } = queue.source
        const text = 'a queue cannot be compacted; tried again'
        this.#parts.logger.error({ err: error, topic, queueId }, text)
      }
    }
  }

  async #isLogFlushed(): Promise<boolean> {
    const { dispatched, log, runtime } = this.#parts
    const offset = dispatched()
    for (let looks = 0; log.flushed < offset; looks++) {
      if (looks === FLUSH_LOOKS || this.#isClosing) return false
      await new Promise<void>((done) => runtime.timers.after(FLUSH_LOOK_MS, done))
    }
    return true
  }

  #report(error: unknown): void {
    if (this.#hasFailed) return
    this.#hasFailed = true
    this.#parts.logger.error({ err: error }, 'compaction logs cannot be used; tried again')
  }
}

/** @see GetMessageResult.NO_MATCH_LOGIC_QUEUE */
const NO_QUEUE: GetResult = {
  ...{ status: 'NO_MATCHED_LOGIC_QUEUE', nextBeginOffset: 0, minOffset: 0, maxOffset: 0 },
  ...{ messageCount: 0, bodyBytes: 0, spans: [], farBehind: false, release: () => {} },
}
