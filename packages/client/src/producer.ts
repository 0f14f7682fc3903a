// SPDX-License-Identifier: Apache-2.0
// Sends messages: one by one, without waiting for an answer, or several in one request.
import { RocketMQError } from '@rocketmq-ts/remoting'
import { UniqueKeys } from '@rocketmq-ts/remoting/message'
import { FaultLatency } from './fault-latency.ts'
import type { ClientInstance, ProducerMember } from './instance.ts'
import { joinInstance } from './instances.ts'
import {
  prepareBatch,
  prepareMessage,
  type OutgoingMessage,
  type PreparedMessage,
} from './message.ts'
import type { MessageQueue } from './message-queue.ts'
import {
  parseProducerOptions,
  type ProducerConfig,
  type ProducerOptions,
} from './producer-config.ts'
import { queueByShardingKey, QueueRotation, type QueueSelector } from './queue-selector.ts'
import type { SendResult } from './send-result.ts'
import { aborted, Send, type SendContext } from './send.ts'
import { SendWindow } from './send-window.ts'
import { invalid, whole } from './settings.ts'

/** How one send is done. */
export interface SendOptions {
  /** Ends the wait; the message may still be stored. */
  readonly signal?: AbortSignal
  /** Budget of this send with all its tries, instead of the producer's. */
  readonly timeoutMs?: number
  /** The queue to send to; no other is tried. */
  readonly queue?: MessageQueue
  /** Picks the queue; no other is tried. */
  readonly selector?: QueueSelector<OutgoingMessage>
  /** Picks the queue by this text's hash, as the message's own shardingKey does. */
  readonly shardingKey?: string
}

interface TopicInUse {
  readonly rotation: QueueRotation
  readonly unwatch: () => void
}

interface Joined {
  readonly instance: ClientInstance
  readonly context: SendContext
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
  #joined: Joined | undefined
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
    return this.#joined?.instance.clientId ?? ''
  }

  /**
   * Sends one message and gives what the broker answered. Tries other brokers where that can help.
   * @throws RMQ_MESSAGE_ILLEGAL, RMQ_INVALID_ARGUMENT before anything is sent
   * @throws RMQ_NO_ROUTE, RMQ_NO_NAME_SERVER when there is nowhere to send to
   * @throws RMQ_TIMEOUT, RMQ_CONNECT_FAILED, RMQ_CONNECTION_CLOSED, RMQ_REFUSED of the last try; the message may be stored
   * @throws RMQ_ABORTED, RMQ_CLOSED
   */
  send(message: OutgoingMessage, options: SendOptions = noOptions): Promise<SendResult> {
    return this.#sendMessage(message, options, false) as Promise<SendResult>
  }

  /** Sends without asking for an answer: settles when the message has been handed to the connection. One try. */
  async sendOneway(message: OutgoingMessage, options: SendOptions = noOptions): Promise<void> {
    await this.#sendMessage(message, options, true)
  }

  /**
   * Sends several messages of one topic in one request; they are stored one after another in one queue.
   * @throws as {@link send}; RMQ_MESSAGE_ILLEGAL also when the messages do not fit together
   */
  sendBatch(
    messages: readonly OutgoingMessage[],
    options: SendOptions = noOptions,
  ): Promise<SendResult> {
    let prepared: PreparedMessage
    try {
      this.#checkOptions(options)
      prepared = prepareBatch(messages, () => this.#uniqueKeys.next(), this.#config)
    } catch (error) {
      return Promise.reject(error)
    }
    const first = messages[0]
    const choose = first === undefined ? undefined : chooser(first, options)
    return this.#run(prepared, choose, options, false) as Promise<SendResult>
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
    const joined = this.#joined
    if (joined === undefined) return
    if (this.#window.inFlight > 0) {
      await new Promise<void>((resolve) => {
        this.#idle = resolve
      })
    }
    for (const { unwatch } of this.#topics.values()) unwatch()
    this.#topics.clear()
    await joined.instance.removeProducer(this.#member)
  }

  #join(): Joined {
    if (this.#closing !== undefined) {
      throw new RocketMQError('RMQ_CLOSED', `the producer of group ${this.group} is closed`)
    }
    if (this.#joined !== undefined) return this.#joined
    const instance = joinInstance(this.#config.client)
    instance.addProducer(this.#member)
    const faults = this.#config.sendLatencyEnable
      ? new FaultLatency(this.#config.latencyTable)
      : undefined
    this.#joined = { instance, context: { config: this.#config, instance, faults } }
    return this.#joined
  }

  #sendMessage(
    message: OutgoingMessage,
    options: SendOptions,
    oneway: boolean,
  ): Promise<SendResult | undefined> {
    let prepared: PreparedMessage
    try {
      this.#checkOptions(options)
      prepared = prepareMessage(message, this.#uniqueKeys.next(), this.#config)
    } catch (error) {
      return Promise.reject(error)
    }
    return this.#run(prepared, chooser(message, options), options, oneway)
  }

  #run(
    message: PreparedMessage,
    choose: ((queues: readonly MessageQueue[]) => MessageQueue | undefined) | undefined,
    options: SendOptions,
    oneway: boolean,
  ): Promise<SendResult | undefined> {
    return new Promise((resolve, reject) => {
      const { context } = this.#join()
      const { signal } = options
      const bytes = message.body.length
      const timeoutMs = options.timeoutMs ?? this.#config.sendTimeoutMs
      const { rotation } = this.#topic(message.topic)
      const stopListening = onAbort(signal, (fired) => reject(aborted(message.topic, fired)))
      const leave = (): void => {
        stopListening?.()
        this.#leave(bytes)
      }
      const order = { message, rotation, choose, timeoutMs, signal, oneway }
      const send = new Send(context, order, {
        sent: (result) => {
          resolve(result)
          leave()
        },
        failed: (error) => {
          reject(error)
          leave()
        },
      })
      this.#window.enter(bytes, () => send.start())
    })
  }

  #leave(bytes: number): void {
    this.#window.leave(bytes)
    if (this.#window.inFlight === 0) this.#idle?.()
  }

  #topic(topic: string): TopicInUse {
    let inUse = this.#topics.get(topic)
    if (inUse === undefined) {
      const { instance } = this.#join()
      inUse = {
        rotation: new QueueRotation(instance.runtime.random.below(1 << 16)),
        unwatch: instance.routes.watch(topic),
      }
      this.#topics.set(topic, inUse)
    }
    return inUse
  }

  #checkOptions(options: SendOptions): void {
    if (options.timeoutMs === undefined) return
    const wrong = wholeMs(options.timeoutMs)
    if (wrong !== undefined) throw invalid(`timeoutMs ${wrong}`)
  }
}

const noOptions: SendOptions = {}
const wholeMs = whole(1)

/** How the caller fixed the queue, or undefined when any will do. */
function chooser(
  message: OutgoingMessage,
  options: SendOptions,
): ((queues: readonly MessageQueue[]) => MessageQueue | undefined) | undefined {
  const { queue, selector } = options
  if (queue !== undefined) return () => queue
  if (selector !== undefined) return (queues) => selector(queues, message)
  const shardingKey = options.shardingKey ?? message.shardingKey
  if (shardingKey !== undefined) return (queues) => queueByShardingKey(queues, shardingKey)
  return undefined
}

/** Calls `run` when the signal fires; returns how to stop listening. */
function onAbort(
  signal: AbortSignal | undefined,
  run: (signal: AbortSignal) => void,
): (() => void) | undefined {
  if (signal === undefined) return undefined
  const listener = (): void => run(signal)
  signal.addEventListener('abort', listener, { once: true })
  return () => signal.removeEventListener('abort', listener)
}
