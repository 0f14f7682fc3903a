// SPDX-License-Identifier: Apache-2.0
// Keeps one pull of one queue waiting at its broker, as long as there is room for what it brings.
import { ResponseCode, RocketMQError } from '@rocketmq-ts/remoting'
import type { SubscriptionData } from '@rocketmq-ts/remoting/bodies'
import { pullMessage } from '@rocketmq-ts/remoting/requests'
import type { Logger } from '@rocketmq-ts/runtime'
import type { ConsumedMessage } from './consumed-message.ts'
import { consumedMessageOf } from './consumed-message.ts'
import type { HeldMessage } from './consumption.ts'
import type { PushConsumerConfig } from './consumer-config.ts'
import type { ClientInstance } from './instance.ts'
import { advance, type QueueOffset } from './offset-store.ts'
import type { ProcessQueue } from './process-queue.ts'
import { pulledOf, pullHeaderOf, type Pulled } from './pull.ts'
import { MASTER_ID } from './route-queues.ts'
import { matchesTag } from './subscription.ts'

/** What a puller needs of its consumer. */
export interface PullerOptions {
  readonly instance: ClientInstance
  readonly config: PushConsumerConfig
  readonly logger: Logger
  readonly held: ProcessQueue<ConsumedMessage>
  readonly stored: QueueOffset
  readonly nextOffset: number
  /** The subscription of this moment; undefined when the topic was unsubscribed. */
  readonly subscription: () => SubscriptionData | undefined
  readonly arrived: (batch: readonly HeldMessage[]) => void
  /** The broker says the offset is not one of the queue's: the queue is to be taken up anew at `offset`. */
  readonly offsetMoved: (offset: number) => void
}

/** Source: PullMessageService and DefaultMQPushConsumerImpl.pullMessage. */
export class QueuePuller {
  readonly #options: PullerOptions
  readonly #abort = new AbortController()
  #nextOffset: number
  #brokerId: number = MASTER_ID
  #wake: (() => void) | undefined
  #waitsForRoom = false
  #suspended = false

  constructor(options: PullerOptions) {
    this.#options = options
    this.#nextOffset = options.nextOffset
  }

  /** Pulls until stopped. Never rejects. */
  async run(): Promise<void> {
    while (!this.#stopped) {
      if (this.#mustWait()) {
        this.#waitsForRoom = true
        // Still alive, only full: not to be taken for a puller that was lost.
        this.#options.held.lastPullMs = this.#nowMs()
        await this.#pause(fullCheckMs)
        continue
      }
      try {
        await this.#pullOnce()
      } catch (error) {
        if (this.#stopped) return
        await this.#pause(this.#delayAfter(error))
      }
    }
  }

  /** A message of the queue was finished: there may be room again. */
  roomMade(): void {
    if (this.#waitsForRoom && !this.#mustWait()) this.#wake?.()
  }

  suspend(): void {
    this.#suspended = true
  }

  resume(): void {
    this.#suspended = false
    this.roomMade()
  }

  /** Gives up the pull that is waiting; what it would bring stays at the broker. */
  stop(): void {
    this.#abort.abort()
    this.#wake?.()
  }

  get #stopped(): boolean {
    return this.#abort.signal.aborted || this.#options.held.dropped
  }

  #mustWait(): boolean {
    return (
      this.#suspended ||
      this.#options.held.fullBecauseOf(this.#options.config.holdLimits) !== undefined
    )
  }

  async #pullOnce(): Promise<void> {
    const { instance, config, held, stored } = this.#options
    const subscription = this.#options.subscription()
    if (subscription === undefined) return this.stop()
    const { address, isMaster } = await this.#broker()
    held.lastPullMs = this.#nowMs()
    const header = pullHeaderOf({
      consumerGroup: config.group,
      queue: held.queue,
      queueOffset: this.#nextOffset,
      maxMessages: config.pullBatchSize,
      maxBytes: config.pullBatchBytes,
      commitOffset: isMaster ? stored.offset : -1,
      suspendMs: config.brokerSuspendMaxMs,
      subscription,
    })
    const response = await instance.remoting.request(address, pullMessage, header, {
      timeoutMs: config.pullTimeoutMs,
      signal: this.#abort.signal,
    })
    if (this.#stopped) return
    this.#took(pulledOf(response, address), subscription)
  }

  async #broker(): Promise<{ readonly address: string; readonly isMaster: boolean }> {
    const { instance, held } = this.#options
    const { brokerName, topic } = held.queue
    const known = instance.routes.addressToRead(brokerName, this.#brokerId)
    if (known !== undefined) return known
    await instance.routes.refresh(topic)
    const found = instance.routes.addressToRead(brokerName, this.#brokerId)
    if (found !== undefined) return found
    throw new RocketMQError(
      'RMQ_NO_ROUTE',
      `no name server knows an address of broker ${brokerName}`,
    )
  }

  #took(pulled: Pulled, subscription: SubscriptionData): void {
    const { held, stored, arrived, offsetMoved, logger } = this.#options
    this.#brokerId = pulled.suggestedBrokerId
    switch (pulled.status) {
      case 'FOUND': {
        this.#nextOffset = pulled.nextOffset
        const batch: HeldMessage[] = []
        for (const message of pulled.messages) {
          if (!matchesTag(subscription, message.properties['TAGS'])) continue
          batch.push(
            held.hold(
              message.queueOffset,
              consumedMessageOf(message, held.queue),
              message.body.length,
            ),
          )
        }
        if (batch.length > 0) arrived(batch)
        return
      }
      case 'NO_NEW_MESSAGE':
      case 'NO_MATCHED_MESSAGE':
        this.#nextOffset = pulled.nextOffset
        // Nothing before this offset is for us, so it may be committed although no message was consumed.
        if (held.messageCount === 0) advance(stored, pulled.nextOffset)
        return
      case 'OFFSET_ILLEGAL':
        logger.warn(
          { queue: held.queue, asked: this.#nextOffset, given: pulled.nextOffset },
          'the broker moved the offset',
        )
        this.stop()
        offsetMoved(pulled.nextOffset)
    }
  }

  #delayAfter(error: unknown): number {
    const { instance, held, logger } = this.#options
    const code = RocketMQError.is(error) ? error.responseCode : undefined
    if (code === ResponseCode.SYSTEM_BUSY || code === ResponseCode.FLOW_CONTROL) return busyDelayMs
    logger.warn({ queue: held.queue, err: error }, 'pull failed')
    if (
      code === ResponseCode.SUBSCRIPTION_NOT_EXIST ||
      code === ResponseCode.SUBSCRIPTION_NOT_LATEST
    ) {
      // The broker lost us, by a restart perhaps: it must hear of the subscription before the next pull.
      void instance.heartbeatNow()
    } else if (code === undefined) {
      instance.routes.refresh(held.queue.topic).catch(() => {
        // The pull is tried again by the last route; the poll logs name servers that do not answer.
      })
    }
    return errorDelayMs
  }

  /** Waits, or less when woken or stopped. */
  #pause(delayMs: number): Promise<void> {
    return new Promise((resolve) => {
      const cancel = this.#options.instance.runtime.timers.after(delayMs, () => this.#wake?.())
      this.#wake = () => {
        cancel()
        this.#wake = undefined
        this.#waitsForRoom = false
        resolve()
      }
      if (this.#stopped) this.#wake()
    })
  }

  #nowMs(): number {
    return this.#options.instance.runtime.clock.monotonicMs()
  }
}

// Java looks again every 50 ms; here finishing a message wakes the puller, and this is only a net below it.
const fullCheckMs = 1000
const busyDelayMs = 20
const errorDelayMs = 1000
