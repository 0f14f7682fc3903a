// SPDX-License-Identifier: Apache-2.0
// How far each group has consumed each queue: commit, query, consumerOffset.json.
import type { DataVersion } from '@rocketmq-ts/remoting/bodies'
import type { Logger, Runtime } from '@rocketmq-ts/runtime'
import type { BrokerSettings } from './config/settings.ts'
import {
  decodeConsumerOffsetFile,
  encodeConsumerOffsetFile,
  type ConsumerOffsetFile,
} from './consumer-offset-file.ts'
import { firstVersion, nextVersion } from './data-version-step.ts'
import { TableFile } from './table-file.ts'

/** What the table needs of its broker. */
export interface ConsumerOffsetTableOptions {
  readonly runtime: Pick<Runtime, 'clock' | 'files'>
  readonly logger: Logger
  readonly settings: BrokerSettings
  /** Path of consumerOffset.json. */
  readonly path: string
}

/** Queue offsets by queue id. */
type Offsets = Map<number, number>

/** Group, then topic: the two names are never joined on the message path. */
type Table = Map<string, Map<string, Offsets>>

/** All consumer offsets of one broker. */
export class ConsumerOffsetTable {
  readonly #options: ConsumerOffsetTableOptions
  readonly #file: TableFile<ConsumerOffsetFile>
  readonly #committed: Table
  readonly #pulled: Table
  #version: DataVersion
  #commits = 0
  #dirty = false

  constructor(options: ConsumerOffsetTableOptions) {
    const { runtime, logger, path } = options
    this.#options = options
    this.#file = new TableFile({
      files: runtime.files,
      logger,
      path,
      decode: decodeConsumerOffsetFile,
      encode: (table) => encodeConsumerOffsetFile(table, 'pretty'),
    })
    const stored = this.#file.load()
    this.#committed = nested(stored?.offsetTable)
    this.#pulled = nested(stored?.pullOffsetTable)
    this.#version = stored?.dataVersion ?? firstVersion(runtime.clock.nowMs())
  }

  get version(): DataVersion {
    return this.#version
  }

  /** The offset to consume next, undefined when the group never committed one for the queue. */
  get(group: string, topic: string, queueId: number): number | undefined {
    return this.#committed.get(group)?.get(topic)?.get(queueId)
  }

  /** How far messages were given out, undefined when none were. */
  pulled(group: string, topic: string, queueId: number): number | undefined {
    return this.#pulled.get(group)?.get(topic)?.get(queueId)
  }

  /** Records an offset. Going back is allowed (an administrator may reset), but worth a line in the log. */
  commit(group: string, topic: string, queueId: number, offset: number): void {
    const offsets = offsetsOf(this.#committed, group, topic)
    const before = offsets.get(queueId)
    offsets.set(queueId, offset)
    this.#dirty = true
    if (before !== undefined && offset < before) {
      this.#options.logger.warn(
        { group, topic, queueId, offset, before },
        'a consumer offset went back',
      )
    }
    this.#commits += 1
    if (this.#commits % this.#options.settings.current.offsetVersionStep === 0) {
      this.#version = nextVersion(this.#version, this.#options.runtime.clock.nowMs())
    }
  }

  /** Records how far messages were given out. */
  commitPulled(group: string, topic: string, queueId: number, offset: number): void {
    offsetsOf(this.#pulled, group, topic).set(queueId, offset)
    this.#dirty = true
  }

  /** Topics with a committed offset of the group. @see ConsumerOffsetManager.whichTopicByConsumer */
  committedTopicsOf(group: string): readonly string[] {
    return [...(this.#committed.get(group)?.keys() ?? [])]
  }

  /** Groups with a committed offset of the topic. @see ConsumerOffsetManager.whichGroupByTopic */
  groupsOf(topic: string): readonly string[] {
    return [...this.#committed].filter(([, topics]) => topics.has(topic)).map(([group]) => group)
  }

  /** Forgets a topic, for every group. */
  forgetTopic(topic: string): void {
    for (const table of [this.#committed, this.#pulled]) {
      for (const [group, topics] of table) {
        if (topics.delete(topic)) this.#dirty = true
        if (topics.size === 0) table.delete(group)
      }
    }
  }

  /** Writes the table without waiting when it has changed since it was last written. */
  persistSoon(): void {
    if (!this.#dirty) return
    this.#dirty = false
    this.#file.saveSoon(this.content())
  }

  /** Writes the table now. For the stop of the broker. */
  persist(): void {
    this.#dirty = false
    this.#file.save(this.content())
  }

  /** What is written to consumerOffset.json. */
  content(): ConsumerOffsetFile {
    return {
      dataVersion: this.#version,
      groupTopicMap: new Map(
        [...this.#committed].map(([group, topics]) => [group, [...topics.keys()]]),
      ),
      offsetTable: flat(this.#committed),
      pullOffsetTable: flat(this.#pulled),
    }
  }
}

function offsetsOf(table: Table, group: string, topic: string): Offsets {
  let topics = table.get(group)
  if (topics === undefined) {
    topics = new Map()
    table.set(group, topics)
  }
  let offsets = topics.get(topic)
  if (offsets === undefined) {
    offsets = new Map()
    topics.set(topic, offsets)
  }
  return offsets
}

function nested(stored: ReadonlyMap<string, ReadonlyMap<number, number>> | undefined): Table {
  const table: Table = new Map()
  for (const [key, offsets] of stored ?? []) {
    const at = key.indexOf('@')
    if (at < 0) continue
    const own = offsetsOf(table, key.slice(at + 1), key.slice(0, at))
    for (const [queueId, offset] of offsets) own.set(queueId, offset)
  }
  return table
}

function flat(table: Table): ReadonlyMap<string, ReadonlyMap<number, number>> {
  const joined = new Map<string, ReadonlyMap<number, number>>()
  for (const [group, topics] of table) {
    for (const [topic, offsets] of topics) joined.set(`${topic}@${group}`, offsets)
  }
  return joined
}
