// SPDX-License-Identifier: Apache-2.0
// Sends messages: one by one, without waiting for an answer, or several in one request.
import { RocketMQError } from '@rocketmq-ts/remoting'
import { UniqueKeys } from '@rocketmq-ts/remoting/message'
import { FaultLatency } from './fault-latency.ts'
import type { ClientInstance, ProducerMember } from './instance.ts'
import { joinInstance } from './instances.ts'
import { prepareBatch, prepareMessage, type OutgoingMessage } from './message.ts'
import type { MessageQueue } from './message-queue.ts'
import {
  parseProducerOptions,
  type ProducerConfig,
  type ProducerOptions,
} from './producer-config.ts'
import {
  isBatch,
  ProducerSend,
  type ProducerSendContext,
  type SendOptions,
} from './producer-send.ts'
import { QueueRotation } from './queue-selector.ts'
import type { SendResult } from './send-result.ts'
import { SendWindow } from './send-window.ts'
import { invalid, whole } from './settings.ts'

interface TopicInUse {
  readonly rotation: QueueRotation
  readonly unwatch: () => void
}

/**
 * A producer of one group. Sends may be made at once without waiting for each other: they share one connection
 * per broker and leave together.
 *
 * @example
 * await using producer = await Producer.start({ namesrvAddr: 'localhost:9876', group: 'orders' })
 * const { msgId } = await producer.send({ topic: 'Orders', body: 'hello', tags: 'new' })
 */
export class Producer implements AsyncDisposable {
  readonly #config: ProducerConfig
  readonly #member: ProducerMember
  readonly #uniqueKeys: UniqueKeys
  readonly #window: SendWindow
  readonly #topics = new Map<string, TopicInUse>()
  #context: ProducerSendContext | undefined
  #closing: Promise<void> | undefined
  #idle: (() => void) | undefined

  /** Checks the settings; nothing is connected yet. @throws RMQ_INVALID_ARGUMENT */
  constructor(options: ProducerOptions) {
    this.#config = parseProducerOptions(options)
    this.#member = { group: this.#config.group }
    this.#uniqueKeys = new UniqueKeys(this.#config.client.runtime)
    this.#window = new SendWindow(this.#config.maxInFlight, this.#config.maxInFlightBytes)
  }

  /** A producer that is ready to send. @throws RMQ_INVALID_ARGUMENT */
  static async start(options: ProducerOptions): Promise<Producer> {
    const producer = new Producer(options)
    await producer.start()
    return producer
  }

  /**
   * Joins the client instance. Servers are first spoken to by the first send, so that starting does not depend on them.
   * @throws RMQ_CLOSED
   */
  async start(): Promise<void> {
    this.#join()
  }

  get group(): string {
    return this.#config.group
  }

  /** `ip@instance`: how brokers know this client; empty before the start. */
  get clientId(): string {
    return this.#context?.instance.clientId ?? ''
  }

  /**
   * Sends one message and gives what the broker answered. Tries other brokers where that can help.
   * @throws RMQ_MESSAGE_ILLEGAL, RMQ_INVALID_ARGUMENT before anything is sent
   * @throws RMQ_NO_ROUTE, RMQ_NO_NAME_SERVER when there is nowhere to send to
   * @throws RMQ_TIMEOUT, RMQ_CONNECT_FAILED, RMQ_CONNECTION_CLOSED, RMQ_REFUSED of the last try; the message may be stored
   * @throws RMQ_ABORTED, RMQ_CLOSED
   */
  send(message: OutgoingMessage, options: SendOptions = noOptions): Promise<SendResult> {
    return this.#run(message, options, false) as Promise<SendResult>
  }

  /** Sends without asking for an answer: settles when the message has been handed to the connection. One try. */
  async sendOneway(message: OutgoingMessage, options: SendOptions = noOptions): Promise<void> {
    await this.#run(message, options, true)
  }

  /**
   * Sends several messages of one topic in one request; they are stored one after another in one queue.
   * @throws as {@link send}; RMQ_MESSAGE_ILLEGAL also when the messages do not fit together
   */
  sendBatch(
    messages: readonly OutgoingMessage[],
    options: SendOptions = noOptions,
  ): Promise<SendResult> {
    return this.#run(messages, options, false) as Promise<SendResult>
  }

  /** The queues a message of the topic may go to. @throws RMQ_NO_ROUTE, RMQ_NO_NAME_SERVER */
  async fetchPublishMessageQueues(topic: string): Promise<readonly MessageQueue[]> {
    const { instance } = this.#join()
    this.#topic(topic)
    return (await instance.routes.routeOrFetch(topic)).publish.queues
  }

  /**
   * Refuses new sends, waits for those under way (each ends within its own budget), signs off and,
   * when nobody else uses them, closes the connections.
   */
  close(): Promise<void> {
    this.#closing ??= this.#close()
    return this.#closing
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close()
  }

  async #close(): Promise<void> {
    const context = this.#context
    if (context === undefined) return
    if (this.#window.inFlight > 0) {
      await new Promise<void>((resolve) => {
        this.#idle = resolve
      })
    }
    for (const { unwatch } of this.#topics.values()) unwatch()
    this.#topics.clear()
    await context.instance.removeProducer(this.#member)
  }

  #join(): ProducerSendContext {
    if (this.#closing !== undefined) {
      throw new RocketMQError('RMQ_CLOSED', `the producer of group ${this.group} is closed`)
    }
    return (this.#context ??= this.#newContext())
  }

  #newContext(): ProducerSendContext {
    const config = this.#config
    const instance = joinInstance(config.client)
    instance.addProducer(this.#member)
    const nextId = (): string => this.#uniqueKeys.next()
    return {
      rules: config,
      instance,
      faults: config.sendLatencyEnable ? new FaultLatency(config.latencyTable) : undefined,
      window: this.#window,
      sendTimeoutMs: config.sendTimeoutMs,
      prepare: (messages) =>
        isBatch(messages)
          ? prepareBatch(messages, nextId, config)
          : prepareMessage(messages, nextId(), config),
      rotation: (topic) => this.#topic(topic).rotation,
      left: () => {
        if (this.#window.inFlight === 0) this.#idle?.()
      },
    }
  }

  #run(
    messages: OutgoingMessage | readonly OutgoingMessage[],
    options: SendOptions,
    oneway: boolean,
  ): Promise<SendResult | undefined> {
    return new Promise((resolve, reject) => {
      checkOptions(options)
      const context = this.#join()
      const asked = { messages, options, oneway }
      this.#window.enter(new ProducerSend(context, asked, resolve, reject))
    })
  }

  #topic(topic: string): TopicInUse {
    let inUse = this.#topics.get(topic)
    if (inUse === undefined) {
      const instance = this.#instance()
      inUse = {
        rotation: new QueueRotation(instance.runtime.random.below(1 << 16)),
        unwatch: instance.routes.watch(topic),
      }
      this.#topics.set(topic, inUse)
    }
    return inUse
  }

  #instance(): ClientInstance {
    return (this.#context ?? this.#join()).instance
  }
}

const noOptions: SendOptions = {}
const wholeMs = whole(1)

function checkOptions(options: SendOptions): void {
  if (options.timeoutMs === undefined) return
  const wrong = wholeMs(options.timeoutMs)
  if (wrong !== undefined) throw invalid(`timeoutMs ${wrong}`)
}
