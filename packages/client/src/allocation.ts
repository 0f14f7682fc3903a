// SPDX-License-Identifier: Apache-2.0
// What an allocation strategy is: the same answer on every member of a group, without talking to each other.
import type { MessageQueue } from './message-queue.ts'

/** What a strategy decides over. Queues and clients are sorted, so all members see the same lists. */
export interface AllocationRequest {
  readonly group: string
  /** The client id of the member that asks. */
  readonly clientId: string
  readonly queues: readonly MessageQueue[]
  /** Client ids of all members, this one included unless the broker does not know it yet. */
  readonly clientIds: readonly string[]
}

/** Splits the queues of one topic over the members of a group. Source: AllocateMessageQueueStrategy. */
export interface AllocationStrategy {
  /** Java's name of the strategy; all members of a group must use the same one. */
  readonly name: string
  /** The queues of `clientId`; empty when it is not among the members. */
  allocate(request: AllocationRequest): readonly MessageQueue[]
}

/** Where the asking member stands among all, or −1 when there is nothing to share out. */
export function memberIndex(request: AllocationRequest): number {
  if (request.clientId === '' || request.queues.length === 0) return -1
  return request.clientIds.indexOf(request.clientId)
}
