// SPDX-License-Identifier: Apache-2.0
// The topics of this broker: system topics, creation by sends and by administrators, topics.json.
import {
  decodeTopicConfigSerializeWrapper,
  encodeTopicConfigSerializeWrapper,
  type DataVersion,
  type TopicConfig,
  type TopicConfigSerializeWrapper,
} from '@rocketmq-ts/remoting/bodies'
import type { Logger, Runtime } from '@rocketmq-ts/runtime'
import type { BrokerSettings } from './config/settings.ts'
import { firstVersion, nextVersion } from './data-version-step.ts'
import { INHERIT, READ, WRITE, permissionText } from './permission.ts'
import { systemTopicsOf } from './system-topics.ts'
import { TableFile } from './table-file.ts'
import { AUTO_CREATE_TOPIC, isSystemTopic, systemTopics } from './topic-names.ts'

/** What the table needs of its broker. */
export interface TopicTableOptions {
  readonly runtime: Pick<Runtime, 'clock' | 'files'>
  readonly logger: Logger
  readonly settings: BrokerSettings
  /** Path of topics.json. */
  readonly path: string
}

/** A topic to be made because somebody uses it. */
export interface NewTopic {
  readonly topic: string
  readonly queueCount: number
  readonly perm: number
  readonly topicSysFlag: number
  readonly order?: boolean
}

/** All topics of one broker. Configurations are replaced, never changed in place. */
export class TopicTable {
  readonly #options: TopicTableOptions
  readonly #file: TableFile<TopicConfigSerializeWrapper>
  readonly #topics = new Map<string, TopicConfig>()
  readonly #ownSystemTopics = new Set<string>()
  #version: DataVersion
  #onChange: (changed: TopicConfig) => void = () => undefined

  /** Reads topics.json over the system topics, as Java does: what was changed in it stays changed. */
  constructor(options: TopicTableOptions) {
    const { runtime, logger, path, settings } = options
    this.#options = options
    this.#file = new TableFile({
      files: runtime.files,
      logger,
      path,
      decode: decodeTopicConfigSerializeWrapper,
      encode: (table) => encodeTopicConfigSerializeWrapper(table, 'pretty'),
    })
    this.#version = firstVersion(runtime.clock.nowMs())
    for (const topic of systemTopicsOf(settings.current)) {
      this.#topics.set(topic.topicName, topic)
      this.#ownSystemTopics.add(topic.topicName)
    }
    const stored = this.#file.load()
    if (stored === undefined) return
    for (const [name, topic] of stored.topicConfigTable) this.#topics.set(name, topic)
    this.#version = stored.dataVersion
  }

  get size(): number {
    return this.#topics.size
  }

  get version(): DataVersion {
    return this.#version
  }

  get(topic: string): TopicConfig | undefined {
    return this.#topics.get(topic)
  }

  /** All topics, in the order they came. */
  all(): ReadonlyMap<string, TopicConfig> {
    return this.#topics
  }

  /** True for the system's topics, also those named after this cluster and broker. */
  isSystem(topic: string): boolean {
    return this.#ownSystemTopics.has(topic) || isSystemTopic(topic)
  }

  /** The names of the system's topics, also of those this broker does not have. */
  systemTopics(): ReadonlySet<string> {
    return new Set([...systemTopics, ...this.#ownSystemTopics])
  }

  /** Calls `run` with each topic that was made or changed. One listener: the registration. */
  onChange(run: (changed: TopicConfig) => void): void {
    this.#onChange = run
  }

  /**
   * The topic of a send, made after `defaultTopic` when it does not exist and that topic allows it; undefined when not.
   * @see TopicConfigManager.createTopicInSendMessageMethod
   */
  getOrInherit(topic: string, from: InheritFrom): TopicConfig | undefined {
    const existing = this.#topics.get(topic)
    if (existing !== undefined) return existing
    const origin = this.#topics.get(from.defaultTopic)
    if (origin === undefined || (this.#permOf(origin) & INHERIT) === 0) {
      this.#options.logger.warn(
        { topic, defaultTopic: from.defaultTopic, producer: from.producer },
        'a topic is not created: its default topic does not exist or does not allow it',
      )
      return undefined
    }
    const queueCount = Math.max(0, Math.min(from.defaultTopicQueueNums, origin.writeQueueNums))
    return this.#put({
      attributes: new Map(),
      order: false,
      perm: this.#permOf(origin) & ~INHERIT,
      readQueueNums: queueCount,
      topicFilterType: origin.topicFilterType,
      topicName: topic,
      topicSysFlag: from.topicSysFlag,
      writeQueueNums: queueCount,
    })
  }

  /** Whether topics may be made after TBW102 is decided when it is used, so that the setting can change. */
  #permOf(origin: TopicConfig): number {
    const { autoCreateTopics } = this.#options.settings.current
    return origin.topicName === AUTO_CREATE_TOPIC && !autoCreateTopics ? READ | WRITE : origin.perm
  }

  /** The topic, made as told when it does not exist. @see TopicConfigManager.createTopicInSendMessageBackMethod */
  getOrCreate(wanted: NewTopic): TopicConfig {
    const existing = this.#topics.get(wanted.topic)
    const order = wanted.order ?? false
    if (existing !== undefined) {
      return existing.order === order || wanted.order === undefined
        ? existing
        : this.#put({ ...existing, order })
    }
    return this.#put({
      attributes: new Map(),
      order,
      perm: wanted.perm,
      readQueueNums: wanted.queueCount,
      topicFilterType: 'SINGLE_TAG',
      topicName: wanted.topic,
      topicSysFlag: wanted.topicSysFlag,
      writeQueueNums: wanted.queueCount,
    })
  }

  /** Creates or replaces a topic as an administrator says. */
  update(topic: TopicConfig): void {
    this.#put(topic)
  }

  /** Removes a topic; false when there was none. */
  delete(topic: string): boolean {
    if (!this.#topics.delete(topic)) return false
    this.#changed()
    this.#options.logger.info({ topic }, 'topic deleted')
    return true
  }

  /** A new version without a change of a topic: the broker's permission changed, which routes show. */
  bumpVersion(): void {
    this.#version = nextVersion(this.#version, this.#options.runtime.clock.nowMs())
  }

  /** What is written to topics.json. */
  wrapper(): TopicConfigSerializeWrapper {
    return { dataVersion: this.#version, topicConfigTable: this.#topics }
  }

  #put(topic: TopicConfig): TopicConfig {
    this.#topics.set(topic.topicName, topic)
    this.#changed()
    this.#options.logger.info({ topic: describeTopic(topic) }, 'topic created or changed')
    this.#onChange(topic)
    return topic
  }

  #changed(): void {
    this.bumpVersion()
    this.#file.save(this.wrapper())
  }
}

/** After what a topic is made by a send, and for whom. */
export interface InheritFrom {
  readonly defaultTopic: string
  readonly defaultTopicQueueNums: number
  readonly topicSysFlag: number
  /** Address of the producer, for the log. */
  readonly producer: string
}

/** One line about a topic, as Java's TopicConfig.toString prints it in refusals. */
export function describeTopic(topic: TopicConfig): string {
  const attributes = [...topic.attributes].map(([key, value]) => `${key}=${value}`).join(', ')
  const { topicName, readQueueNums, writeQueueNums, topicFilterType, topicSysFlag, order } = topic
  return (
    `TopicConfig [topicName=${topicName}, readQueueNums=${readQueueNums}, writeQueueNums=${writeQueueNums}, ` +
    `perm=${permissionText(topic.perm)}, topicFilterType=${topicFilterType}, topicSysFlag=${topicSysFlag}, ` +
    `order=${order}, attributes={${attributes}}]`
  )
}
