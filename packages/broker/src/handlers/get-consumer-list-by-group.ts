// SPDX-License-Identifier: Apache-2.0
// GET_CONSUMER_LIST_BY_GROUP: the client ids of a consumer group.
import { handle, refuse, reply, ResponseCode, type Handler } from '@rocketmq-ts/remoting'
import { encodeGetConsumerListBody } from '@rocketmq-ts/remoting/bodies'
import { getConsumerListByGroup } from '@rocketmq-ts/remoting/requests'
import type { BrokerContext } from '../context.ts'

/** @see ConsumerManageProcessor.getConsumerListByGroup */
export function onGetConsumerListByGroup(broker: BrokerContext): Handler {
  return handle(getConsumerListByGroup, ({ request }) => {
    const consumerIdList = broker.clients.consumerGroup(request.consumerGroup)?.clientIds() ?? []
    return consumerIdList.length === 0
      ? refuse(ResponseCode.SYSTEM_ERROR, `no consumer for this group, ${request.consumerGroup}`)
      : reply({}, { body: [encodeGetConsumerListBody({ consumerIdList })] })
  })
}
