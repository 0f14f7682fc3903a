// SPDX-License-Identifier: Apache-2.0
// The consumer groups of this broker: system groups, creation on first use, subscriptionGroup.json.
import {
  decodeSubscriptionGroupWrapper,
  encodeSubscriptionGroupWrapper,
  newSubscriptionGroupConfig,
  type DataVersion,
  type SubscriptionGroupConfig,
  type SubscriptionGroupWrapper,
} from '@rocketmq-ts/remoting/bodies'
import type { Logger, Runtime } from '@rocketmq-ts/runtime'
import type { BrokerSettings } from './config/settings.ts'
import { firstVersion, nextVersion } from './data-version-step.ts'
import { READ } from './permission.ts'
import { TableFile } from './table-file.ts'
import { isSystemGroup, isUsableGroupName, systemGroups } from './topic-names.ts'

/** What the table needs of its broker. */
export interface SubscriptionGroupTableOptions {
  readonly runtime: Pick<Runtime, 'clock' | 'files'>
  readonly logger: Logger
  readonly settings: BrokerSettings
  /** Path of subscriptionGroup.json. */
  readonly path: string
}

/** All consumer groups of one broker. Configurations are replaced, never changed in place. */
export class SubscriptionGroupTable {
  readonly #options: SubscriptionGroupTableOptions
  readonly #file: TableFile<SubscriptionGroupWrapper>
  readonly #groups = new Map<string, SubscriptionGroupConfig>()
  #forbidden: ReadonlyMap<string, ReadonlyMap<string, number>> = new Map()
  #version: DataVersion

  constructor(options: SubscriptionGroupTableOptions) {
    const { runtime, logger, path, settings } = options
    this.#options = options
    this.#file = new TableFile({
      files: runtime.files,
      logger,
      path,
      decode: decodeSubscriptionGroupWrapper,
      encode: (table) => encodeSubscriptionGroupWrapper(table, 'pretty'),
    })
    this.#version = firstVersion(runtime.clock.nowMs())
    if (settings.current.systemGroups) {
      for (const name of systemGroups) this.#groups.set(name, newSubscriptionGroupConfig(name))
    }
    const stored = this.#file.load()
    if (stored === undefined) return
    for (const [name, group] of stored.subscriptionGroupTable) this.#groups.set(name, group)
    this.#forbidden = stored.forbiddenTable
    this.#version = stored.dataVersion
  }

  get size(): number {
    return this.#groups.size
  }

  get version(): DataVersion {
    return this.#version
  }

  get(group: string): SubscriptionGroupConfig | undefined {
    return this.#groups.get(group)
  }

  all(): ReadonlyMap<string, SubscriptionGroupConfig> {
    return this.#groups
  }

  /**
   * The group, made when it does not exist and may be made; undefined when not, or when its name is not allowed.
   * @see SubscriptionGroupManager.findSubscriptionGroupConfig
   */
  getOrCreate(group: string): SubscriptionGroupConfig | undefined {
    const existing = this.#groups.get(group)
    if (existing !== undefined) return existing
    const { autoCreateGroups } = this.#options.settings.current
    if (!(autoCreateGroups || isSystemGroup(group)) || !isUsableGroupName(group)) {
      return undefined
    }
    return this.update(newSubscriptionGroupConfig(group))
  }

  /** Creates or replaces a group. */
  update(group: SubscriptionGroupConfig): SubscriptionGroupConfig {
    this.#groups.set(group.groupName, group)
    this.#version = nextVersion(this.#version, this.#options.runtime.clock.nowMs())
    this.#file.save(this.wrapper())
    this.#options.logger.info({ group: group.groupName }, 'consumer group created or changed')
    return group
  }

  /** Whether reading `topic` is forbidden to `group` by an administrator. @see SubscriptionGroupManager.getForbidden */
  isReadForbidden(group: string, topic: string): boolean {
    return ((this.#forbidden.get(group)?.get(topic) ?? 0) & READ) !== 0
  }

  /** What is written to subscriptionGroup.json. */
  wrapper(): SubscriptionGroupWrapper {
    return {
      dataVersion: this.#version,
      forbiddenTable: this.#forbidden,
      subscriptionGroupTable: this.#groups,
    }
  }
}
