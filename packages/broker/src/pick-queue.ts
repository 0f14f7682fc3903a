// SPDX-License-Identifier: Apache-2.0
// Which queue a message goes to when nobody said.

/** Bound for the random number that {@link pickQueue} takes. */
export const MAX_QUEUE_ID_SEED = 99_999_999

/** One of `queueCount` queues. @see AbstractSendMessageProcessor.randomQueueId */
export function pickQueue(seed: number, queueCount: number): number {
  return seed % queueCount
}
