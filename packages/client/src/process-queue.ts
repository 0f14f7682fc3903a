// SPDX-License-Identifier: Apache-2.0
// What this consumer holds of one queue: messages in offset order, and how far it may commit.
import type { MessageQueue } from './message-queue.ts'
import { Ring } from './ring.ts'

/** One message between its pull and the end of its consumption. */
export interface Held<M> {
  readonly home: ProcessQueue<M>
  readonly queueOffset: number
  /** Replaced when the message is tried again here. */
  message: M
  /** Body bytes, for the size threshold. */
  readonly bodyBytes: number
  /** Monotonic time at which the handler was called, undefined while the message waits. */
  startedMs: number | undefined
  finished: boolean
}

/** When pulling must wait. */
export interface HoldLimits {
  readonly messages: number
  readonly bytes: number
  /** Largest distance between the smallest unfinished and the newest offset. */
  readonly span: number
}

/**
 * Messages enter in ascending offsets and finish in any order; the committable offset is the smallest unfinished one.
 * Source: ProcessQueue (a tree there; a ring is enough because a queue is pulled in order and a moved offset drops the whole object).
 */
export class ProcessQueue<M> {
  readonly queue: MessageQueue
  /** Set once when the queue is given away or its offset moved; whatever finishes later is no longer committed. */
  dropped = false
  /** Monotonic time of the last pull and the last finished message. */
  lastPullMs: number
  lastConsumedMs: number

  #held = new Ring<Held<M>>()
  #messages = 0
  #bytes = 0
  #largestOffset = -1

  constructor(queue: MessageQueue, nowMs: number) {
    this.queue = queue
    this.lastPullMs = nowMs
    this.lastConsumedMs = nowMs
  }

  /** Messages that have not finished. */
  get messageCount(): number {
    return this.#messages
  }

  get bodyBytes(): number {
    return this.#bytes
  }

  /** The smallest unfinished offset, or undefined when nothing is held. */
  get smallestOffset(): number | undefined {
    return this.#held.peek()?.queueOffset
  }

  /** The largest offset ever held, −1 before the first. */
  get largestOffset(): number {
    return this.#largestOffset
  }

  /** Takes in the next message; its offset must be above all before it. Returns what `finish` wants later. */
  hold(queueOffset: number, message: M, bodyBytes: number): Held<M> {
    const held: Held<M> = {
      home: this,
      queueOffset,
      message,
      bodyBytes,
      startedMs: undefined,
      finished: false,
    }
    this.#held.push(held)
    this.#messages++
    this.#bytes += bodyBytes
    this.#largestOffset = queueOffset
    return held
  }

  /**
   * Marks a message done and returns the offset up to which everything is done (the next to read);
   * finishing a message twice changes nothing.
   */
  finish(held: Held<M>, nowMs: number): number {
    if (!held.finished) {
      held.finished = true
      this.#messages--
      this.#bytes -= held.bodyBytes
      this.lastConsumedMs = nowMs
    }
    for (let oldest = this.#held.peek(); oldest?.finished === true; oldest = this.#held.peek()) {
      this.#held.shift()
    }
    return this.#held.peek()?.queueOffset ?? this.#largestOffset + 1
  }

  /** Why the next pull must wait, or undefined when it may go. */
  fullBecauseOf(limits: HoldLimits): 'messages' | 'bytes' | 'span' | undefined {
    if (this.#messages > limits.messages) return 'messages'
    if (this.#bytes > limits.bytes) return 'bytes'
    const smallest = this.smallestOffset
    if (smallest !== undefined && this.#largestOffset - smallest > limits.span) return 'span'
    return undefined
  }

  /** The oldest message when its handler has run for longer than `timeoutMs`. */
  overdue(nowMs: number, timeoutMs: number): Held<M> | undefined {
    const oldest = this.#held.peek()
    if (oldest?.startedMs === undefined || nowMs - oldest.startedMs < timeoutMs) return undefined
    return oldest
  }

  /** Whether the queue has not been pulled for so long that its puller must have been lost. */
  pullExpired(nowMs: number): boolean {
    return nowMs - this.lastPullMs > pullIdleLimitMs
  }
}

// Java drops a process queue that was not pulled for this long (rocketmq.client.pull.pullMaxIdleTime).
const pullIdleLimitMs = 120_000
