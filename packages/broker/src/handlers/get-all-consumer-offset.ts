// SPDX-License-Identifier: Apache-2.0
// GET_ALL_CONSUMER_OFFSET: the whole consumer offset table.
import { handle, refuse, reply, ResponseCode, type Handler } from '@rocketmq-ts/remoting'
import { getAllConsumerOffset } from '@rocketmq-ts/remoting/requests'
import { encodeConsumerOffsetFile } from '../consumer-offset-file.ts'
import type { BrokerContext } from '../context.ts'

/** @see AdminBrokerProcessor.getAllConsumerOffset */
export function onGetAllConsumerOffset(broker: BrokerContext): Handler {
  return handle(getAllConsumerOffset, () => {
    const content = encodeConsumerOffsetFile(broker.consumerOffsets.content())
    return content.length === 0
      ? refuse(ResponseCode.SYSTEM_ERROR, 'No consumer offset in this broker')
      : reply({}, { body: [content] })
  })
}
