// SPDX-License-Identifier: Apache-2.0
// GET_MAX_OFFSET: the offset that the next message of a queue gets.
import { handle, reply, type Handler } from '@rocketmq-ts/remoting'
import { getMaxOffset } from '@rocketmq-ts/remoting/requests'
import type { BrokerContext } from '../context.ts'

/** A queue that does not exist answers 0. @see AdminBrokerProcessor.getMaxOffset */
export function onGetMaxOffset(broker: BrokerContext): Handler {
  return handle(getMaxOffset, ({ request }) =>
    reply({ offset: broker.store.maxOffset(request.topic, request.queueId) }),
  )
}
