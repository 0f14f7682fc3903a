// SPDX-License-Identifier: Apache-2.0
// GET_MIN_OFFSET: the smallest offset of a queue that can still be read.
import { handle, reply, type Handler } from '@rocketmq-ts/remoting'
import { getMinOffset } from '@rocketmq-ts/remoting/requests'
import type { BrokerContext } from '../context.ts'

/** A queue that does not exist answers 0. @see AdminBrokerProcessor.getMinOffset */
export function onGetMinOffset(broker: BrokerContext): Handler {
  return handle(getMinOffset, ({ request }) =>
    reply({ offset: broker.store.minOffset(request.topic, request.queueId) }),
  )
}
