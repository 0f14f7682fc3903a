// SPDX-License-Identifier: Apache-2.0
// One send from its admission to its result: pick a queue, ask its broker, try another when that can help.
import { RocketMQError, type Response } from '@rocketmq-ts/remoting'
import {
  sendBatchMessage,
  sendMessageV2,
  type SendMessageRequest,
  type SendMessageResponse,
} from '@rocketmq-ts/remoting/requests'
import { refusalOf } from './answers.ts'
import type { FaultLatency } from './fault-latency.ts'
import { isolationLatencyMs } from './fault-latency.ts'
import type { ClientInstance } from './instance.ts'
import type { PreparedMessage } from './message.ts'
import type { MessageQueue } from './message-queue.ts'
import type { ProducerConfig } from './producer-config.ts'
import type { QueueRotation } from './queue-selector.ts'
import { sendResultOf, sendStatusOf, type SendResult } from './send-result.ts'

/** One try of a send, as hooks see it. */
export interface SendTry {
  readonly group: string
  readonly topic: string
  readonly msgId: string
  readonly queue: MessageQueue
  readonly brokerAddress: string
  /** 1 for the first try. */
  readonly attempt: number
  readonly bodyBytes: number
}

/** Looks at tries. A hook that throws fails the send. Source: SendMessageHook. */
export interface SendHook {
  before?(attempt: SendTry): void
  /** Exactly one of result and error is given. */
  after?(attempt: SendTry, result: SendResult | undefined, error: unknown): void
}

/** How sends are done. */
export type SendRules = Pick<
  ProducerConfig,
  | 'group'
  | 'createTopicKey'
  | 'defaultTopicQueueNums'
  | 'sendTimeoutPerTryMs'
  | 'retryTimesWhenSendFailed'
  | 'retryResponseCodes'
  | 'retryAnotherBrokerWhenNotStoreOk'
  | 'hooks'
>

/** What all sends of a producer share. */
export interface SendContext {
  readonly config: SendRules
  readonly instance: ClientInstance
  /** Present when slow brokers are to be avoided. */
  readonly faults: FaultLatency | undefined
}

/** What one send is asked to do. */
export interface SendOrder {
  readonly message: PreparedMessage
  readonly rotation: QueueRotation
  /** Picks the queue instead of the rotation; no other queue is tried then. */
  readonly choose: ((queues: readonly MessageQueue[]) => MessageQueue | undefined) | undefined
  readonly timeoutMs: number
  readonly signal: AbortSignal | undefined
  readonly oneway: boolean
}

/** How a send ends: with a result (undefined when oneway), or with an error. Called exactly once. */
export interface SendEnd {
  sent(result: SendResult | undefined): void
  failed(error: unknown): void
}

/** Source: DefaultMQProducerImpl.sendDefaultImpl and sendKernelImpl. */
export class Send {
  readonly #context: SendContext
  readonly #order: SendOrder
  readonly #end: SendEnd
  #attempt = 0
  #deadlineMs = 0
  #triedAtMs = 0
  #queue: MessageQueue | undefined
  #address = ''
  #brokersTried: string[] = []

  constructor(context: SendContext, order: SendOrder, end: SendEnd) {
    this.#context = context
    this.#order = order
    this.#end = end
  }

  /** Begins; the time budget runs from here. */
  start(): void {
    this.#deadlineMs = this.#nowMs() + this.#order.timeoutMs
    this.#try()
  }

  #try(): void {
    const { instance } = this.#context
    const { message, signal } = this.#order
    if (signal?.aborted === true) return this.#end.failed(aborted(message.topic, signal))
    const queues = instance.routes.route(message.topic)?.publish.queues
    if (queues === undefined || queues.length === 0) return void this.#tryAfterRoute()
    const queue = this.#pick(queues)
    if (queue === undefined) return this.#end.failed(noQueue(message.topic))
    this.#queue = queue
    const address = instance.routes.masterAddress(queue.brokerName)
    if (address === undefined) return this.#failedTry(noMaster(queue))
    this.#address = address
    this.#transmit()
  }

  async #tryAfterRoute(): Promise<void> {
    const { instance, config } = this.#context
    const { message, signal } = this.#order
    try {
      const route = await instance.routes.routeToSend(message.topic, config, { signal })
      if (route.publish.queues.length === 0) {
        throw new RocketMQError(
          'RMQ_NO_ROUTE',
          `topic ${message.topic} has no queue that may be written: its brokers are read-only or have no master`,
        )
      }
    } catch (error) {
      return this.#end.failed(error)
    }
    this.#try()
  }

  #pick(queues: readonly MessageQueue[]): MessageQueue | undefined {
    const { choose, rotation } = this.#order
    if (choose !== undefined) return choose(queues)
    const { faults } = this.#context
    const last = this.#queue?.brokerName
    if (faults === undefined) {
      if (last === undefined) return rotation.next(queues)
      return rotation.next(queues, (queue) => queue.brokerName !== last) ?? rotation.next(queues)
    }
    const nowMs = this.#nowMs()
    const other = (queue: MessageQueue): boolean => queue.brokerName !== last
    return (
      rotation.next(
        queues,
        (queue) => other(queue) && faults.isAvailable(queue.brokerName, nowMs),
      ) ??
      rotation.next(queues, (queue) => other(queue) && faults.isReachable(queue.brokerName)) ??
      rotation.next(queues)
    )
  }

  #transmit(): void {
    const { config, instance } = this.#context
    const { message, oneway, signal } = this.#order
    const nowMs = this.#nowMs()
    const leftMs = this.#deadlineMs - nowMs
    if (leftMs <= 0) return this.#end.failed(this.#outOfTime(undefined))
    this.#triedAtMs = nowMs
    this.#attempt++
    const type = message.batch ? sendBatchMessage : sendMessageV2
    const { body } = message
    try {
      if (config.hooks.length > 0) this.#runBefore()
      const header = this.#header()
      if (oneway) {
        instance.remoting.oneway(this.#address, type, header, { body }).then(
          () => this.#succeeded(undefined),
          (error: unknown) => this.#failedTry(error),
        )
        return
      }
      const timeoutMs = Math.min(leftMs, config.sendTimeoutPerTryMs)
      const options = signal === undefined ? { body, timeoutMs } : { body, timeoutMs, signal }
      instance.remoting.request(this.#address, type, header, options).then(
        (response) => this.#answered(response),
        (error: unknown) => this.#failedTry(error),
      )
    } catch (error) {
      this.#failedTry(error)
    }
  }

  #answered(response: Response<SendMessageResponse>): void {
    const status = sendStatusOf(response.code)
    if (status === undefined) return this.#failedTry(refusalOf(response, this.#address))
    let result: SendResult
    try {
      result = sendResultOf(
        status,
        this.#order.message.msgId,
        this.#requireQueue(),
        response.header(),
      )
    } catch (error) {
      return this.#end.failed(error)
    }
    const again = status !== 'SEND_OK' && this.#context.config.retryAnotherBrokerWhenNotStoreOk
    if (again && this.#mayTryAgain()) return this.#try()
    this.#succeeded(result)
  }

  #succeeded(result: SendResult | undefined): void {
    const { config, faults } = this.#context
    if (faults !== undefined) {
      const nowMs = this.#nowMs()
      faults.record(this.#requireQueue().brokerName, nowMs - this.#triedAtMs, true, nowMs)
    }
    if (config.hooks.length > 0) this.#runAfter(result, undefined)
    this.#end.sent(result)
  }

  #failedTry(error: unknown): void {
    const { config, instance, faults } = this.#context
    const queue = this.#requireQueue()
    const refused = RocketMQError.is(error) ? error.responseCode : undefined
    if (faults !== undefined) {
      faults.record(queue.brokerName, isolationLatencyMs, refused !== undefined, this.#nowMs())
    }
    if (config.hooks.length > 0 && this.#attempt > 0) this.#runAfter(undefined, error)
    this.#brokersTried.push(queue.brokerName)
    if (!this.#isRetryable(error, refused)) return this.#end.failed(this.#final(error))
    // Whatever went wrong, the route may have changed with it.
    instance.routes.refresh(this.#order.message.topic).catch(() => {
      // The next try goes by the last route; the poll logs name servers that do not answer.
    })
    if (!this.#mayTryAgain()) return this.#end.failed(this.#final(error))
    if (this.#nowMs() >= this.#deadlineMs) return this.#end.failed(this.#outOfTime(error))
    this.#try()
  }

  #isRetryable(error: unknown, refused: number | undefined): boolean {
    if (!RocketMQError.is(error)) return false
    return refused === undefined
      ? error.retryable
      : this.#context.config.retryResponseCodes.has(refused)
  }

  #mayTryAgain(): boolean {
    const { choose, oneway } = this.#order
    if (choose !== undefined || oneway) return false
    return this.#brokersTried.length <= this.#context.config.retryTimesWhenSendFailed
  }

  /** The last error, told with how many tries it took. */
  #final(error: unknown): unknown {
    if (this.#brokersTried.length < 2 || !RocketMQError.is(error)) return error
    return new RocketMQError(
      error.code,
      `send to topic ${this.#order.message.topic} failed after ${this.#brokersTried.length} tries on ${this.#brokersTried.join(', ')}: ${error.message}`,
      {
        cause: error,
        retryable: error.retryable,
        ...(error.responseCode === undefined ? {} : { responseCode: error.responseCode }),
        ...(error.remark === undefined ? {} : { remark: error.remark }),
        ...(error.address === undefined ? {} : { address: error.address }),
      },
    )
  }

  #outOfTime(cause: unknown): RocketMQError {
    const { message, timeoutMs } = this.#order
    const tried =
      this.#brokersTried.length === 0 ? '' : ` after trying ${this.#brokersTried.join(', ')}`
    return new RocketMQError(
      'RMQ_TIMEOUT',
      `send to topic ${message.topic} did not finish in ${timeoutMs} ms${tried}`,
      { cause },
    )
  }

  #header(): SendMessageRequest {
    const { config } = this.#context
    const { message } = this.#order
    const queue = this.#requireQueue()
    return {
      producerGroup: config.group,
      topic: message.topic,
      defaultTopic: config.createTopicKey,
      defaultTopicQueueNums: config.defaultTopicQueueNums,
      queueId: queue.queueId,
      sysFlag: message.sysFlag,
      bornTimestamp: this.#context.instance.runtime.clock.nowMs(),
      flag: message.flag,
      properties: message.properties,
      reconsumeTimes: message.retry?.reconsumeTimes ?? 0,
      unitMode: false,
      maxReconsumeTimes: message.retry?.maxReconsumeTimes,
      batch: message.batch,
      brokerName: queue.brokerName,
    }
  }

  #runBefore(): void {
    const attempt = this.#hookView()
    for (const hook of this.#context.config.hooks) hook.before?.(attempt)
  }

  #runAfter(result: SendResult | undefined, error: unknown): void {
    const attempt = this.#hookView()
    for (const hook of this.#context.config.hooks) hook.after?.(attempt, result, error)
  }

  #hookView(): SendTry {
    return {
      group: this.#context.config.group,
      topic: this.#order.message.topic,
      msgId: this.#order.message.msgId,
      queue: this.#requireQueue(),
      brokerAddress: this.#address,
      attempt: this.#attempt,
      bodyBytes: this.#order.message.body.length,
    }
  }

  #requireQueue(): MessageQueue {
    if (this.#queue === undefined) throw new Error('a try has a queue')
    return this.#queue
  }

  #nowMs(): number {
    return this.#context.instance.runtime.clock.monotonicMs()
  }
}

/** The error of a send its caller gave up. */
export function aborted(topic: string, signal: AbortSignal): RocketMQError {
  return new RocketMQError('RMQ_ABORTED', `send to topic ${topic} was aborted`, {
    cause: signal.reason,
  })
}

function noQueue(topic: string): RocketMQError {
  return new RocketMQError(
    'RMQ_INVALID_ARGUMENT',
    `the queue selector returned no queue of topic ${topic}`,
  )
}

function noMaster(queue: MessageQueue): RocketMQError {
  return new RocketMQError('RMQ_NO_ROUTE', `broker ${queue.brokerName} has no master that is known`)
}
