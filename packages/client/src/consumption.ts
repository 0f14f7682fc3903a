// SPDX-License-Identifier: Apache-2.0
// Hands messages to handlers, several at a time, or to iterators, one at a time each.
import type { Clock, Logger } from '@rocketmq-ts/runtime'
import {
  delayLevelOf,
  type ConsumeContext,
  type ConsumeOutcome,
  type MessageHandler,
} from './consume-outcome.ts'
import type { ConsumedMessage } from './consumed-message.ts'
import type { MessageQueue } from './message-queue.ts'
import type { Held } from './process-queue.ts'
import { Ring } from './ring.ts'

/** A message between its pull and the end of its consumption. */
export type HeldMessage = Held<ConsumedMessage>

/** What happens to a message whose handler has ended. */
export interface Settling {
  /** Consumed: the offset may move on. */
  consumed(held: HeldMessage): void
  /** To be tried again; the slot of the handler is free already. */
  later(held: HeldMessage, delayLevel: number): void
}

/** What a consumption needs. */
export interface ConsumptionOptions {
  readonly clock: Clock
  readonly logger: Logger
  readonly concurrency: number
  readonly settling: Settling
}

/** Source: ConsumeMessageConcurrentlyService. */
export class Consumption {
  readonly #options: ConsumptionOptions
  readonly #ready = new Ring<HeldMessage>()
  readonly #working = new Map<HeldMessage, WorkContext>()
  #handler: MessageHandler | undefined
  #iterators = new Ring<(held: HeldMessage | undefined) => void>()
  #active = 0
  #stopped = false
  #idle: (() => void) | undefined

  constructor(options: ConsumptionOptions) {
    this.#options = options
  }

  /** Messages handed out and not settled yet. */
  get active(): number {
    return this.#active
  }

  /** From now on messages go to the handler. */
  handleWith(handler: MessageHandler): void {
    this.#handler = handler
    this.#dispatch()
  }

  /** Takes in messages that were pulled. */
  submit(batch: readonly HeldMessage[]): void {
    for (const held of batch) this.#ready.push(held)
    this.#dispatch()
  }

  /** The next message for an iterator, or undefined once consumption has stopped. */
  take(): Promise<HeldMessage | undefined> {
    return new Promise((resolve) => {
      if (this.#stopped) return resolve(undefined)
      this.#iterators.push(resolve)
      this.#dispatch()
    })
  }

  /** An iterator is done with its message. */
  settle(held: HeldMessage, outcome: ConsumeOutcome): void {
    this.#ended(held)
    this.#settle(held, outcome)
    this.#dispatch()
  }

  /** An iterator ended in the middle of a message: another one gets it. */
  giveBack(held: HeldMessage): void {
    this.#ended(held)
    held.startedMs = undefined
    if (!this.#stopped && isWanted(held)) this.#ready.push(held)
    this.#dispatch()
  }

  /** Tells the handlers whose result no longer counts. */
  abort(concerns: (held: HeldMessage) => boolean, reason: string): void {
    for (const [held, context] of this.#working) if (concerns(held)) context.abort(reason)
  }

  /** Hands out nothing more; resolves when the handlers at work have ended. */
  stop(): Promise<void> {
    this.#stopped = true
    this.#ready.clear()
    for (let waiting = this.#iterators.shift(); waiting; waiting = this.#iterators.shift()) {
      waiting(undefined)
    }
    if (this.#active === 0) return Promise.resolve()
    return new Promise((resolve) => {
      this.#idle = resolve
    })
  }

  #dispatch(): void {
    const handler = this.#handler
    if (handler !== undefined) {
      while (this.#active < this.#options.concurrency) {
        const held = this.#next()
        if (held === undefined) return
        this.#run(handler, held)
      }
      return
    }
    while (this.#iterators.length > 0) {
      const held = this.#next()
      if (held === undefined) return
      this.#begun(held)
      this.#iterators.shift()?.(held)
    }
  }

  #next(): HeldMessage | undefined {
    for (let held = this.#ready.shift(); held !== undefined; held = this.#ready.shift()) {
      if (isWanted(held)) return held
    }
    return undefined
  }

  #run(handler: MessageHandler, held: HeldMessage): void {
    const context = this.#begun(held)
    let answer: ConsumeOutcome | Promise<ConsumeOutcome>
    try {
      answer = handler(held.message, context)
    } catch (err) {
      this.#failed(held, err)
      return
    }
    if (!isPromise(answer)) {
      this.#ended(held)
      this.#settle(held, answer)
      return
    }
    answer.then(
      (outcome) => this.settle(held, outcome),
      (err: unknown) => {
        this.#failed(held, err)
        this.#dispatch()
      },
    )
  }

  #failed(held: HeldMessage, err: unknown): void {
    const { topic, msgId, reconsumeTimes } = held.message
    this.#options.logger.warn({ topic, msgId, reconsumeTimes, err }, 'the message handler failed')
    this.#ended(held)
    this.#settle(held, 'later')
  }

  #settle(held: HeldMessage, outcome: ConsumeOutcome): void {
    // A message that was finished or whose queue was given away is no longer ours to commit or to send back.
    if (!isWanted(held)) return
    const delayLevel = delayLevelOf(outcome)
    if (delayLevel === undefined) this.#options.settling.consumed(held)
    else this.#options.settling.later(held, delayLevel)
  }

  #begun(held: HeldMessage): WorkContext {
    held.startedMs = this.#options.clock.monotonicMs()
    const context = new WorkContext(held.home.queue)
    this.#working.set(held, context)
    this.#active++
    return context
  }

  #ended(held: HeldMessage): void {
    if (!this.#working.delete(held)) return
    this.#active--
    if (this.#active === 0) this.#idle?.()
  }
}

/** The signal is only made when a handler asks for it. */
class WorkContext implements ConsumeContext {
  readonly queue: MessageQueue
  #controller: AbortController | undefined
  #reason: string | undefined

  constructor(queue: MessageQueue) {
    this.queue = queue
  }

  get signal(): AbortSignal {
    if (this.#controller === undefined) {
      this.#controller = new AbortController()
      if (this.#reason !== undefined) this.#controller.abort(this.#reason)
    }
    return this.#controller.signal
  }

  abort(reason: string): void {
    this.#reason = reason
    this.#controller?.abort(reason)
  }
}

function isWanted(held: HeldMessage): boolean {
  return !held.finished && !held.home.dropped
}

function isPromise(
  answer: ConsumeOutcome | Promise<ConsumeOutcome>,
): answer is Promise<ConsumeOutcome> {
  return typeof answer === 'object' && 'then' in answer
}
