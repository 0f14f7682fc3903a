// SPDX-License-Identifier: Apache-2.0
// Returns a message that could not be consumed: by the broker that has it, else as a new message to the retry topic.
import { expectSuccess } from '@rocketmq-ts/remoting'
import { encodeProperties, MessageProperty } from '@rocketmq-ts/remoting/message'
import { consumerSendMsgBack } from '@rocketmq-ts/remoting/requests'
import type { Logger } from '@rocketmq-ts/runtime'
import type { ConsumedMessage } from './consumed-message.ts'
import type { ClientInstance } from './instance.ts'
import type { PreparedMessage } from './message.ts'
import { AUTO_CREATE_TOPIC, retryTopicOf } from './names.ts'
import { QueueRotation } from './queue-selector.ts'
import { Send, type SendRules } from './send.ts'

/** What sending back needs of its consumer. */
export interface SendBackOptions {
  readonly instance: ClientInstance
  readonly logger: Logger
  readonly group: string
  readonly maxReconsumeTimes: number
}

/** Source: DefaultMQPushConsumerImpl.sendMessageBack. */
export class SendBack {
  readonly #options: SendBackOptions
  readonly #rotation: QueueRotation

  constructor(options: SendBackOptions) {
    this.#options = options
    this.#rotation = new QueueRotation(options.instance.runtime.random.below(1 << 16))
  }

  /** Rejects when neither way worked. */
  async send(message: ConsumedMessage, delayLevel: number): Promise<void> {
    try {
      await this.#byBroker(message, delayLevel)
    } catch (err) {
      const { topic, msgId } = message
      this.#options.logger.warn({ topic, msgId, err }, 'the broker did not take the message back')
      await this.#asNewMessage(message)
    }
  }

  async #byBroker(message: ConsumedMessage, delayLevel: number): Promise<void> {
    const { instance, group, maxReconsumeTimes } = this.#options
    const { host, port } = message.storeHost
    const address = instance.routes.masterAddress(message.brokerName) ?? `${host}:${port}`
    const header = {
      offset: message.commitLogOffset,
      group,
      delayLevel,
      originMsgId: message.msgId,
      originTopic: message.topic,
      unitMode: false,
      maxReconsumeTimes,
    }
    const response = await instance.remoting.request(address, consumerSendMsgBack, header, {
      timeoutMs: sendBackTimeoutMs,
    })
    expectSuccess(response, address)
  }

  #asNewMessage(message: ConsumedMessage): Promise<void> {
    const { instance, group, maxReconsumeTimes } = this.#options
    const { TRAN_MSG: _, ...properties } = message.properties
    const text = encodeProperties({
      ...properties,
      [MessageProperty.ORIGIN_MESSAGE_ID]:
        properties[MessageProperty.ORIGIN_MESSAGE_ID] ?? message.msgId,
      [MessageProperty.RETRY_TOPIC]: message.topic,
      [MessageProperty.DELAY]: String(firstRetryDelayLevel + message.reconsumeTimes),
    })
    const topic = retryTopicOf(group)
    const prepared = {
      topic,
      body: message.body,
      properties: text,
      sysFlag: 0,
      flag: message.flag,
      msgId: message.msgId,
      batch: false,
      retry: { reconsumeTimes: message.reconsumeTimes + 1, maxReconsumeTimes },
    }
    const unwatch = instance.routes.watch(topic)
    return new Promise<void>((resolve, reject) => {
      new ReturningSend(instance, resolve, reject).start(prepared, this.#rotation)
    }).finally(unwatch)
  }
}

/** A send on the consumer's own behalf. */
class ReturningSend extends Send {
  readonly #resolve: () => void
  readonly #reject: (error: unknown) => void

  constructor(instance: ClientInstance, resolve: () => void, reject: (error: unknown) => void) {
    super({ rules: innerProducer, instance, faults: undefined })
    this.#resolve = resolve
    this.#reject = reject
  }

  start(message: PreparedMessage, rotation: QueueRotation): void {
    const timeoutMs = sendBackTimeoutMs
    this.begin({
      message,
      rotation,
      choose: undefined,
      timeoutMs,
      signal: undefined,
      oneway: false,
    })
  }

  protected override sent(): void {
    this.#resolve()
  }

  protected override failed(error: unknown): void {
    this.#reject(error)
  }
}

const sendBackTimeoutMs = 5000
const firstRetryDelayLevel = 3

/** How Java's clients send on their own behalf. */
const innerProducer: SendRules = {
  group: 'CLIENT_INNER_PRODUCER',
  createTopicKey: AUTO_CREATE_TOPIC,
  defaultTopicQueueNums: 4,
  sendTimeoutPerTryMs: Infinity,
  retryTimesWhenSendFailed: 2,
  retryResponseCodes: new Set([17, 14, 1, 2, 16, 204, 205, 1500]),
  retryAnotherBrokerWhenNotStoreOk: false,
  hooks: [],
}
