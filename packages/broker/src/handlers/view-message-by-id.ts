// SPDX-License-Identifier: Apache-2.0
// VIEW_MESSAGE_BY_ID: one stored record by its commit log offset.
import { handle, refuse, reply, ResponseCode, type Handler } from '@rocketmq-ts/remoting'
import { viewMessageById } from '@rocketmq-ts/remoting/requests'
import type { BrokerContext } from '../context.ts'

/** @see QueryMessageProcessor.viewMessageById */
export function onViewMessageById(broker: BrokerContext): Handler {
  return handle(viewMessageById, async ({ request }) => {
    const record = await new Promise<Uint8Array | undefined>((resolve) =>
      broker.store.readAt(request.offset, resolve),
    )
    return record === undefined
      ? refuse(ResponseCode.SYSTEM_ERROR, `can not find message by the offset, ${request.offset}`)
      : reply({}, { body: [record] })
  })
}
