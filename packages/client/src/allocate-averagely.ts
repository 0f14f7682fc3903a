// SPDX-License-Identifier: Apache-2.0
// AVG: neighbouring queues to one member, the first members take the remainder.
import { memberIndex, type AllocationStrategy } from './allocation.ts'

/** Each member gets one run of neighbouring queues. The default. Source: AllocateMessageQueueAveragely. */
export const allocateAveragely: AllocationStrategy = {
  name: 'AVG',
  allocate(request) {
    const index = memberIndex(request)
    if (index < 0) return []
    const members = request.clientIds.length
    const share = Math.floor(request.queues.length / members)
    const remainder = request.queues.length % members
    const start = index * share + Math.min(index, remainder)
    return request.queues.slice(start, start + share + (index < remainder ? 1 : 0))
  },
}
