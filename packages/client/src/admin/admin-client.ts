// SPDX-License-Identifier: Apache-2.0
// The admin interface: every call by the name Java gives it, with typed answers.
import { RocketMQError } from '@rocketmq-ts/remoting'
import type {
  AclInfo,
  ClusterInfo,
  ConsumerConnection,
  ConsumeStats,
  TopicConfig,
  TopicList,
  TopicRouteData,
  TopicStatsTable,
  UserInfo,
} from '@rocketmq-ts/remoting/bodies'
import type { MessageExt } from '@rocketmq-ts/remoting/message'
import * as calls from '../broker-calls.ts'
import { clientChecks, clientConfigOf, type ClientOptions } from '../config.ts'
import type { MessageQueue } from '../message-queue.ts'
import { checkSettings } from '../settings.ts'
import * as accessControl from './access-control.ts'
import * as brokers from './brokers.ts'
import * as consumers from './consumers.ts'
import * as kvConfig from './kv-config.ts'
import * as messages from './messages.ts'
import { AdminSession, type AdminCallOptions } from './session.ts'
import * as topics from './topics.ts'
import { addressToAsk, masterAddressesOf } from './topology.ts'

/** What an admin client takes; `requestTimeoutMs` is 5000 unless told. */
export type AdminClientOptions = ClientOptions

/**
 * Calls to name servers and brokers for operators and tools. Addresses are `host:port`. Each call takes
 * `{ signal, timeoutMs }` and throws RMQ_REFUSED with the server's code when the server says no.
 * Source: MQAdminExt.
 *
 * @example
 * await using admin = new AdminClient({ namesrvAddr: 'localhost:9876' })
 * const { clusterAddrTable } = await admin.examineBrokerClusterInfo()
 */
export class AdminClient implements AsyncDisposable {
  readonly #session: AdminSession

  /** Checks the settings; nothing is connected before the first call. @throws RMQ_INVALID_ARGUMENT */
  constructor(options: AdminClientOptions) {
    checkSettings('AdminClient', options, clientChecks)
    this.#session = new AdminSession(clientConfigOf({ requestTimeoutMs: 5000, ...options }))
  }

  close(): Promise<void> {
    return this.#session.close()
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.close()
  }

  /** The configured name servers. */
  getNameServerAddressList(): readonly string[] {
    return this.#session.nameServers.addresses
  }

  // ── clusters and brokers ──

  /** Brokers by name and broker names by cluster. */
  examineBrokerClusterInfo(options?: AdminCallOptions): Promise<ClusterInfo> {
    return brokers.examineBrokerClusterInfo(this.#session, options)
  }

  /** A broker's figures by Java's names. */
  fetchBrokerRuntimeStats(
    address: string,
    options?: AdminCallOptions,
  ): Promise<ReadonlyMap<string, string>> {
    return brokers.fetchBrokerRuntimeStats(this.#session, address, options)
  }

  /** All settings of a broker. */
  getBrokerConfig(
    address: string,
    options?: AdminCallOptions,
  ): Promise<ReadonlyMap<string, string>> {
    return brokers.getBrokerConfig(this.#session, address, options)
  }

  /** Changes settings of a running broker, which also stores them. */
  updateBrokerConfig(
    address: string,
    properties: ReadonlyMap<string, string>,
    options?: AdminCallOptions,
  ): Promise<void> {
    return brokers.updateBrokerConfig(this.#session, address, properties, options)
  }

  // ── topics ──

  /** Creates the topic on the broker, or changes its settings. */
  createAndUpdateTopicConfig(
    address: string,
    config: TopicConfig,
    options?: AdminCallOptions,
  ): Promise<void> {
    return topics.createAndUpdateTopicConfig(this.#session, address, config, options)
  }

  /** Every topic of a broker with its settings. */
  getAllTopicConfig(
    address: string,
    options?: AdminCallOptions,
  ): Promise<ReadonlyMap<string, TopicConfig>> {
    return topics.getAllTopicConfig(this.#session, address, options)
  }

  /** Names of all topics the name server knows. */
  fetchAllTopicList(options?: AdminCallOptions): Promise<TopicList> {
    return topics.fetchAllTopicList(this.#session, options)
  }

  fetchTopicsByCluster(cluster: string, options?: AdminCallOptions): Promise<TopicList> {
    return topics.fetchTopicsByCluster(this.#session, cluster, options)
  }

  /** Which brokers serve the topic with how many queues. */
  examineTopicRouteInfo(topic: string, options?: AdminCallOptions): Promise<TopicRouteData> {
    return topics.examineTopicRouteInfo(this.#session, topic, options)
  }

  /** How far each queue of the topic reaches, on all brokers of its route. */
  examineTopicStats(topic: string, options?: AdminCallOptions): Promise<TopicStatsTable> {
    return topics.examineTopicStats(this.#session, topic, options)
  }

  /** The same of one broker. */
  examineTopicStatsOfBroker(
    address: string,
    topic: string,
    options?: AdminCallOptions,
  ): Promise<TopicStatsTable> {
    return topics.examineTopicStatsOfBroker(this.#session, address, topic, options)
  }

  /** Removes the topic from all masters of the cluster, then from all name servers. */
  async deleteTopic(topic: string, clusterName: string, options?: AdminCallOptions): Promise<void> {
    const info = await this.examineBrokerClusterInfo(options)
    await this.deleteTopicInBroker(masterAddressesOf(info, clusterName) ?? [], topic, options)
    await this.deleteTopicInNameServer(this.getNameServerAddressList(), topic, clusterName, options)
  }

  deleteTopicInBroker(
    addresses: Iterable<string>,
    topic: string,
    options?: AdminCallOptions,
  ): Promise<void> {
    return topics.deleteTopicInBroker(this.#session, addresses, topic, options)
  }

  /** Removes the topic's route; without a cluster name, of all clusters. */
  deleteTopicInNameServer(
    addresses: Iterable<string>,
    topic: string,
    clusterName?: string,
    options?: AdminCallOptions,
  ): Promise<void> {
    return topics.deleteTopicInNameServer(this.#session, addresses, topic, clusterName, options)
  }

  // ── queues ──

  /** One past the newest message of the queue. */
  async maxOffset(queue: MessageQueue, options?: AdminCallOptions): Promise<number> {
    const { remoting } = this.#session
    return calls.maxOffset(
      remoting,
      await this.#addressOf(queue, options),
      queue,
      this.#options(options),
    )
  }

  /** The oldest message of the queue that is still stored. */
  async minOffset(queue: MessageQueue, options?: AdminCallOptions): Promise<number> {
    const { remoting } = this.#session
    return calls.minOffset(
      remoting,
      await this.#addressOf(queue, options),
      queue,
      this.#options(options),
    )
  }

  /** The first offset whose message was stored at or after the wall time. */
  async searchOffset(
    queue: MessageQueue,
    timestampMs: number,
    options?: AdminCallOptions & { readonly boundary?: 'LOWER' | 'UPPER' },
  ): Promise<number> {
    const { boundary, ...rest } = options ?? {}
    const asked = { queue, timestampMs, ...(boundary === undefined ? {} : { boundary }) }
    const address = await this.#addressOf(queue, rest)
    return calls.searchOffset(this.#session.remoting, address, asked, this.#options(rest))
  }

  // ── consumer groups ──

  /** The next offset the group consumes of the queue; undefined when it has stored none. */
  async queryConsumerOffset(
    consumerGroup: string,
    queue: MessageQueue,
    options?: AdminCallOptions,
  ): Promise<number | undefined> {
    const asked = { consumerGroup, queue }
    const address = await this.#addressOf(queue, options)
    return calls.queryConsumerOffset(this.#session.remoting, address, asked, this.#options(options))
  }

  /** Stores the next offset the group consumes of the queue. Members that run do not notice. */
  async updateConsumeOffset(
    consumerGroup: string,
    queue: MessageQueue,
    offset: number,
    options?: AdminCallOptions,
  ): Promise<void> {
    const asked = { consumerGroup, queue, commitOffset: offset }
    const address = await this.#addressOf(queue, options)
    const settled = { ...this.#options(options), oneway: false }
    await calls.updateConsumerOffset(this.#session.remoting, address, asked, settled)
  }

  /** How far the group is behind on each queue. */
  examineConsumeStats(
    consumerGroup: string,
    topic?: string,
    options?: AdminCallOptions,
  ): Promise<ConsumeStats> {
    return consumers.examineConsumeStats(this.#session, consumerGroup, topic, options)
  }

  /** The members of the group and their subscriptions, as one broker sees them. */
  examineConsumerConnectionInfo(
    consumerGroup: string,
    address?: string,
    options?: AdminCallOptions,
  ): Promise<ConsumerConnection> {
    return consumers.examineConsumerConnectionInfo(this.#session, consumerGroup, address, options)
  }

  // ── messages ──

  /** The message with this broker's id (offsetMsgId). */
  viewMessage(topic: string, offsetMsgId: string, options?: AdminCallOptions): Promise<MessageExt> {
    return messages.viewMessage(this.#session, topic, offsetMsgId, options)
  }

  // ── users and what they may do; each call is about one broker ──

  createUser(address: string, user: UserInfo, options?: AdminCallOptions): Promise<void> {
    return accessControl.createUser(this.#session, address, user, options)
  }

  /** Changes what is given: password, type, status. */
  updateUser(address: string, user: UserInfo, options?: AdminCallOptions): Promise<void> {
    return accessControl.updateUser(this.#session, address, user, options)
  }

  /** Also when there is no such user. */
  deleteUser(address: string, username: string, options?: AdminCallOptions): Promise<void> {
    return accessControl.deleteUser(this.#session, address, username, options)
  }

  /** With the password, as in Java; undefined when there is no such user. */
  getUser(
    address: string,
    username: string,
    options?: AdminCallOptions,
  ): Promise<UserInfo | undefined> {
    return accessControl.getUser(this.#session, address, username, options)
  }

  /** Users whose name contains the filter; all without one. */
  listUser(
    address: string,
    filter?: string,
    options?: AdminCallOptions,
  ): Promise<readonly UserInfo[]> {
    return accessControl.listUser(this.#session, address, filter, options)
  }

  /** Adds policies to those of the subject (`User:name`). */
  createAcl(address: string, acl: AclInfo, options?: AdminCallOptions): Promise<void> {
    return accessControl.createAcl(this.#session, address, acl, options)
  }

  updateAcl(address: string, acl: AclInfo, options?: AdminCallOptions): Promise<void> {
    return accessControl.updateAcl(this.#session, address, acl, options)
  }

  /** Removes the policies for one resource, or all of the subject. */
  deleteAcl(
    address: string,
    subject: string,
    resource?: string,
    options?: AdminCallOptions,
  ): Promise<void> {
    return accessControl.deleteAcl(this.#session, address, subject, resource, options)
  }

  /** Undefined when the subject has no policies. */
  getAcl(
    address: string,
    subject: string,
    options?: AdminCallOptions,
  ): Promise<AclInfo | undefined> {
    return accessControl.getAcl(this.#session, address, subject, options)
  }

  listAcl(
    address: string,
    filters?: { readonly subject?: string | undefined; readonly resource?: string | undefined },
    options?: AdminCallOptions,
  ): Promise<readonly AclInfo[]> {
    return accessControl.listAcl(this.#session, address, filters, options)
  }

  // ── name server settings ──

  /** Undefined when the key is not set. */
  getKvConfig(
    namespace: string,
    key: string,
    options?: AdminCallOptions,
  ): Promise<string | undefined> {
    return kvConfig.getKvConfig(this.#session, namespace, key, options)
  }

  /** Sets the key on all name servers. */
  putKvConfig(
    namespace: string,
    key: string,
    value: string,
    options?: AdminCallOptions,
  ): Promise<void> {
    return kvConfig.putKvConfig(this.#session, namespace, key, value, options)
  }

  /** Removes the key from all name servers. */
  deleteKvConfig(namespace: string, key: string, options?: AdminCallOptions): Promise<void> {
    return kvConfig.deleteKvConfig(this.#session, namespace, key, options)
  }

  getKvListByNamespace(
    namespace: string,
    options?: AdminCallOptions,
  ): Promise<ReadonlyMap<string, string>> {
    return kvConfig.getKvListByNamespace(this.#session, namespace, options)
  }

  /** Fixes the order of a topic's queues: `broker-a:4`, of one broker or of the whole cluster. */
  createOrUpdateOrderConf(
    topic: string,
    orderConf: string,
    isCluster: boolean,
    options?: AdminCallOptions,
  ): Promise<void> {
    return kvConfig.createOrUpdateOrderConf(this.#session, topic, orderConf, isCluster, options)
  }

  async #addressOf(queue: MessageQueue, options: AdminCallOptions | undefined): Promise<string> {
    const { brokerDatas } = await this.examineTopicRouteInfo(queue.topic, options)
    const broker = brokerDatas.find(({ brokerName }) => brokerName === queue.brokerName)
    const address = broker === undefined ? undefined : addressToAsk(broker)
    if (address !== undefined) return address
    throw new RocketMQError(
      'RMQ_NO_ROUTE',
      `broker ${queue.brokerName} does not serve topic ${queue.topic}`,
    )
  }

  #options(options: AdminCallOptions | undefined): calls.CallOptions {
    return this.#session.options(options)
  }
}
