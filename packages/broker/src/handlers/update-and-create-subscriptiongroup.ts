// SPDX-License-Identifier: Apache-2.0
// UPDATE_AND_CREATE_SUBSCRIPTIONGROUP: creates a consumer group on this broker or changes it.
import { handle, refuse, reply, ResponseCode, type Handler } from '@rocketmq-ts/remoting'
import { decodeSubscriptionGroupConfig } from '@rocketmq-ts/remoting/bodies'
import { updateAndCreateSubscriptiongroup } from '@rocketmq-ts/remoting/requests'
import type { BrokerContext } from '../context.ts'
import { groupNameFault } from '../topic-names.ts'

/** @see AdminBrokerProcessor.updateAndCreateSubscriptionGroup */
export function onUpdateAndCreateSubscriptiongroup(broker: BrokerContext): Handler {
  return handle(updateAndCreateSubscriptiongroup, ({ body }) => {
    if (body.length === 0) return reply({})
    const group = decodeSubscriptionGroupConfig(body)
    const fault = groupNameFault(group.groupName)
    if (fault !== undefined) return refuse(ResponseCode.INVALID_PARAMETER, fault)
    broker.groups.update(group)
    return reply({})
  })
}
