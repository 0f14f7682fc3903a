// SPDX-License-Identifier: Apache-2.0
// The route table: which brokers live, and which of them have which topics. Pure data: time and connections come from outside.
import {
  sameDataVersion,
  type ClusterInfo,
  type DataVersion,
  type QueueData,
  type TopicConfig,
  type TopicList,
  type TopicQueueMappingInfo,
  type TopicRouteData,
} from '@rocketmq-ts/remoting/bodies'
import { BrokerGroup, MASTER_ID } from './broker-group.ts'
import { LiveBrokers, type BrokerAddress, type LiveBroker } from './live-brokers.ts'
import { StaticMappings } from './static-mappings.ts'
import { isWritable, TopicQueues } from './topic-queues.ts'

/** What a broker says of itself when it registers. */
export interface Registration<C> extends BrokerAddress {
  readonly brokerName: string
  /** 0 is the master. */
  readonly brokerId: number
  readonly haServerAddr: string
  readonly zoneName: string | undefined
  /** The broker's own time-out; undefined takes {@link DEFAULT_HEARTBEAT_TIMEOUT_MS}. */
  readonly heartbeatTimeoutMs: number | undefined
  /** Undefined from brokers before 5.0. */
  readonly enableActingMaster: boolean | undefined
  readonly dataVersion: DataVersion
  readonly topics: ReadonlyMap<string, TopicConfig>
  /** Static topics, by name; undefined when it has none. */
  readonly mappings?: ReadonlyMap<string, TopicQueueMappingInfo> | undefined
  /** Undefined from brokers before 3.0.11. */
  readonly filterServers: readonly string[] | undefined
  readonly connection: C
}

/** The smallest id of a broker name is now another one: what its brokers may want to know. */
export interface MinIdChange {
  readonly brokerName: string
  /** Those that are there now, by id, the smallest first. */
  readonly addresses: ReadonlyMap<number, string>
  /** Who has left, when the change comes from that. */
  readonly offlineBrokerAddr: string | undefined
  /** Where the new smallest offers its log, when the change comes from its registration. */
  readonly haBrokerAddr: string | undefined
}

/** What a broker learns when it has registered: a slave, where its master is. */
export interface Registered {
  readonly masterAddr?: string
  readonly haServerAddr?: string
  /** Present when others of its name may want to know. */
  readonly minIdChange?: MinIdChange
}

/** A broker that leaves. */
export interface Leaving extends BrokerAddress {
  readonly brokerName: string
  /** The id it says it has; counts only for whether the smallest id has changed. */
  readonly brokerId: number
}

/** Read at each use: they may change while the table is in use. */
export interface RouteTableOptions {
  /** Told of each topic whose route is no longer what it was. */
  readonly onRouteChanged?: (topic: string) => void
  /** Give the smallest slave the master's id in routes of topics that are read only. Java: supportActingMaster. */
  readonly supportActingMaster?: boolean
  /** Drop topics a broker no longer registers. Java: deleteTopicWithBrokerRegistration. */
  readonly deleteTopicWithBrokerRegistration?: boolean
}

export const DEFAULT_HEARTBEAT_TIMEOUT_MS = 120_000
const WRITE = 2
/** Bits of topicSysFlag. Source: TopicSysFlag. */
const UNIT = 1
const UNIT_SUB = 2
/** Routes of these topics always show the ids as they are. */
const SYNC_BROKER_MEMBER_PREFIX = 'rmq_sys_SYNC_BROKER_MEMBER_'

/** Java: RouteInfoManager. `C` stands for a connection and is only compared. */
export class RouteTable<C> {
  readonly #options: RouteTableOptions
  readonly #live = new LiveBrokers<C>()
  readonly #groups = new Map<string, BrokerGroup>()
  readonly #clusters = new Map<string, Set<string>>()
  readonly #topics: TopicQueues
  readonly #mappings = new StaticMappings()
  /** By broker address, within the cluster that the route's broker belongs to. */
  readonly #filterServers = new Map<string, readonly string[]>()

  constructor(options: RouteTableOptions = {}) {
    this.#options = options
    this.#topics = new TopicQueues((topic) => options.onRouteChanged?.(topic))
  }

  /**
   * Takes a broker's registration. Undefined refuses it: an unknown broker may not register a single topic,
   * which is a broker that only wants to tell of a change before it has registered at all.
   */
  register(broker: Registration<C>, nowMs: number): Registered | undefined {
    const { brokerAddr, brokerId, brokerName, clusterName } = broker
    this.#clusterOf(clusterName).add(brokerName)
    const known = this.#groups.get(brokerName)
    const group = known ?? new BrokerGroup(clusterName, brokerName)
    this.#groups.set(brokerName, group)
    const enableActingMaster = broker.enableActingMaster ?? false
    if (group.enableActingMaster !== enableActingMaster || group.zoneName !== broker.zoneName) {
      group.enableActingMaster = enableActingMaster
      group.zoneName = broker.zoneName
      this.#topics.brokerChanged(brokerName)
    }
    const minIdBefore = group.minId ?? 0
    const addressesBefore = group.addresses

    const idBefore = group.idOf(brokerAddr)
    if (idBefore !== undefined && idBefore !== brokerId) group.delete(brokerAddr)
    const before = group.addresses.get(brokerId)
    if (before !== undefined && before !== brokerAddr && this.#isOlder(broker, before)) {
      this.#live.delete(broker)
      if (group.addresses !== addressesBefore) this.#topics.brokerChanged(brokerName)
      return {}
    }
    if (before === undefined && broker.topics.size === 1) {
      if (group.addresses !== addressesBefore) this.#topics.brokerChanged(brokerName)
      return undefined
    }

    group.put(brokerId, brokerAddr)
    if (group.addresses !== addressesBefore) this.#topics.brokerChanged(brokerName)
    this.#registerTopics(broker, group, known === undefined || before === undefined)
    this.#live.put({
      clusterName,
      brokerAddr,
      connection: broker.connection,
      dataVersion: broker.dataVersion,
      haServerAddr: broker.haServerAddr,
      heartbeatTimeoutMs: broker.heartbeatTimeoutMs ?? DEFAULT_HEARTBEAT_TIMEOUT_MS,
      heardAtMs: nowMs,
    })
    this.#registerFilterServers(broker)
    const registered = brokerId === MASTER_ID ? {} : this.#masterOf(group)
    if (brokerId >= minIdBefore) return registered
    return {
      ...registered,
      minIdChange: minIdChangeOf(group, { haBrokerAddr: broker.haServerAddr }),
    }
  }

  /** Whether the broker that holds the id has the newer state: then this one is a left-over. */
  #isOlder({ clusterName, dataVersion }: Registration<C>, holder: string): boolean {
    const live = this.#live.get({ clusterName, brokerAddr: holder })
    return live !== undefined && live.dataVersion.stateVersion > dataVersion.stateVersion
  }

  #registerTopics(broker: Registration<C>, group: BrokerGroup, isFirst: boolean): void {
    const { brokerId, brokerName, dataVersion, mappings = new Map(), topics } = broker
    const isMaster = brokerId === MASTER_ID
    const isPrimeSlave =
      broker.enableActingMaster !== undefined && !isMaster && group.minId === brokerId
    if (!isMaster && !isPrimeSlave) return
    // A broker with static topics keeps all it has ever named, as in Java.
    if (this.#options.deleteTopicWithBrokerRegistration === true && mappings.size === 0) {
      for (const topic of this.#topics.onBroker(brokerName)) {
        if (!topics.has(topic)) this.#topics.delete(topic, brokerName)
      }
    }
    const hasChanged = isFirst || this.isChanged(broker, dataVersion)
    for (const topic of topics.values()) {
      const isKnown = this.#topics.of(topic.topicName)?.has(brokerName) ?? false
      if (isKnown && !hasChanged) continue
      const readOnly = isPrimeSlave && group.enableActingMaster
      this.#topics.put(brokerName, topic, readOnly ? topic.perm & ~WRITE : topic.perm)
    }
    if (!hasChanged) return
    for (const [topic, info] of mappings) {
      this.#mappings.put(topic, info)
      this.#options.onRouteChanged?.(topic)
    }
  }

  #registerFilterServers(broker: Registration<C>): void {
    const { clusterName, brokerAddr, brokerName, filterServers } = broker
    if (filterServers === undefined) return
    const key = `${brokerAddr}\n${clusterName}`
    const before = this.#filterServers.get(key) ?? []
    if (before.join() === filterServers.join()) return
    if (filterServers.length === 0) this.#filterServers.delete(key)
    else this.#filterServers.set(key, filterServers)
    this.#topics.brokerChanged(brokerName)
  }

  #masterOf(group: BrokerGroup): Registered {
    const masterAddr = group.addresses.get(MASTER_ID)
    if (masterAddr === undefined) return {}
    const live = this.#live.get({ clusterName: group.cluster, brokerAddr: masterAddr })
    return live === undefined ? {} : { masterAddr, haServerAddr: live.haServerAddr }
  }

  /** Forgets a broker; with the last of its name the name and its topics go too. */
  unregister(leaving: Leaving): MinIdChange | undefined {
    const { brokerAddr, brokerId, brokerName, clusterName } = leaving
    this.#live.delete({ clusterName, brokerAddr })
    this.#filterServers.delete(`${brokerAddr}\n${clusterName}`)
    const group = this.#groups.get(brokerName)
    if (group === undefined) return undefined
    const hadMinId = group.minId === brokerId
    group.delete(brokerAddr)
    if (group.isEmpty) {
      this.#groups.delete(brokerName)
      this.#topics.deleteBroker(brokerName)
      const cluster = this.#clusters.get(clusterName)
      cluster?.delete(brokerName)
      if (cluster?.size === 0) this.#clusters.delete(clusterName)
      return undefined
    }
    if (group.enableActingMaster && !group.hasMaster) this.#topics.denyWriting(brokerName)
    this.#topics.brokerChanged(brokerName)
    return hadMinId && group.enableActingMaster
      ? minIdChangeOf(group, { offlineBrokerAddr: brokerAddr })
      : undefined
  }

  /** Forgets that a broker lives, when no name has its address any more. */
  forget(broker: BrokerAddress): void {
    this.#live.delete(broker)
  }

  /** Notes that a broker lives. */
  heard(broker: BrokerAddress, nowMs: number): void {
    this.#live.heard(broker, nowMs)
  }

  /** The version of the topics a broker registered last. */
  dataVersionOf(broker: BrokerAddress): DataVersion | undefined {
    return this.#live.get(broker)?.dataVersion
  }

  /** Whether a broker with this version should register again. */
  isChanged(broker: BrokerAddress, dataVersion: DataVersion | undefined): boolean {
    const known = this.dataVersionOf(broker)
    return known === undefined || dataVersion === undefined || !sameDataVersion(known, dataVersion)
  }

  /** Brokers that were silent for too long. */
  expired(nowMs: number): readonly LiveBroker<C>[] {
    return this.#live.expired(nowMs)
  }

  /** Brokers that registered last on this connection. */
  on(connection: C): readonly LiveBroker<C>[] {
    return this.#live.on(connection)
  }

  /** What {@link RouteTable.unregister} needs for a broker process of which only the address is known. */
  leavingOf({ clusterName, brokerAddr }: BrokerAddress): Leaving | undefined {
    for (const group of this.#groups.values()) {
      const brokerId = group.idOf(brokerAddr)
      if (group.cluster !== clusterName || brokerId === undefined) continue
      return { clusterName, brokerAddr, brokerName: group.brokerName, brokerId }
    }
    return undefined
  }

  /** The route of a topic; undefined when no live broker has it. */
  route(topic: string): TopicRouteData | undefined {
    const queues = this.#topics.of(topic)
    if (queues === undefined) return undefined
    const queueDatas = [...queues.values()]
    const groups = [...queues.keys()].flatMap((name) => this.#groups.get(name) ?? [])
    if (groups.length === 0) return undefined
    const filterServerTable = new Map(groups.flatMap((group) => this.#filterServersOf(group)))
    const actsForMaster =
      this.#options.supportActingMaster === true && !topic.startsWith(SYNC_BROKER_MEMBER_PREFIX)
    const brokerDatas = groups.map((group) => {
      const data = group.toBrokerData()
      const own = queues.get(group.brokerName)
      const acts = actsForMaster && group.enableActingMaster && own !== undefined
      return acts && !isWritable(own) ? withActingMaster(group, data) : data
    })
    const topicQueueMappingByBroker = this.#mappings.of(topic)
    return { brokerDatas, filterServerTable, queueDatas, topicQueueMappingByBroker }
  }

  #filterServersOf({ addresses, cluster }: BrokerGroup): [string, readonly string[]][] {
    if (this.#filterServers.size === 0) return []
    return [...addresses.values()].flatMap((address) => {
      const servers = this.#filterServers.get(`${address}\n${cluster}`)
      return servers === undefined ? [] : [[address, servers] satisfies [string, readonly string[]]]
    })
  }

  clusterInfo(): ClusterInfo {
    return {
      brokerAddrTable: new Map(
        [...this.#groups].map(([name, group]) => [name, group.toBrokerData()]),
      ),
      clusterAddrTable: new Map([...this.#clusters].map(([name, brokers]) => [name, [...brokers]])),
    }
  }

  topics(): TopicList {
    return { topicList: this.#topics.names() }
  }

  topicsOfCluster(cluster: string): TopicList {
    const brokers = [...(this.#clusters.get(cluster) ?? [])]
    const topicList = new Set(brokers.flatMap((name) => this.#topics.onBroker(name)))
    return { topicList: [...topicList] }
  }

  /** Clusters and broker names are topics of their own; the address is any broker's that can tell the rest. */
  systemTopics(): TopicList {
    const names = [...this.#clusters].flatMap(([cluster, brokers]) => [cluster, ...brokers])
    const group = [...this.#groups.values()].find(({ isEmpty }) => !isEmpty)
    return {
      brokerAddr: group?.addresses.values().next().value,
      topicList: [...new Set(names)],
    }
  }

  /** Topics with the flag of a unit. */
  unitTopics(): TopicList {
    return { topicList: this.#topics.withFlags((flags) => (flags & UNIT) !== 0) }
  }

  /** Topics that some group consumes from other units. */
  unitSubTopics(): TopicList {
    return { topicList: this.#topics.withFlags((flags) => (flags & UNIT_SUB) !== 0) }
  }

  /** Those of them that are no unit topics themselves. */
  unitSubTopicsOutsideUnits(): TopicList {
    return {
      topicList: this.#topics.withFlags((flags) => (flags & (UNIT | UNIT_SUB)) === UNIT_SUB),
    }
  }

  /** Addresses by id of a broker name; empty when it is not known. */
  membersOf(brokerName: string): ReadonlyMap<number, string> {
    return this.#groups.get(brokerName)?.addresses ?? new Map()
  }

  /** Takes the permission to send away from a broker's topics until it registers them anew; returns how many it has. */
  wipeWritePermission(brokerName: string): number {
    return this.#topics.denyWriting(brokerName)
  }

  /** Lets a broker's topics be read and written; returns how many it has. */
  addWritePermission(brokerName: string): number {
    return this.#topics.allowWriting(brokerName)
  }

  /** Takes over queues of one topic, up to the first of a broker name that is not known. Returns whether all were. */
  registerTopic(topic: string, queueDatas: readonly QueueData[]): boolean {
    const isKnown = (queues: QueueData): boolean => this.#groups.has(queues.brokerName)
    // Java adds to a topic it has until it meets such a name, but takes a new topic as a whole or not at all.
    if (this.#topics.of(topic) === undefined && !queueDatas.every(isKnown)) return false
    for (const queues of queueDatas) {
      if (!isKnown(queues)) return false
      this.#topics.putQueues(topic, queues)
    }
    return true
  }

  /** Drops a topic's routes, in one cluster or in all. Nothing happens for a cluster that is not known. */
  deleteTopic(topic: string, cluster?: string): void {
    if (cluster === undefined) {
      this.#topics.deleteTopic(topic)
      return
    }
    for (const brokerName of this.#clusters.get(cluster) ?? []) {
      this.#topics.delete(topic, brokerName)
    }
  }

  #clusterOf(name: string): Set<string> {
    const brokers = this.#clusters.get(name) ?? new Set<string>()
    this.#clusters.set(name, brokers)
    return brokers
  }
}

/** The smallest slave under the master's id, when there is no master. */
function withActingMaster(
  group: BrokerGroup,
  data: TopicRouteData['brokerDatas'][number],
): TopicRouteData['brokerDatas'][number] {
  const { minId } = group
  if (group.hasMaster || minId === undefined) return data
  const renamed = [...data.brokerAddrs].map(
    ([id, address]) => [id === minId ? MASTER_ID : id, address] as const,
  )
  return { ...data, brokerAddrs: new Map(renamed) }
}

function minIdChangeOf(
  { addresses, brokerName }: BrokerGroup,
  { haBrokerAddr, offlineBrokerAddr }: { haBrokerAddr?: string; offlineBrokerAddr?: string },
): MinIdChange {
  return { addresses, brokerName, haBrokerAddr, offlineBrokerAddr }
}
