// SPDX-License-Identifier: Apache-2.0
// Receives the messages of a group's topics and hands them to a handler or to an async loop.
import { RocketMQError } from '@rocketmq-ts/remoting'
import type { SubscriptionData } from '@rocketmq-ts/remoting/bodies'
import type { Logger } from '@rocketmq-ts/runtime'
import type { ConsumedMessage } from './consumed-message.ts'
import type { MessageHandler } from './consume-outcome.ts'
import type { HeldMessage } from './consumption.ts'
import {
  checkSubscription,
  parsePushConsumerOptions,
  type PushConsumerConfig,
  type PushConsumerOptions,
} from './consumer-config.ts'
import { joinInstance } from './instances.ts'
import type { MessageQueue } from './message-queue.ts'
import { retryTopicOf } from './names.ts'
import { RunningConsumer } from './running-consumer.ts'
import { SUB_ALL, tagSubscription } from './subscription.ts'

/**
 * A member of a consumer group that is given messages as they arrive: at least once, and again later when
 * consuming one fails.
 *
 * With a handler, up to `concurrency` messages are at work at once:
 * @example
 * await using consumer = new PushConsumer({ namesrvAddr: 'localhost:9876', group: 'billing', subscriptions: { Orders: '*' } })
 * await consumer.start(async (message) => { await bill(message.body.toString()) })
 *
 * As an async loop, one message at a time per loop; asking for the next acknowledges the one before. A loop left
 * by `break` or by an error does not acknowledge its last message, which then goes to the next loop or, after
 * close, to another member:
 * @example
 * for await (const message of consumer) await bill(message.body.toString())
 */
export class PushConsumer implements AsyncDisposable, AsyncIterable<ConsumedMessage> {
  readonly #config: PushConsumerConfig
  readonly #subscriptions = new Map<string, SubscriptionData>()
  #logger: Logger
  #running: RunningConsumer | undefined
  #starting: Promise<RunningConsumer> | undefined
  #handled = false
  #closing: Promise<void> | undefined

  /** Checks the settings; nothing is connected yet. @throws RMQ_INVALID_ARGUMENT */
  constructor(options: PushConsumerOptions) {
    this.#config = parsePushConsumerOptions(options)
    this.#logger = this.#config.client.logger.child({ group: this.#config.group })
    this.#put(retryTopicOf(this.#config.group), SUB_ALL)
    for (const [topic, expression] of this.#config.subscriptions) this.#put(topic, expression)
  }

  get group(): string {
    return this.#config.group
  }

  /** `ip@instance`: how brokers know this client; empty before the start. */
  get clientId(): string {
    return this.#running?.instance.clientId ?? ''
  }

  /** The queues this member reads at the moment. */
  get assignedQueues(): readonly MessageQueue[] {
    return this.#running?.assignment.queues ?? []
  }

  /**
   * Joins the group and begins to consume; resolves after the first rebalance.
   * @throws RMQ_NO_NAME_SERVER when none can be reached; a topic without route is waited for instead
   * @throws RMQ_INVALID_ARGUMENT, RMQ_CLOSED
   */
  async start(handler: MessageHandler): Promise<void> {
    if (typeof handler !== 'function')
      throw invalidUse('start needs a function that handles messages')
    if (this.#handled || this.#starting !== undefined) {
      throw invalidUse(`the consumer of group ${this.group} is already consuming`)
    }
    this.#handled = true
    try {
      const { consumption } = await this.#run()
      consumption.handleWith(handler)
    } catch (error) {
      this.#handled = false
      throw error
    }
  }

  /** Adds a topic or changes its tag expression: `*`, or tags joined by `||`. */
  async subscribe(topic: string, expression: string = SUB_ALL): Promise<void> {
    checkSubscription(topic, expression)
    this.#checkOpen()
    this.#put(topic, expression)
    const running = this.#running
    if (running === undefined) return
    running.watch(topic)
    await running.instance.heartbeatNow()
    await running.rebalance.now()
  }

  /** Gives the topic's queues away. */
  async unsubscribe(topic: string): Promise<void> {
    this.#subscriptions.delete(topic)
    const running = this.#running
    if (running === undefined) return
    running.unwatch(topic)
    await running.assignment.unassign(topic)
    await running.instance.heartbeatNow()
  }

  /** Stops pulling; messages that are here already are still consumed. */
  suspend(): void {
    this.#running?.assignment.suspend()
  }

  /** Goes on after {@link suspend}. */
  resume(): void {
    this.#running?.assignment.resume()
  }

  /**
   * Has a message delivered once more: after a delay level, by default one that grows with each try; −1 puts it into
   * the dead letter queue. For async loops, where there is no handler to say `later`.
   */
  async sendMessageBack(message: ConsumedMessage, delayLevel: number = 0): Promise<void> {
    const running = await this.#run()
    await running.sendBack.send(message, delayLevel)
  }

  /** Consumes in an async loop; begins at the first `next`. Several loops share the messages. */
  [Symbol.asyncIterator](): AsyncIterator<ConsumedMessage, undefined> {
    let current: HeldMessage | undefined
    let ended = false
    let last: Promise<unknown> = Promise.resolve()
    const step = async (): Promise<IteratorResult<ConsumedMessage, undefined>> => {
      if (this.#handled)
        throw invalidUse(`the consumer of group ${this.group} has a handler already`)
      if (ended) return { done: true, value: undefined }
      const { consumption } = await this.#run()
      if (current !== undefined) consumption.settle(current, 'consumed')
      current = await consumption.take()
      if (current === undefined) return { done: true, value: undefined }
      return { done: false, value: current.message }
    }
    return {
      // One after another, also when the caller does not wait: each acknowledges the one before.
      next: () => {
        const next = last.then(step, step)
        last = next
        return next
      },
      return: async () => {
        ended = true
        if (current !== undefined) this.#running?.consumption.giveBack(current)
        current = undefined
        return { done: true, value: undefined }
      },
    }
  }

  /**
   * Pulls nothing more, waits for handlers at work up to `drainTimeoutMs`, stores the offsets, signs off and,
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
    // A start that fails has cleaned up after itself and told its caller.
    const running = await this.#starting?.catch(() => undefined)
    await running?.close()
  }

  async #run(): Promise<RunningConsumer> {
    this.#checkOpen()
    if (this.#running !== undefined) return this.#running
    this.#starting ??= this.#startUp()
    try {
      return await this.#starting
    } catch (error) {
      this.#starting = undefined
      throw error
    }
  }

  async #startUp(): Promise<RunningConsumer> {
    const instance = joinInstance(this.#config.client, this.group)
    const running = new RunningConsumer(instance, this.#config, this.#subscriptions, this.#logger)
    instance.addConsumer(running)
    try {
      await running.start()
    } catch (error) {
      await running.close()
      throw error
    }
    this.#running = running
    return running
  }

  #put(topic: string, expression: string): void {
    const version = this.#config.client.runtime.clock.nowMs()
    this.#subscriptions.set(topic, tagSubscription(topic, expression, version))
  }

  #checkOpen(): void {
    if (this.#closing !== undefined) {
      throw new RocketMQError('RMQ_CLOSED', `the consumer of group ${this.group} is closed`)
    }
  }
}

function invalidUse(message: string): RocketMQError {
  return new RocketMQError('RMQ_INVALID_ARGUMENT', message)
}
