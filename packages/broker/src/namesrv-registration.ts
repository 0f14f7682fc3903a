// SPDX-License-Identifier: Apache-2.0
// Keeps every name server informed: who this broker is, and which topics it serves. @see BrokerOuterAPI
import { expectSuccess, RocketMQError, type RemotingClient } from '@rocketmq-ts/remoting'
import {
  decodeKvTable,
  encodeDataVersion,
  encodeRegisterBrokerBody,
  registerBrokerBodyCrc32,
  type DataVersion,
  type TopicConfig,
} from '@rocketmq-ts/remoting/bodies'
import { queryDataVersion, registerBroker, unregisterBroker } from '@rocketmq-ts/remoting/requests'
import type { Cancel, Logger, Runtime } from '@rocketmq-ts/runtime'
import type { BrokerSettings } from './config/settings.ts'
import { firstVersion } from './data-version-step.ts'
import { NameServerList } from './name-server-list.ts'
import { READ, WRITE } from './permission.ts'
import type { OwnAddress } from './own-address.ts'
import type { TopicTable } from './topic-table.ts'

/** What the registration needs of its broker. */
export interface NamesrvRegistrationOptions {
  readonly runtime: Pick<Runtime, 'clock' | 'timers' | 'turn' | 'network'>
  readonly logger: Logger
  readonly settings: BrokerSettings
  readonly topics: TopicTable
  readonly outside: RemotingClient
  readonly address: OwnAddress
  readonly replicationAddress: string
}

const MIN_PERIOD_MS = 10_000
const MAX_PERIOD_MS = 60_000
const QUERY_TIMEOUT_MS = 3_000
const UNREGISTER_TIMEOUT_MS = 3_000

/** Registers one broker with all its name servers. */
export class NamesrvRegistration {
  readonly #options: NamesrvRegistrationOptions
  /** Static topics' mappings, which we do not have: their version never changes. */
  readonly #mappingVersion: DataVersion
  readonly #changed = new Map<string, TopicConfig>()
  readonly #nameServers: NameServerList
  readonly #backlogs = new Map<string, Backlog>()
  #cancel: Cancel | undefined
  readonly #stop = new AbortController()

  constructor(options: NamesrvRegistrationOptions) {
    this.#options = options
    this.#mappingVersion = firstVersion(options.runtime.clock.nowMs())
    this.#nameServers = new NameServerList({
      ...options,
      onChange: () => {
        // Those that the start finds are told at its end.
        if (this.#cancel !== undefined && !this.#stop.signal.aborted) void this.registerAll()
      },
    })
  }

  /** Registers now, then again and again, and after each change of a topic. Resolves when every name server has answered or failed. */
  async start(): Promise<void> {
    const { runtime, settings, topics } = this.#options
    topics.onChange((topic) => this.#topicChanged(topic))
    await this.#nameServers.start()
    if (this.#stop.signal.aborted) return
    const wanted = settings.current.registerPeriodMs
    const periodMs = Math.min(Math.max(wanted, MIN_PERIOD_MS), MAX_PERIOD_MS)
    this.#cancel = runtime.timers.every(periodMs, () => void this.#registerPeriodically())
    await this.registerAll()
  }

  /** Registers all topics with every name server. Failures are logged: the next period tries again. */
  registerAll(): Promise<void> {
    return this.#tellAll(new Report(this.#options.topics.all(), true))
  }

  /** Withdraws from every name server. */
  async stop(): Promise<void> {
    // A name server that hangs must not hold up the stop. What it was sent comes before the withdrawal, on one connection.
    this.#stop.abort()
    this.#cancel?.()
    this.#nameServers.close()
    await Promise.all([...this.#backlogs.values()].map(({ telling }) => telling))
    const { outside, logger } = this.#options
    await this.#forEach(async (nameServer) => {
      const response = await outside.request(nameServer, unregisterBroker, this.#identity(), {
        timeoutMs: UNREGISTER_TIMEOUT_MS,
      })
      expectSuccess(response, nameServer)
      logger.info({ nameServer }, 'unregistered')
    })
  }

  async #registerPeriodically(): Promise<void> {
    // What this finds is told by its `onChange`.
    if (this.#nameServers.addresses.length === 0) return this.#nameServers.lookAgain()
    if (this.#options.settings.current.registerAlways || (await this.#isOutdated())) {
      await this.registerAll()
    }
  }

  /** Asks the name servers whether they have the current version. @see BrokerOuterAPI.needRegister */
  async #isOutdated(): Promise<boolean> {
    const { outside, topics } = this.#options
    let outdated = false
    await this.#forEach(async (nameServer) => {
      const body = encodeDataVersion(topics.version)
      const response = await outside.request(nameServer, queryDataVersion, this.#identity(), {
        body,
        timeoutMs: QUERY_TIMEOUT_MS,
      })
      if (expectSuccess(response, nameServer).header().changed) outdated = true
    })
    return outdated
  }

  /** What changes within one turn is told in one request. */
  #topicChanged(topic: TopicConfig): void {
    this.#changed.set(topic.topicName, topic)
    if (this.#changed.size > 1) return
    this.#options.runtime.turn.atEnd(() => {
      const changed = new Map(this.#changed)
      this.#changed.clear()
      if (!this.#stop.signal.aborted) void this.#tellAll(new Report(changed, false))
    })
  }

  async #tellAll(report: Report): Promise<void> {
    await Promise.all(this.#nameServers.addresses.map((one) => this.#tell(one, report)))
  }

  /**
   * Tells one name server, one report after the other, so that it never gets an older table after a newer one. What comes
   * while it does not answer waits in one report: a name server that hangs holds up neither the others nor ever more memory.
   */
  #tell(nameServer: string, report: Report): Promise<void> {
    let backlog = this.#backlogs.get(nameServer)
    if (backlog !== undefined) {
      backlog.waiting = backlog.waiting?.followedBy(report) ?? report
      return backlog.telling
    }
    backlog = { waiting: report, telling: Promise.resolve() }
    this.#backlogs.set(nameServer, backlog)
    backlog.telling = this.#workOff(nameServer, backlog)
    return backlog.telling
  }

  async #workOff(nameServer: string, backlog: Backlog): Promise<void> {
    while (backlog.waiting !== undefined && !this.#stop.signal.aborted) {
      const report = backlog.waiting
      backlog.waiting = undefined
      await this.#try(nameServer, () => this.#register(nameServer, report))
    }
    this.#backlogs.delete(nameServer)
  }

  async #register(nameServer: string, report: Report): Promise<void> {
    const { settings, outside, logger, replicationAddress } = this.#options
    const { compressRegistration, registerTimeoutMs } = settings.current
    const { body, compressed } = report.encoded(compressRegistration, (topics) =>
      encodeRegisterBrokerBody(
        {
          filterServerList: [],
          topicConfigSerializeWrapper: {
            dataVersion: this.#options.topics.version,
            mappingDataVersion: this.#mappingVersion,
            topicConfigTable: this.#permitted(topics),
          },
        },
        { compressed: compressRegistration },
      ),
    )
    const header = {
      ...this.#identity(),
      haServerAddr: replicationAddress,
      heartbeatTimeoutMillis: undefined,
      enableActingMaster: false,
      compressed,
      bodyCrc32: registerBrokerBodyCrc32(body),
    }
    const response = await outside.request(nameServer, registerBroker, header, {
      body,
      timeoutMs: registerTimeoutMs,
      signal: this.#stop.signal,
    })
    expectSuccess(response, nameServer)
    if (response.body.length > 0) this.#applyOrder(decodeKvTable(response.body).table)
    logger.debug({ nameServer, topics: report.topics.size }, 'registered')
  }

  /** Topics as they may be used while the broker itself has less than read and write permission. */
  #permitted(topics: ReadonlyMap<string, TopicConfig>): ReadonlyMap<string, TopicConfig> {
    const { permission } = this.#options.settings.current
    if ((permission & READ) !== 0 && (permission & WRITE) !== 0) return topics
    return new Map(
      [...topics].map(([name, topic]) => [name, { ...topic, perm: topic.perm & permission }]),
    )
  }

  /** The name server's table of order topics decides which topics are ordered. @see TopicConfigManager.updateOrderTopicConfig */
  #applyOrder(ordered: ReadonlyMap<string, string>): void {
    const { topics } = this.#options
    for (const name of ordered.keys()) {
      const topic = topics.get(name)
      if (topic !== undefined && !topic.order) topics.update({ ...topic, order: true })
    }
    for (const topic of [...topics.all().values()]) {
      if (topic.order && !ordered.has(topic.topicName)) topics.update({ ...topic, order: false })
    }
  }

  #identity(): {
    readonly brokerName: string
    readonly brokerAddr: string
    readonly clusterName: string
    readonly brokerId: number
  } {
    const { brokerName, clusterName, brokerId } = this.#options.settings.current
    return { brokerName, brokerAddr: this.#options.address.text, clusterName, brokerId }
  }

  /** Tries every name server at the same time; one that fails does not hinder the others. */
  async #forEach(run: (nameServer: string) => Promise<void>): Promise<void> {
    await Promise.all(this.#nameServers.addresses.map((one) => this.#try(one, () => run(one))))
  }

  async #try(nameServer: string, run: () => Promise<void>): Promise<void> {
    try {
      await run()
    } catch (err) {
      if (RocketMQError.is(err) && err.code === 'RMQ_ABORTED') return
      this.#options.logger.warn({ err, nameServer }, 'a name server could not be told')
    }
  }
}

/** Topics to be told, encoded once for all name servers. */
class Report {
  readonly topics: ReadonlyMap<string, TopicConfig>
  readonly #isWhole: boolean
  #encoded: { readonly body: Uint8Array; readonly compressed: boolean } | undefined

  constructor(topics: ReadonlyMap<string, TopicConfig>, isWhole: boolean) {
    this.topics = topics
    this.#isWhole = isWhole
  }

  /** `compressed` is what the first caller wished. */
  encoded(
    compressed: boolean,
    encode: (topics: ReadonlyMap<string, TopicConfig>) => Uint8Array,
  ): { readonly body: Uint8Array; readonly compressed: boolean } {
    this.#encoded ??= { body: encode(this.topics), compressed }
    return this.#encoded
  }

  /** What is to be told when `next` came before this was. */
  followedBy(next: Report): Report {
    if (next.#isWhole) return next
    return new Report(new Map([...this.topics, ...next.topics]), this.#isWhole)
  }
}

/** What one name server has yet to be told. */
interface Backlog {
  waiting: Report | undefined
  /** Settles when nothing is left. */
  telling: Promise<void>
}
