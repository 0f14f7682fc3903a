// SPDX-License-Identifier: Apache-2.0
// SEARCH_OFFSET_BY_TIMESTAMP: the queue offset of the first message stored at or after a time.
import { handle, reply, type Handler } from '@rocketmq-ts/remoting'
import { searchOffsetByTimestamp } from '@rocketmq-ts/remoting/requests'
import type { BrokerContext } from '../context.ts'

/** Java writes the boundary by name; anything but UPPER means LOWER. @see AdminBrokerProcessor.searchOffsetByTimestamp */
export function onSearchOffsetByTimestamp(broker: BrokerContext): Handler {
  return handle(searchOffsetByTimestamp, async ({ request }) => {
    const { topic, queueId, timestamp, boundaryType } = request
    const boundary = boundaryType?.toUpperCase() === 'UPPER' ? 'UPPER' : 'LOWER'
    return reply({ offset: await broker.store.searchOffset(topic, queueId, timestamp, boundary) })
  })
}
