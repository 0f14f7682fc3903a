// SPDX-License-Identifier: Apache-2.0
// AVG_BY_CIRCLE: queues are dealt to the members one by one, like cards.
import { memberIndex, type AllocationStrategy } from './allocation.ts'

/** Queue n goes to member n modulo the number of members. Source: AllocateMessageQueueAveragelyByCircle. */
export const allocateAveragelyByCircle: AllocationStrategy = {
  name: 'AVG_BY_CIRCLE',
  allocate(request) {
    const index = memberIndex(request)
    if (index < 0) return []
    return request.queues.filter((_, position) => position % request.clientIds.length === index)
  },
}
