// SPDX-License-Identifier: Apache-2.0
// The table of all queues by topic and queue id.
import type { Clock, Files, Turn } from '@rocketmq-ts/runtime'
import { BatchConsumeQueue } from './batch-consume-queue.ts'
import { ConsumeQueue, type ConsumeQueueOptions, RingBudget } from './consume-queue.ts'
import { StoreError } from './errors.ts'
import { isLmq } from './multi-dispatch.ts'
import type { OpenFiles } from './open-files.ts'
import { Pace } from './pace.ts'
import { QueueExt } from './queue-ext.ts'
import { correctMinOffset, removeFilesBefore } from './queue-minimum.ts'
import { SegmentFiles } from './segment-files.ts'
import { Topic } from './topic.ts'

/** Other work gets its turn after this many queues. */
const QUEUES_PER_TURN = 64
/** Queues between two reports of how far loading has come. */
const QUEUES_PER_REPORT = 5000

/** How a topic's queues are laid out, by the topic attribute `queue.type`. */
export type QueueType = 'SimpleCQ' | 'BatchCQ'

/** Where queues of each kind lie, and how large their files are. */
export interface QueueLayout {
  readonly directory: string
  readonly segmentBytes: number
  readonly batchDirectory: string
  readonly batchSegmentBytes: number
  /** Undefined when entries have no units. */
  readonly ext: { readonly directory: string; readonly segmentBytes: number } | undefined
}

/** All queues of a store. */
export class ConsumeQueues {
  readonly layout: QueueLayout
  readonly budget: RingBudget
  readonly #files: Files
  readonly #open: OpenFiles
  readonly #typeOf: (topic: string) => QueueType
  readonly #topics = new Map<string, Topic>()
  #count = 0
  #lmqCount = 0

  constructor(options: {
    layout: QueueLayout
    cacheBytes: number
    files: Files
    open: OpenFiles
    typeOf?: ((topic: string) => QueueType) | undefined
  }) {
    this.layout = options.layout
    this.#files = options.files
    this.#open = options.open
    this.#typeOf = options.typeOf ?? (() => 'SimpleCQ')
    this.budget = new RingBudget(options.cacheBytes)
  }

  get count(): number {
    return this.#count
  }

  /** Light queues among them. */
  get lmqCount(): number {
    return this.#lmqCount
  }

  /** The topic, made when it is new. */
  topic(name: string): Topic {
    const known = this.#topics.get(name)
    if (known !== undefined) return known
    const topic = new Topic(name, this.#typeOf(name))
    this.#topics.set(name, topic)
    return topic
  }

  /**
   * As {@link topic}, for a topic whose files are of this kind.
   * @throws {StoreError} RMQ_STORE_LAYOUT when its attribute says otherwise.
   */
  topicOfType(name: string, type: QueueType): Topic {
    const topic = this.topic(name)
    if (topic.type === type) return topic
    const { directory, batchDirectory } = this.layout
    throw new StoreError(
      'RMQ_STORE_LAYOUT',
      `${type === 'BatchCQ' ? batchDirectory : directory}/${name} holds queues of type ${type}, but the topic's attribute queue.type says ${topic.type}; put the attribute right, or remove the directory when the topic is gone`,
    )
  }

  /** The queue, made when it is new; its files come with its first written entry. */
  queueOf(topic: Topic, queueId: number): ConsumeQueue {
    const known = topic.find(queueId)
    if (known !== undefined) return known
    const { layout } = this
    const isBatch = topic.type === 'BatchCQ'
    const directory = isBatch ? layout.batchDirectory : layout.directory
    const bytes = isBatch ? layout.batchSegmentBytes : layout.segmentBytes
    const options: ConsumeQueueOptions = {
      topic: topic.name,
      queueId,
      segments: this.#segments(directory, topic, queueId, bytes),
      budget: this.budget,
      ext: isBatch ? undefined : this.#extOf(topic, queueId),
    }
    const queue = isBatch ? new BatchConsumeQueue(options) : new ConsumeQueue(options)
    topic.add(queue)
    this.#count++
    if (isLmq(topic.name)) this.#lmqCount++
    return queue
  }

  find(topic: string, queueId: number): ConsumeQueue | undefined {
    return this.#topics.get(topic)?.find(queueId)
  }

  ofTopic(name: string): Iterable<ConsumeQueue> {
    return this.#topics.get(name)?.queues ?? []
  }

  topics(): Iterable<Topic> {
    return this.#topics.values()
  }

  /** Names of all topics that have a queue. */
  topicNames(): Iterable<string> {
    return this.#topics.keys()
  }

  *[Symbol.iterator](): IterableIterator<ConsumeQueue> {
    for (const topic of this.#topics.values()) yield* topic.queues
  }

  /**
   * Makes a queue for each directory `<topic>/<queueId>` and finds its files. `progress` hears now and then how many were found.
   * @throws {StoreError} RMQ_STORE_LAYOUT when the files of a topic are of another kind than its attribute says.
   */
  async load(
    isClean: boolean,
    clock: Clock,
    turn: Turn,
    progress: (queues: number) => void,
  ): Promise<void> {
    const { layout } = this
    const pace = new Pace(clock, turn)
    await this.#load(layout.directory, 'SimpleCQ', isClean, pace, progress)
    await this.#load(layout.batchDirectory, 'BatchCQ', isClean, pace, progress)
    this.#removeStrayUnits()
    if (this.#count > 0) progress(this.#count)
  }

  // Nothing refers to units whose queue a crash has taken. A queue that begins anew must not find them behind its own.
  #removeStrayUnits(): void {
    const { ext } = this.layout
    if (ext === undefined) return
    for (const name of this.#files.list(ext.directory)) {
      const directory = `${ext.directory}/${name}`
      const stray = this.#files
        .list(directory)
        .filter((id) => this.find(name, Number(id))?.ext === undefined)
      for (const id of stray) this.#files.remove(`${directory}/${id}`)
      if (stray.length > 0) this.#files.flushDirectory(directory)
    }
  }

  /** Forgets a topic and removes its files. */
  remove(name: string): void {
    const topic = this.#topics.get(name)
    if (topic === undefined) return
    for (const queue of topic.queues) this.#forget(queue)
    this.#topics.delete(name)
    this.#removeDirectories(name)
  }

  /** Forgets one queue and removes its files; the topic goes with its last one. */
  removeQueue(queue: ConsumeQueue): void {
    const topic = this.#topics.get(queue.topic)
    if (topic?.find(queue.queueId) !== queue) return
    topic.remove(queue)
    this.#forget(queue)
    this.#files.remove(queue.segments.directory)
    if (queue.ext !== undefined) this.#files.remove(queue.ext.segments.directory)
    if (topic.queues.length > 0) return
    this.#topics.delete(topic.name)
    this.#removeDirectories(topic.name)
  }

  removeAll(): void {
    for (const name of [...this.#topics.keys()]) this.remove(name)
    const { directory, batchDirectory, ext } = this.layout
    for (const path of [directory, batchDirectory, ...(ext === undefined ? [] : [ext.directory])]) {
      for (const name of this.#files.list(path)) this.#files.remove(`${path}/${name}`)
    }
  }

  /** Gives back the memory of queues that got nothing for a while. */
  sweepIdle(): void {
    this.budget.sweep()
  }

  /**
   * The log begins at `logStart` now: removes queue files whose entries all point below it, and puts each queue's minimum at its
   * first entry that does not. A queue's last file stays. Yields to other work; returns how many files were removed.
   */
  async follow(logStart: number, turn: Turn): Promise<number> {
    let removed = 0
    let work = 0
    for (const topic of [...this.#topics.values()]) {
      for (const queue of [...topic.queues]) {
        if (queue.removed || queue.minLogOffset >= logStart) continue
        removed += removeFilesBefore(queue, logStart)
        correctMinOffset(queue, logStart)
        if (++work % QUEUES_PER_TURN === 0) await new Promise<void>((done) => turn.atEnd(done))
      }
    }
    return removed
  }

  #forget(queue: ConsumeQueue): void {
    queue.removed = true
    queue.freeRing()
    queue.segments.removeAll()
    queue.ext?.removeAll()
    this.#count--
    if (isLmq(queue.topic)) this.#lmqCount--
  }

  #removeDirectories(topic: string): void {
    const { directory, batchDirectory, ext } = this.layout
    this.#files.remove(`${directory}/${topic}`)
    this.#files.remove(`${batchDirectory}/${topic}`)
    if (ext !== undefined) this.#files.remove(`${ext.directory}/${topic}`)
  }

  #extOf(topic: Topic, queueId: number): QueueExt | undefined {
    const { ext } = this.layout
    // Light queues share their message with another queue and have no units, as in Java.
    if (ext === undefined || isLmq(topic.name)) return undefined
    return new QueueExt(this.#segments(ext.directory, topic, queueId, ext.segmentBytes))
  }

  #segments(directory: string, topic: Topic, queueId: number, segmentBytes: number): SegmentFiles {
    return new SegmentFiles({
      directory: `${directory}/${topic.name}/${queueId}`,
      segmentBytes,
      files: this.#files,
      open: this.#open,
    })
  }

  async #load(
    directory: string,
    type: QueueType,
    isClean: boolean,
    pace: Pace,
    progress: (queues: number) => void,
  ): Promise<void> {
    for (const name of await this.#namesIn(directory)) {
      for (const id of this.#files.list(`${directory}/${name}`)) {
        if (!/^\d{1,10}$/.test(id)) continue
        const queue = this.queueOf(this.topicOfType(name, type), Number(id))
        queue.segments.load(isClean, true)
        queue.ext?.segments.load(isClean, true)
        if (this.#count % QUEUES_PER_REPORT === 0) progress(this.#count)
        if (pace.isDue()) await pace.rest()
      }
    }
  }

  #namesIn(directory: string): Promise<readonly string[]> {
    return new Promise((resolve, reject) => {
      this.#files.listLater(directory, (error, names) => {
        if (error === undefined) resolve(names)
        else reject(error)
      })
    })
  }
}
