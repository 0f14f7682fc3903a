// SPDX-License-Identifier: Apache-2.0
// Where a group begins on a queue it has not consumed before.
import type { ClientInstance } from './instance.ts'
import { masterOf } from './broker-address.ts'
import { maxOffset, searchOffset } from './broker-calls.ts'
import type { MessageQueue } from './message-queue.ts'
import { RETRY_TOPIC_PREFIX } from './names.ts'

/** Only asked when the broker has no offset of the group: a group that has consumed goes on where it was. */
export type ConsumeFrom = 'LAST_OFFSET' | 'FIRST_OFFSET' | { readonly timestampMs: number }

/** Source: RebalancePushImpl.computePullFromWhere. */
export async function startOffset(
  instance: ClientInstance,
  queue: MessageQueue,
  from: ConsumeFrom,
  timeoutMs: number,
): Promise<number> {
  const retried = queue.topic.startsWith(RETRY_TOPIC_PREFIX)
  if (from === 'FIRST_OFFSET') return 0
  // Every message of a retry topic is a message of this group, so none may be passed over.
  if (from === 'LAST_OFFSET' && retried) return 0
  const address = await masterOf(instance, queue)
  if (from === 'LAST_OFFSET' || retried)
    return maxOffset(instance.remoting, address, queue, { timeoutMs })
  return searchOffset(
    instance.remoting,
    address,
    { queue, timestampMs: from.timestampMs },
    { timeoutMs },
  )
}
