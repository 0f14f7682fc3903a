// SPDX-License-Identifier: Apache-2.0
// Where a consumer keeps how far it has come on each queue.
import type { MessageQueue } from './message-queue.ts'

/** The offset of one queue; whoever holds the queue moves it on. */
export interface QueueOffset {
  readonly queue: MessageQueue
  /** The next offset to consume; −1 as long as nothing is known. */
  offset: number
}

/** Source: OffsetStore. */
export interface OffsetStore {
  /** The entry of the queue, made when missing. */
  entry(queue: MessageQueue): QueueOffset
  /** What was stored for the queue, or −1 when the group has never stored one. */
  read(queue: MessageQueue): Promise<number>
  /** Stores what has changed; must not reject. `settle` stores everything and waits until it is known to be stored. */
  persist(options: { readonly settle: boolean }): Promise<void>
  /** Stores the queue's offset and forgets the queue; must not reject. */
  release(queue: MessageQueue): Promise<void>
}

/** Moves on, never back: messages of a queue finish in any order. */
export function advance(entry: QueueOffset, offset: number): void {
  if (offset > entry.offset) entry.offset = offset
}
