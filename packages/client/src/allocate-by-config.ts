// SPDX-License-Identifier: Apache-2.0
// CONFIG: the user says which queues this member reads.
import type { AllocationStrategy } from './allocation.ts'
import type { MessageQueue } from './message-queue.ts'

/** Always gives `queues`, whoever else is in the group. Source: AllocateMessageQueueByConfig. */
export function allocateByConfig(queues: readonly MessageQueue[]): AllocationStrategy {
  return { name: 'CONFIG', allocate: () => queues }
}
