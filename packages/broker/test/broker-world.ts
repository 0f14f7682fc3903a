// SPDX-License-Identifier: Apache-2.0
// A broker on one simulated machine and a client on another, in virtual time.
import {
  RemotingClient,
  type Connection,
  type Handler,
  type RequestOptions,
  type RequestType,
  type Response,
  type SerializeType,
} from '@rocketmq-ts/remoting'
import { encodeHeartbeatData, type ConsumerData } from '@rocketmq-ts/remoting/bodies'
import {
  decodeMessages,
  encodeProperties,
  tagHash,
  type MessageExt,
} from '@rocketmq-ts/remoting/message'
import {
  heartBeat,
  pullMessage,
  sendMessageV2,
  type PullMessageRequest,
  type PullMessageResponse,
  type SendMessageRequest,
  type SendMessageResponse,
} from '@rocketmq-ts/remoting/requests'
import type { Logger } from '@rocketmq-ts/runtime'
import { simulatedRuntime, type SimulatedRuntime } from '@rocketmq-ts/runtime/simulated'
import { Broker, parseBrokerConfig } from '../src/index.ts'

export const BROKER_IP = '10.0.0.1'
export const PORT = 10911
export const ADDRESS: string = `${BROKER_IP}:${PORT}`

/** What starts a world; properties are those of broker.conf. */
export interface WorldOptions {
  readonly seed?: number
  readonly properties?: Readonly<Record<string, string>>
  readonly logger?: Logger
  readonly serializeType?: SerializeType
  /** The broker's machine, when something else is in the world already. */
  readonly machine?: SimulatedRuntime
}

const defaults: Readonly<Record<string, string>> = {
  brokerName: 'broker-a',
  brokerIP1: BROKER_IP,
  listenPort: String(PORT),
  storePathRootDir: '/store',
  mappedFileSizeCommitLog: String(1024 * 1024),
  mappedFileSizeConsumeQueue: '6000',
}

/** One broker and as many clients as a test wants. All times are virtual. */
export class BrokerWorld {
  readonly #options: WorldOptions
  /** The machine the broker runs on; another process after a crash. */
  machine: SimulatedRuntime
  broker!: Broker
  readonly client: RemotingClient
  #clients = 0

  private constructor(options: WorldOptions) {
    this.#options = options
    this.machine = options.machine ?? simulatedRuntime({ seed: options.seed ?? 1, host: BROKER_IP })
    this.client = this.newClient()
  }

  static async start(options: WorldOptions = {}): Promise<BrokerWorld> {
    const world = new BrokerWorld(options)
    await world.startBroker()
    return world
  }

  async startBroker(more: Readonly<Record<string, string>> = {}): Promise<void> {
    const { properties, logger, serializeType } = this.#options
    const config = parseBrokerConfig({ ...defaults, ...properties, ...more })
    this.broker = await this.settle(
      Broker.start({
        runtime: this.machine,
        config,
        ...(logger === undefined ? {} : { logger }),
        ...(serializeType === undefined ? {} : { serializeType }),
      }),
    )
  }

  /** Stops in order and starts again. */
  async restart(more: Readonly<Record<string, string>> = {}): Promise<void> {
    await this.settle(this.broker.close())
    await this.startBroker(more)
  }

  /** Kills the process and starts another. */
  async killAndRestart(): Promise<void> {
    this.machine = this.machine.crash('process')
    await this.startBroker()
  }

  newClient(handlers: readonly Handler[] = []): RemotingClient {
    this.#clients += 1
    const runtime = this.machine.machine(`10.0.1.${this.#clients}`)
    return new RemotingClient({ runtime, handlers })
  }

  settle<T>(promise: Promise<T>): Promise<T> {
    return this.machine.settle(promise)
  }

  /** Lets virtual time pass. */
  advance(durationMs: number): Promise<void> {
    return this.machine.advance(durationMs)
  }

  call<Req, Res>(
    type: RequestType<Req, Res>,
    header: Req,
    options?: RequestOptions & { readonly port?: number },
  ): Promise<Response<Res>> {
    const address = `${BROKER_IP}:${options?.port ?? PORT}`
    return this.settle(this.client.request(address, type, header, options))
  }

  /** Code and remark of an answer. */
  async outcome<Req, Res>(
    type: RequestType<Req, Res>,
    header: Req,
    options?: RequestOptions & { readonly port?: number },
  ): Promise<readonly [code: number, remark: string]> {
    const { code, remark } = await this.call(type, header, options)
    return [code, remark ?? '']
  }

  send(what: SendWish = {}): Promise<Response<SendMessageResponse>> {
    const { body, properties, ...header } = what
    return this.call(
      sendMessageV2,
      { ...sendHeader, ...header, properties: encodeProperties(properties ?? {}) },
      { body: Buffer.from(body ?? 'hello') },
    )
  }

  pull(what: Partial<PullMessageRequest> = {}): Promise<Response<PullMessageResponse>> {
    return this.call(pullMessage, { ...pullHeader, ...what }, { timeoutMs: 60_000 })
  }

  /** Everything in a queue. */
  async messages(topic: string, queueId: number = 0): Promise<readonly MessageExt[]> {
    const found: MessageExt[] = []
    for (;;) {
      const answer = await this.pull({ topic, queueId, queueOffset: found.length })
      if (answer.code !== 0) return found
      found.push(...decodeMessages(Buffer.from(answer.body)))
    }
  }

  /** A consumer's heartbeat on a client's connection. */
  async heartbeat(
    client: RemotingClient,
    clientId: string,
    consumers: readonly Partial<ConsumerData>[],
    producers: readonly string[] = [],
  ): Promise<void> {
    const body = encodeHeartbeatData({
      clientID: clientId,
      consumerDataSet: consumers.map((data) => ({ ...consumerData, ...data })),
      heartbeatFingerprint: 0,
      producerDataSet: producers.map((groupName) => ({ groupName })),
      isWithoutSub: false,
    })
    await this.settle(client.request(ADDRESS, heartBeat, {}, { body }))
  }

  connectionOf(client: RemotingClient): Promise<Connection> {
    return this.settle(client.connection(ADDRESS))
  }
}

/** A send, with properties as a record. */
export type SendWish = Partial<Omit<SendMessageRequest, 'properties'>> & {
  readonly body?: string | Uint8Array
  readonly properties?: Readonly<Record<string, string>>
}

export const sendHeader: SendMessageRequest = {
  producerGroup: 'PG',
  topic: 'T',
  defaultTopic: 'TBW102',
  defaultTopicQueueNums: 4,
  queueId: 0,
  sysFlag: 0,
  bornTimestamp: 1_700_000_000_000,
  flag: 0,
  properties: undefined,
  reconsumeTimes: 0,
  unitMode: false,
  maxReconsumeTimes: undefined,
  batch: false,
  brokerName: undefined,
}

export const COMMIT = 1
export const SUSPEND = 2
export const SUBSCRIPTION = 4

export const pullHeader: PullMessageRequest = {
  consumerGroup: 'CG',
  topic: 'T',
  queueId: 0,
  queueOffset: 0,
  maxMsgNums: 32,
  sysFlag: SUBSCRIPTION,
  commitOffset: 0,
  suspendTimeoutMillis: 0,
  subscription: '*',
  subVersion: 0n,
  expressionType: 'TAG',
  maxMsgBytes: undefined,
  requestSource: undefined,
  proxyFrowardClientId: undefined,
  liteTopic: undefined,
}

const consumerData: ConsumerData = {
  consumeFromWhere: 'CONSUME_FROM_FIRST_OFFSET',
  consumeType: 'CONSUME_PASSIVELY',
  groupName: 'CG',
  messageModel: 'CLUSTERING',
  subscriptionDataSet: [],
  unitMode: false,
}

/** A tag subscription as a client announces it. */
export function subscribed(
  topic: string,
  expression: string = '*',
  subVersion: number = 1,
): ConsumerData['subscriptionDataSet'][number] {
  const tagsSet = expression === '*' ? [] : expression.split('||').map((tag) => tag.trim())
  return {
    classFilterMode: false,
    codeSet: tagsSet.map(tagHash),
    expressionType: 'TAG',
    subString: expression,
    subVersion,
    tagsSet,
    topic,
  }
}
