// SPDX-License-Identifier: Apache-2.0
// A name server and brokers in memory that do as a test tells them, on a simulated network.
import {
  handle,
  refuse,
  RemotingServer,
  reply,
  ResponseCode,
  type Call,
  type Connection,
  type Refusal,
  type Reply,
} from '@rocketmq-ts/remoting'
import {
  decodeHeartbeatData,
  encodeGetConsumerListBody,
  encodeTopicRouteData,
  type HeartbeatData,
} from '@rocketmq-ts/remoting/bodies'
import {
  bodyCrc,
  createMessageId,
  encodeHost,
  iterateBatch,
  storedRecordBytes,
  writeStoredRecord,
} from '@rocketmq-ts/remoting/message'
import * as requests from '@rocketmq-ts/remoting/requests'
import type { PullMessageRequest, SendMessageRequest } from '@rocketmq-ts/remoting/requests'
import { simulatedRuntime, type SimulatedRuntime } from '@rocketmq-ts/runtime/simulated'

/** A world with one client machine, one name server and some brokers. */
export class FakeCluster {
  readonly world: SimulatedRuntime
  readonly brokers: FakeBroker[] = []
  readonly topics = new Map<string, { queues: number; perm: number; brokers?: readonly string[] }>()
  /** Requests for routes, by topic, in order. */
  readonly routeRequests: string[] = []
  nameServerAnswers = true

  constructor(seed = 1) {
    this.world = simulatedRuntime({ seed })
  }

  /** Starts the name server on 10.0.0.9 and brokers `broker-a`, `broker-b` … on 10.0.0.10 and up. */
  static async start(brokers = 1, seed = 1): Promise<FakeCluster> {
    const cluster = new FakeCluster(seed)
    await cluster.world.settle(cluster.#startAll(brokers))
    return cluster
  }

  get namesrvAddr(): string {
    return '10.0.0.9:9876'
  }

  /** What every client of this world is given. */
  get clientOptions(): { namesrvAddr: string; runtime: SimulatedRuntime } {
    return { namesrvAddr: this.namesrvAddr, runtime: this.world }
  }

  createTopic(topic: string, queues = 4, perm = 6, brokers?: readonly string[]): void {
    this.topics.set(topic, { queues, perm, ...(brokers === undefined ? {} : { brokers }) })
  }

  broker(name: string): FakeBroker {
    return this.brokers.find((broker) => broker.name === name)!
  }

  async #startAll(brokers: number): Promise<void> {
    const runtime = this.world.machine('10.0.0.9')
    const nameServer = new RemotingServer({
      runtime,
      handlers: [handle(requests.getRouteinfoByTopic, ({ request }) => this.#route(request.topic))],
    })
    await nameServer.listen({ port: 9876 })
    for (let index = 0; index < brokers; index++) {
      const host = `10.0.0.${10 + index}`
      const broker = new FakeBroker(this, `broker-${'abcdefgh'[index]}`, host)
      await broker.start()
      this.brokers.push(broker)
    }
  }

  async #route(topic: string): Promise<Reply<object>> {
    this.routeRequests.push(topic)
    if (!this.nameServerAnswers) await new Promise(() => undefined)
    const found = this.topics.get(topic)
    if (found === undefined) {
      return refuse(
        ResponseCode.TOPIC_NOT_EXIST,
        `No topic route info in name server for the topic: ${topic}`,
      )
    }
    const serving = this.brokers.filter(({ name }) => found.brokers?.includes(name) ?? true)
    const body = encodeTopicRouteData({
      brokerDatas: serving.map(({ name, address }) => ({
        cluster: 'C',
        brokerName: name,
        brokerAddrs: new Map([[0, address]]),
        enableActingMaster: false,
      })),
      queueDatas: serving.map(({ name }) => ({
        brokerName: name,
        readQueueNums: found.queues,
        writeQueueNums: found.queues,
        perm: found.perm,
        topicSysFlag: 0,
      })),
      filterServerTable: new Map(),
    })
    return reply({}, { body: [body] })
  }
}

/** What a fake broker stored of a message. */
export interface StoredMessage {
  readonly header: SendMessageRequest
  readonly body: Buffer
  readonly properties: string
  readonly offset: number
}

/** Keeps messages in memory and answers as Java's broker does, unless a test says otherwise. */
export class FakeBroker {
  readonly name: string
  readonly host: string
  readonly port = 10_911
  /** Every send that arrived, stored or not. */
  readonly sends: SendMessageRequest[] = []
  readonly pulls: PullMessageRequest[] = []
  readonly heartbeats: HeartbeatData[] = []
  readonly signedOff: string[] = []
  readonly sentBack: { offset: number; delayLevel: number; originMsgId: string | undefined }[] = []
  /** By `topic@group@queueId`. */
  readonly offsets = new Map<string, number>()
  /** Answers a send instead of storing it; never settles: no answer. */
  onSend: (call: Call<SendMessageRequest>) => Refusal | undefined | Promise<Refusal | undefined> =
    () => undefined
  /** The code that goes with the answer to a send that was stored. */
  sendCode: number = ResponseCode.SUCCESS
  onPull: (call: Call<PullMessageRequest>) => Refusal | undefined = () => undefined
  onSendBack: () => Refusal | undefined = () => undefined

  readonly #cluster: FakeCluster
  readonly #queues = new Map<string, StoredMessage[]>()
  readonly #members = new Map<string, Map<string, Connection>>()
  #waiting: (() => void)[] = []
  #server: RemotingServer | undefined

  constructor(cluster: FakeCluster, name: string, host: string) {
    this.#cluster = cluster
    this.name = name
    this.host = host
  }

  get address(): string {
    return `${this.host}:${this.port}`
  }

  async start(): Promise<void> {
    this.#server = new RemotingServer({
      runtime: this.#cluster.world.machine(this.host),
      handlers: [
        handle(requests.sendMessageV2, (call) => this.#send(call)),
        handle(requests.sendBatchMessage, (call) => this.#send(call)),
        handle(requests.pullMessage, (call) => this.#pull(call)),
        handle(requests.heartBeat, (call) => this.#heartbeat(call)),
        handle(requests.unregisterClient, ({ request }) => {
          this.signedOff.push(request.producerGroup ?? request.consumerGroup ?? '')
          this.#members.get(request.consumerGroup ?? '')?.delete(request.clientID)
          return reply({})
        }),
        handle(requests.getConsumerListByGroup, ({ request }) => {
          const ids = [...(this.#members.get(request.consumerGroup)?.keys() ?? [])]
          return ids.length === 0
            ? refuse(ResponseCode.SYSTEM_ERROR, 'no consumer for this group')
            : reply({}, { body: [encodeGetConsumerListBody({ consumerIdList: ids })] })
        }),
        handle(requests.queryConsumerOffset, ({ request }) => {
          const offset = this.offsets.get(offsetKey(request))
          return offset === undefined
            ? refuse(ResponseCode.QUERY_NOT_FOUND, 'not found')
            : reply({ offset })
        }),
        handle(requests.updateConsumerOffset, ({ request }) => {
          this.offsets.set(offsetKey(request), request.commitOffset)
          return reply({})
        }),
        handle(requests.getMaxOffset, ({ request }) =>
          reply({ offset: this.stored(request.topic, request.queueId).length }),
        ),
        handle(requests.consumerSendMsgBack, ({ request }) => {
          const refusal = this.onSendBack()
          if (refusal !== undefined) return refusal
          const { offset, delayLevel, originMsgId } = request
          this.sentBack.push({ offset, delayLevel, originMsgId })
          return reply({})
        }),
      ],
    })
    await this.#server.listen({ port: this.port })
  }

  async stop(): Promise<void> {
    await this.#server?.close()
  }

  stored(topic: string, queueId: number): readonly StoredMessage[] {
    return this.#queues.get(`${topic}@${queueId}`) ?? []
  }

  /** Client ids of a group, as heartbeats told. */
  members(group: string): string[] {
    return [...(this.#members.get(group)?.keys() ?? [])]
  }

  /** A member that is nobody's client: takes its share of queues. */
  addMember(group: string, clientId: string): void {
    this.#group(group).set(clientId, undefined as never)
    this.#notify(group)
  }

  removeMember(group: string, clientId: string): void {
    this.#group(group).delete(clientId)
    this.#notify(group)
  }

  /** Stores a message as if a producer had sent it. */
  store(topic: string, queueId: number, body: string, properties = 'WAIT\u0001true\u0002'): void {
    this.#store({ topic, queueId, properties } as SendMessageRequest, Buffer.from(body), properties)
  }

  async #send(call: Call<SendMessageRequest>): Promise<Reply<requests.SendMessageResponse>> {
    const { request } = call
    this.sends.push(request)
    const refusal = await this.onSend(call)
    if (refusal !== undefined) return refusal
    const ids: string[] = []
    const queueOffset = this.stored(request.topic, request.queueId).length
    if (request.batch === true) {
      for (const { body, properties } of iterateBatch(call.body)) {
        ids.push(this.#store(request, Buffer.from(body), Buffer.from(properties).toString()))
      }
    } else {
      ids.push(this.#store(request, Buffer.from(call.body), request.properties ?? ''))
    }
    const header = {
      msgId: ids.join(','),
      queueId: request.queueId,
      queueOffset,
      transactionId: undefined,
      batchUniqId: undefined,
      recallHandle: undefined,
      MSG_REGION: 'DefaultRegion',
      TRACE_ON: 'true',
    }
    return reply(header, { code: this.sendCode })
  }

  #store(header: SendMessageRequest, body: Buffer, properties: string): string {
    const key = `${header.topic}@${header.queueId}`
    const queue = this.#queues.get(key) ?? []
    this.#queues.set(key, queue)
    queue.push({ header, body, properties, offset: queue.length })
    const waiting = this.#waiting
    this.#waiting = []
    for (const wake of waiting) wake()
    return createMessageId({ host: this.host, port: this.port }, queue.length)
  }

  async #pull(call: Call<PullMessageRequest>): Promise<Reply<requests.PullMessageResponse>> {
    const { request } = call
    this.pulls.push(request)
    const refusal = this.onPull(call)
    if (refusal !== undefined) return refusal
    const { topic, queueId, queueOffset } = request
    if ((request.sysFlag & 1) !== 0) this.offsets.set(offsetKey(request), request.commitOffset)
    if (this.stored(topic, queueId).length === queueOffset)
      await this.#arrival(request.suspendTimeoutMillis)
    const queue = this.stored(topic, queueId)
    const found = queue.slice(queueOffset, queueOffset + request.maxMsgNums)
    const header = {
      suggestWhichBrokerId: 0,
      nextBeginOffset: queueOffset + found.length,
      minOffset: 0,
      maxOffset: queue.length,
      offsetDelta: undefined,
      topicSysFlag: undefined,
      groupSysFlag: undefined,
      forbiddenType: undefined,
    }
    if (queueOffset > queue.length) {
      const moved = { ...header, nextBeginOffset: queue.length }
      return reply(moved, { code: ResponseCode.PULL_OFFSET_MOVED, remark: 'moved' })
    }
    if (found.length === 0)
      return reply(header, { code: ResponseCode.PULL_NOT_FOUND, remark: 'none' })
    return reply(header, { body: found.map((message) => this.#record(message, request)) })
  }

  #arrival(timeoutMs: number): Promise<void> {
    return new Promise((resolve) => {
      const cancel = this.#cluster.world.timers.after(timeoutMs, resolve)
      this.#waiting.push(() => {
        cancel()
        resolve()
      })
    })
  }

  #record(
    { body, header, properties, offset }: StoredMessage,
    asked: PullMessageRequest,
  ): Uint8Array {
    const topic = Buffer.from(asked.topic)
    const text = Buffer.from(properties)
    const record = Buffer.alloc(storedRecordBytes(body.length, topic.length, text.length, 0, 1))
    const host = encodeHost({ host: this.host, port: this.port })
    writeStoredRecord(record, 0, {
      version: 1,
      bodyCrc: bodyCrc(body, 0, body.length),
      queueId: asked.queueId,
      flag: header.flag ?? 0,
      queueOffset: offset,
      physicalOffset: 1000 * asked.queueId + offset,
      sysFlag: header.sysFlag ?? 0,
      bornTimestampMs: header.bornTimestamp ?? 0,
      bornHost: host,
      storeTimestampMs: this.#cluster.world.clock.nowMs(),
      storeHost: host,
      reconsumeTimes: header.reconsumeTimes ?? 0,
      preparedTransactionOffset: 0,
      body,
      topic,
      properties: text,
    })
    return record
  }

  #heartbeat(call: Call<object>): Reply<requests.HeartBeatResponse> {
    const data = decodeHeartbeatData(call.body)
    this.heartbeats.push(data)
    for (const { groupName } of data.consumerDataSet) {
      const members = this.#group(groupName)
      const isNew = !members.has(data.clientID)
      members.set(data.clientID, call.connection)
      if (isNew) this.#notify(groupName)
    }
    return reply({ IS_SUPPORT_HEART_BEAT_V2: undefined, IS_SUB_CHANGE: undefined })
  }

  #notify(consumerGroup: string): void {
    for (const connection of this.#group(consumerGroup).values()) {
      connection?.oneway(requests.notifyConsumerIdsChanged, { consumerGroup })
    }
  }

  #group(group: string): Map<string, Connection> {
    const members = this.#members.get(group) ?? new Map<string, Connection>()
    this.#members.set(group, members)
    return members
  }
}

function offsetKey(request: { topic: string; consumerGroup: string; queueId: number }): string {
  return `${request.topic}@${request.consumerGroup}@${request.queueId}`
}
