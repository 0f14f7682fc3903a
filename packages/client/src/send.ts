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
import { isolationLatencyMs, type FaultLatency } from './fault-latency.ts'
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
  readonly rules: SendRules
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

/**
 * Of the many sends of a busy producer most wait, so one is one object: what it is asked, how it stands, and how it
 * ends are fields and methods of it, not closures. Source: DefaultMQProducerImpl.sendDefaultImpl and sendKernelImpl.
 */
export abstract class Send {
  readonly #context: SendContext
  #order: SendOrder | undefined
  #attempt = 0
  #deadlineMs = 0
  #triedAtMs = 0
  #queue: MessageQueue | undefined
  #address = ''
  #brokersTried: string[] | undefined

  constructor(context: SendContext) {
    this.#context = context
  }

  /** It ended well; the result is undefined when it was oneway. This or `failed` is called exactly once. */
  protected abstract sent(result: SendResult | undefined): void
  protected abstract failed(error: unknown): void

  /** Begins; the time budget runs from here. */
  protected begin(order: SendOrder): void {
    this.#order = order
    this.#deadlineMs = this.#nowMs() + order.timeoutMs
    this.#try(order)
  }

  #try(order: SendOrder): void {
    const { routes } = this.#context.instance
    const { signal } = order
    const { topic } = order.message
    if (signal?.aborted === true) return this.failed(abortedError(topic, signal))
    const queues = routes.route(topic)?.publish.queues
    if (queues === undefined || queues.length === 0) return void this.#tryAfterRoute(order)
    const queue = this.#pick(order, queues)
    if (queue === undefined) return this.failed(noQueue(topic))
    this.#queue = queue
    const address = routes.masterAddress(queue.brokerName)
    if (address === undefined) return this.#failedTry(noMaster(queue))
    this.#address = address
    this.#transmit(order, queue)
  }

  async #tryAfterRoute(order: SendOrder): Promise<void> {
    const { instance, rules } = this.#context
    const { topic } = order.message
    try {
      const route = await instance.routes.routeToSend(topic, rules, { signal: order.signal })
      if (route.publish.queues.length === 0) throw noWritableQueue(topic)
    } catch (error) {
      return this.failed(error)
    }
    this.#try(order)
  }

  #pick(order: SendOrder, queues: readonly MessageQueue[]): MessageQueue | undefined {
    const { choose, rotation } = order
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

  #transmit(order: SendOrder, queue: MessageQueue): void {
    const { rules, instance } = this.#context
    const { message, signal } = order
    const nowMs = this.#nowMs()
    const leftMs = this.#deadlineMs - nowMs
    if (leftMs <= 0) return this.failed(this.#outOfTime(order, undefined))
    this.#triedAtMs = nowMs
    this.#attempt++
    const type = message.batch ? sendBatchMessage : sendMessageV2
    const { body } = message
    try {
      if (rules.hooks.length > 0) this.#runBefore()
      const header = headerOf(rules, message, queue, instance.runtime.clock.nowMs())
      if (order.oneway) {
        instance.remoting.oneway(this.#address, type, header, { body }).then(
          () => this.#succeeded(undefined),
          (error: unknown) => this.#failedTry(error),
        )
        return
      }
      const timeoutMs = Math.min(leftMs, rules.sendTimeoutPerTryMs)
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
    const order = this.#needOrder()
    const status = sendStatusOf(response.code)
    if (status === undefined) return this.#failedTry(refusalOf(response, this.#address))
    let result: SendResult
    try {
      result = sendResultOf(status, order.message.msgId, this.#needQueue(), response.header())
    } catch (error) {
      return this.failed(error)
    }
    if (status !== 'SEND_OK' && this.#context.rules.retryAnotherBrokerWhenNotStoreOk) {
      this.#noteTried()
      if (this.#mayTryAgain(order)) return this.#try(order)
    }
    this.#succeeded(result)
  }

  #succeeded(result: SendResult | undefined): void {
    const { rules, faults } = this.#context
    if (faults !== undefined) {
      const nowMs = this.#nowMs()
      faults.record(this.#needQueue().brokerName, nowMs - this.#triedAtMs, true, nowMs)
    }
    if (rules.hooks.length > 0) this.#runAfter(result, undefined)
    this.sent(result)
  }

  #failedTry(error: unknown): void {
    const order = this.#needOrder()
    const { rules, instance, faults } = this.#context
    const refused = RocketMQError.is(error) ? error.responseCode : undefined
    if (faults !== undefined) {
      const { brokerName } = this.#needQueue()
      faults.record(brokerName, isolationLatencyMs, refused !== undefined, this.#nowMs())
    }
    if (rules.hooks.length > 0 && this.#attempt > 0) this.#runAfter(undefined, error)
    this.#noteTried()
    if (!this.#isRetryable(error, refused)) return this.failed(this.#final(order, error))
    // Whatever went wrong, the route may have changed with it.
    instance.routes.refresh(order.message.topic).catch(() => {
      // The next try goes by the last route; the poll logs name servers that do not answer.
    })
    if (!this.#mayTryAgain(order)) return this.failed(this.#final(order, error))
    if (this.#nowMs() >= this.#deadlineMs) return this.failed(this.#outOfTime(order, error))
    this.#try(order)
  }

  #isRetryable(error: unknown, refused: number | undefined): boolean {
    if (!RocketMQError.is(error)) return false
    return refused === undefined
      ? error.retryable
      : this.#context.rules.retryResponseCodes.has(refused)
  }

  #noteTried(): void {
    this.#brokersTried ??= []
    this.#brokersTried.push(this.#needQueue().brokerName)
  }

  #mayTryAgain({ choose, oneway }: SendOrder): boolean {
    if (choose !== undefined || oneway) return false
    return (this.#brokersTried?.length ?? 0) <= this.#context.rules.retryTimesWhenSendFailed
  }

  /** The last error, told with how many tries it took. */
  #final({ message }: SendOrder, error: unknown): unknown {
    const tried = this.#brokersTried ?? []
    if (tried.length < 2 || !RocketMQError.is(error)) return error
    const { code, retryable, responseCode, remark, address } = error
    return new RocketMQError(
      code,
      `send to topic ${message.topic} failed after ${tried.length} tries on ${tried.join(', ')}: ${error.message}`,
      {
        cause: error,
        retryable,
        ...(responseCode === undefined ? {} : { responseCode }),
        ...(remark === undefined ? {} : { remark }),
        ...(address === undefined ? {} : { address }),
      },
    )
  }

  #outOfTime({ message, timeoutMs }: SendOrder, cause: unknown): RocketMQError {
    const tried =
      this.#brokersTried === undefined ? '' : ` after trying ${this.#brokersTried.join(', ')}`
    return new RocketMQError(
      'RMQ_TIMEOUT',
      `send to topic ${message.topic} did not finish in ${timeoutMs} ms${tried}`,
      { cause },
    )
  }

  #runBefore(): void {
    const attempt = this.#hookView()
    for (const hook of this.#context.rules.hooks) hook.before?.(attempt)
  }

  #runAfter(result: SendResult | undefined, error: unknown): void {
    const attempt = this.#hookView()
    for (const hook of this.#context.rules.hooks) hook.after?.(attempt, result, error)
  }

  #hookView(): SendTry {
    const { message } = this.#needOrder()
    return {
      group: this.#context.rules.group,
      topic: message.topic,
      msgId: message.msgId,
      queue: this.#needQueue(),
      brokerAddress: this.#address,
      attempt: this.#attempt,
      bodyBytes: message.body.length,
    }
  }

  #needOrder(): SendOrder {
    if (this.#order === undefined) throw new Error('a try comes after begin')
    return this.#order
  }

  #needQueue(): MessageQueue {
    if (this.#queue === undefined) throw new Error('a try has a queue')
    return this.#queue
  }

  #nowMs(): number {
    return this.#context.instance.runtime.clock.monotonicMs()
  }
}

/** The error of a send its caller gave up. */
export function abortedError(topic: string, signal: AbortSignal): RocketMQError {
  return new RocketMQError('RMQ_ABORTED', `send to topic ${topic} was aborted`, {
    cause: signal.reason,
  })
}

function headerOf(
  rules: SendRules,
  message: PreparedMessage,
  queue: MessageQueue,
  bornTimestamp: number,
): SendMessageRequest {
  return {
    producerGroup: rules.group,
    topic: message.topic,
    defaultTopic: rules.createTopicKey,
    defaultTopicQueueNums: rules.defaultTopicQueueNums,
    queueId: queue.queueId,
    sysFlag: message.sysFlag,
    bornTimestamp,
    flag: message.flag,
    properties: message.properties,
    reconsumeTimes: message.retry?.reconsumeTimes ?? 0,
    unitMode: false,
    maxReconsumeTimes: message.retry?.maxReconsumeTimes,
    batch: message.batch,
    brokerName: queue.brokerName,
  }
}

function noQueue(topic: string): RocketMQError {
  return new RocketMQError(
    'RMQ_INVALID_ARGUMENT',
    `the queue selector returned no queue of topic ${topic}`,
  )
}

function noWritableQueue(topic: string): RocketMQError {
  return new RocketMQError(
    'RMQ_NO_ROUTE',
    `topic ${topic} has no queue that may be written: its brokers are read-only or have no master`,
  )
}

function noMaster(queue: MessageQueue): RocketMQError {
  return new RocketMQError('RMQ_NO_ROUTE', `broker ${queue.brokerName} has no master that is known`)
}
