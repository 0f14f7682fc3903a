// SPDX-License-Identifier: Apache-2.0
// Routes of the topics in use and the addresses of their brokers, kept fresh and kept on when no name server answers.
import { ResponseCode, RocketMQError } from '@rocketmq-ts/remoting'
import { decodeTopicRouteData, type TopicRouteData } from '@rocketmq-ts/remoting/bodies'
import { getRouteinfoByTopic } from '@rocketmq-ts/remoting/requests'
import type { Logger } from '@rocketmq-ts/runtime'
import { successBody } from './answers.ts'
import type { MessageQueue } from './message-queue.ts'
import type { NameServers } from './name-servers.ts'
import {
  MASTER_ID,
  publishInfoOf,
  routeOfNewTopic,
  sameRoute,
  subscribeQueuesOf,
  type PublishInfo,
} from './route-queues.ts'

/** What is known of a topic. A changed route is a new object. */
export interface TopicRoute {
  readonly topic: string
  readonly data: TopicRouteData
  readonly publish: PublishInfo
  /** Sorted, as a rebalance needs them. */
  readonly readable: readonly MessageQueue[]
  /** Made up from the default topic: the broker creates the topic with the first message. */
  readonly isDefault: boolean
}

/** How a topic that no name server knows is to be created. */
export interface DefaultRoute {
  readonly createTopicKey: string
  readonly defaultTopicQueueNums: number
}

/** Where and how long to ask. */
export interface RefreshOptions {
  readonly signal?: AbortSignal | undefined
  readonly timeoutMs?: number | undefined
}

interface Watched {
  watchers: number
  route: TopicRoute | undefined
  refreshing: Promise<TopicRoute | undefined> | undefined
}

/** Source: the topicRouteTable and brokerAddrTable of MQClientInstance. */
export class RouteCache {
  readonly #nameServers: NameServers
  readonly #logger: Logger
  readonly #topics = new Map<string, Watched>()
  #brokers = new Map<string, ReadonlyMap<number, string>>()
  readonly #onChange: (topic: string) => void

  /** `onChange` is called after a topic's route changed. */
  constructor(nameServers: NameServers, logger: Logger, onChange: (topic: string) => void) {
    this.#nameServers = nameServers
    this.#logger = logger
    this.#onChange = onChange
  }

  /** Keeps the topic polled until the returned function is called. */
  watch(topic: string): () => void {
    const watched = this.#watched(topic)
    watched.watchers++
    let done = false
    return () => {
      if (done) return
      done = true
      if (--watched.watchers === 0) this.#topics.delete(topic)
    }
  }

  /** The route as last heard, or undefined. */
  route(topic: string): TopicRoute | undefined {
    return this.#topics.get(topic)?.route
  }

  /** The route as last heard, else asked for now. @throws RMQ_NO_ROUTE, RMQ_NO_NAME_SERVER */
  async routeOrFetch(topic: string, options: RefreshOptions = {}): Promise<TopicRoute> {
    const route = this.route(topic) ?? (await this.refresh(topic, options))
    if (route === undefined) {
      throw new RocketMQError('RMQ_NO_ROUTE', `no name server knows a broker for topic ${topic}`)
    }
    return route
  }

  /**
   * A route to send by: the topic's own, else one made up from the default topic.
   * @throws RMQ_NO_ROUTE when neither exists, RMQ_NO_NAME_SERVER
   */
  async routeToSend(
    topic: string,
    defaults: DefaultRoute,
    options: RefreshOptions = {},
  ): Promise<TopicRoute> {
    const own = await this.refresh(topic, options)
    if (own !== undefined) return own
    const data = await this.#fetch(defaults.createTopicKey, options)
    if (data === undefined) {
      throw new RocketMQError(
        'RMQ_NO_ROUTE',
        `no name server knows topic ${topic}, and no broker creates topics by itself (${defaults.createTopicKey} has no route): create it first`,
      )
    }
    const made = routeOfNewTopic(data, defaults.defaultTopicQueueNums)
    return this.#store(this.#watched(topic), topic, made, true)
  }

  /** Asks for the route now; callers at the same time share one request. Undefined when no name server knows the topic. */
  refresh(topic: string, options: RefreshOptions = {}): Promise<TopicRoute | undefined> {
    const watched = this.#watched(topic)
    // A caller with a signal asks for itself: aborting it must not end the others' wait.
    if (options.signal !== undefined) return this.#refresh(watched, topic, options)
    watched.refreshing ??= this.#refresh(watched, topic, options).finally(() => {
      watched.refreshing = undefined
    })
    return watched.refreshing
  }

  /** Asks for all watched topics again and forgets the others. What cannot be asked keeps its last route. */
  async poll(): Promise<void> {
    for (const [topic, { watchers }] of this.#topics) if (watchers === 0) this.#topics.delete(topic)
    const topics = [...this.#topics.keys()]
    for (let start = 0; start < topics.length; start += pollAtOnce) {
      const some = topics.slice(start, start + pollAtOnce)
      await Promise.all(some.map((topic) => this.#pollOne(topic)))
    }
  }

  /** Addresses by broker name, then broker id. */
  get brokers(): ReadonlyMap<string, ReadonlyMap<number, string>> {
    return this.#brokers
  }

  masterAddress(brokerName: string): string | undefined {
    return this.#brokers.get(brokerName)?.get(MASTER_ID)
  }

  /** The broker with this id, or any other of the group when it is gone. Source: MQClientInstance.findBrokerAddressInSubscribe. */
  addressToRead(
    brokerName: string,
    brokerId: number,
  ): { readonly address: string; readonly isMaster: boolean } | undefined {
    const addresses = this.#brokers.get(brokerName)
    if (addresses === undefined) return undefined
    const wanted = addresses.get(brokerId)
    if (wanted !== undefined) return { address: wanted, isMaster: brokerId === MASTER_ID }
    for (const [id, address] of addresses) return { address, isMaster: id === MASTER_ID }
    return undefined
  }

  /** Forgets brokers that no route names any more. Source: MQClientInstance.cleanOfflineBroker. */
  forgetOfflineBrokers(): void {
    const named = new Set<string>()
    for (const { route } of this.#topics.values()) {
      for (const broker of route?.data.brokerDatas ?? []) named.add(broker.brokerName)
    }
    this.#brokers = new Map([...this.#brokers].filter(([name]) => named.has(name)))
  }

  async #pollOne(topic: string): Promise<void> {
    try {
      await this.refresh(topic)
    } catch (err) {
      this.#logger.warn({ topic, err }, 'cannot refresh the route, the last one stays in use')
    }
  }

  async #refresh(
    watched: Watched,
    topic: string,
    options: RefreshOptions,
  ): Promise<TopicRoute | undefined> {
    const data = await this.#fetch(topic, options)
    // A topic that is gone keeps its last route, as Java does: the broker's answer to a send decides.
    if (data === undefined) return watched.route
    return this.#store(watched, topic, data, false)
  }

  async #fetch(topic: string, options: RefreshOptions): Promise<TopicRouteData | undefined> {
    const { address, response } = await this.#nameServers.request(
      getRouteinfoByTopic,
      { topic, acceptStandardJsonOnly: true },
      requestOptions(options),
    )
    if (response.code === ResponseCode.TOPIC_NOT_EXIST) return undefined
    return successBody(response, address, decodeTopicRouteData)
  }

  #store(watched: Watched, topic: string, data: TopicRouteData, isDefault: boolean): TopicRoute {
    const last = watched.route
    if (last !== undefined && last.isDefault === isDefault && sameRoute(last.data, data))
      return last
    const route: TopicRoute = {
      topic,
      data,
      publish: publishInfoOf(topic, data),
      readable: subscribeQueuesOf(topic, data),
      isDefault,
    }
    watched.route = route
    for (const broker of data.brokerDatas) this.#brokers.set(broker.brokerName, broker.brokerAddrs)
    this.#onChange(topic)
    return route
  }

  #watched(topic: string): Watched {
    let watched = this.#topics.get(topic)
    if (watched === undefined) {
      watched = { watchers: 0, route: undefined, refreshing: undefined }
      this.#topics.set(topic, watched)
    }
    return watched
  }
}

// How many topics are asked for at a time when all are polled.
const pollAtOnce = 16

function requestOptions(options: RefreshOptions): { signal?: AbortSignal; timeoutMs?: number } {
  return {
    ...(options.signal === undefined ? {} : { signal: options.signal }),
    ...(options.timeoutMs === undefined ? {} : { timeoutMs: options.timeoutMs }),
  }
}
