// SPDX-License-Identifier: Apache-2.0
// What a message handler is given, and what it may say in return.
import type { ConsumedMessage } from './consumed-message.ts'
import type { MessageQueue } from './message-queue.ts'

/**
 * Nothing or `consumed`: done. `later`: again after a while that grows with each try.
 * `{ delayLevel }`: again after this delay level; −1 puts the message into the dead letter queue at once.
 */
export type ConsumeOutcome = void | 'consumed' | 'later' | { readonly delayLevel: number }

/** What a handler knows beside the message. */
export interface ConsumeContext {
  /** Fires when the result no longer counts: the queue went to another member, the time is up, or the consumer was closed. */
  readonly signal: AbortSignal
  readonly queue: MessageQueue
}

/** Resolves: consumed. Throws or rejects: `later`. */
export type MessageHandler = (
  message: ConsumedMessage,
  context: ConsumeContext,
) => ConsumeOutcome | Promise<ConsumeOutcome>

/** The delay level to send the message back with, or undefined when it was consumed. 0 lets the broker choose. */
export function delayLevelOf(outcome: ConsumeOutcome): number | undefined {
  if (outcome === undefined || outcome === 'consumed') return undefined
  return outcome === 'later' ? 0 : outcome.delayLevel
}
