// SPDX-License-Identifier: Apache-2.0
// The route table: which brokers live, and which of them have which topics. Pure data: time and connections come from outside.
import {
  sameDataVersion,
  type ClusterInfo,
  type DataVersion,
  type TopicConfig,
  type TopicList,
  type TopicRouteData,
} from '@rocketmq-ts/remoting/bodies'
import { BrokerGroup, MASTER_ID } from './broker-group.ts'
import { LiveBrokers, type BrokerAddress, type LiveBroker } from './live-brokers.ts'
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
  /** Undefined from brokers before 3.0.11. */
  readonly filterServers: readonly string[] | undefined
  readonly connection: C
}

/** What a broker learns when it has registered: a slave, where its master is. */
export interface Registered {
  readonly masterAddr?: string
  readonly haServerAddr?: string
}

/** A broker that leaves. */
export interface Leaving extends BrokerAddress {
  readonly brokerName: string
}

export interface RouteTableOptions {
  /** Give the smallest slave the master's id in routes of topics that are read only. Java: supportActingMaster. */
  readonly supportActingMaster?: boolean
  /** Drop topics a broker no longer registers. Java: deleteTopicWithBrokerRegistration. */
  readonly deleteTopicWithBrokerRegistration?: boolean
}

export const DEFAULT_HEARTBEAT_TIMEOUT_MS = 120_000
const WRITE = 2
/** Routes of these topics always show the ids as they are. */
const SYNC_BROKER_MEMBER_PREFIX = 'rmq_sys_SYNC_BROKER_MEMBER_'

/** Java: RouteInfoManager. `C` stands for a connection and is only compared. */
export class RouteTable<C> {
  readonly #options: RouteTableOptions
  readonly #live = new LiveBrokers<C>()
  readonly #groups = new Map<string, BrokerGroup>()
  readonly #clusters = new Map<string, Set<string>>()
  readonly #topics = new TopicQueues()
  /** By broker address, within the cluster that the route's broker belongs to. */
  readonly #filterServers = new Map<string, readonly string[]>()

  constructor(options: RouteTableOptions = {}) {
    this.#options = options
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
    group.enableActingMaster = broker.enableActingMaster ?? false
    group.zoneName = broker.zoneName

    const idBefore = group.idOf(brokerAddr)
    if (idBefore !== undefined && idBefore !== brokerId) group.delete(brokerAddr)
    const before = group.addresses.get(brokerId)
    if (before !== undefined && before !== brokerAddr && this.#isOlder(broker, before)) {
      this.#live.delete(broker)
      return {}
    }
    if (before === undefined && broker.topics.size === 1) return undefined

    group.put(brokerId, brokerAddr)
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
    return brokerId === MASTER_ID ? {} : this.#masterOf(group)
  }

  /** Whether the broker that holds the id has the newer state: then this one is a left-over. */
  #isOlder({ clusterName, dataVersion }: Registration<C>, holder: string): boolean {
    const live = this.#live.get({ clusterName, brokerAddr: holder })
    return live !== undefined && live.dataVersion.stateVersion > dataVersion.stateVersion
  }

  #registerTopics(broker: Registration<C>, group: BrokerGroup, isFirst: boolean): void {
    const { brokerId, brokerName, dataVersion, topics } = broker
    const isMaster = brokerId === MASTER_ID
    const isPrimeSlave =
      broker.enableActingMaster !== undefined && !isMaster && group.minId === brokerId
    if (!isMaster && !isPrimeSlave) return
    if (this.#options.deleteTopicWithBrokerRegistration === true) {
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
  }

  #registerFilterServers({ clusterName, brokerAddr, filterServers }: Registration<C>): void {
    if (filterServers === undefined) return
    const key = `${brokerAddr}\n${clusterName}`
    if (filterServers.length === 0) this.#filterServers.delete(key)
    else this.#filterServers.set(key, filterServers)
  }

  #masterOf(group: BrokerGroup): Registered {
    const masterAddr = group.addresses.get(MASTER_ID)
    if (masterAddr === undefined) return {}
    const live = this.#live.get({ clusterName: group.cluster, brokerAddr: masterAddr })
    return live === undefined ? {} : { masterAddr, haServerAddr: live.haServerAddr }
  }

  /** Forgets a broker; with the last of its name the name and its topics go too. */
  unregister({ clusterName, brokerAddr, brokerName }: Leaving): void {
    this.#live.delete({ clusterName, brokerAddr })
    this.#filterServers.delete(`${brokerAddr}\n${clusterName}`)
    const group = this.#groups.get(brokerName)
    if (group === undefined) return
    group.delete(brokerAddr)
    if (group.isEmpty) {
      this.#groups.delete(brokerName)
      this.#topics.deleteBroker(brokerName)
      const cluster = this.#clusters.get(clusterName)
      cluster?.delete(brokerName)
      if (cluster?.size === 0) this.#clusters.delete(clusterName)
    } else if (group.enableActingMaster && !group.hasMaster) {
      this.#topics.denyWriting(brokerName)
    }
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
      if (group.cluster !== clusterName || group.idOf(brokerAddr) === undefined) continue
      return { clusterName, brokerAddr, brokerName: group.brokerName }
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
    return { brokerDatas, filterServerTable, queueDatas }
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
