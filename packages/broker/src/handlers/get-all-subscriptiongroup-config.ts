// SPDX-License-Identifier: Apache-2.0
// GET_ALL_SUBSCRIPTIONGROUP_CONFIG: all consumer group configurations, page by page.
import { handle, reply, type Handler } from '@rocketmq-ts/remoting'
import { encodeSubscriptionGroupWrapper } from '@rocketmq-ts/remoting/bodies'
import { getAllSubscriptiongroupConfig } from '@rocketmq-ts/remoting/requests'
import type { BrokerContext } from '../context.ts'
import { pageOf } from '../page.ts'

/** @see AdminBrokerProcessor.getAllSubscriptionGroup */
export function onGetAllSubscriptiongroupConfig(broker: BrokerContext): Handler {
  return handle(getAllSubscriptiongroupConfig, ({ request }) => {
    const { groupSeq, maxGroupNum, dataVersion } = request
    const { groups } = broker
    const page = pageOf(groups.all(), groups.version, {
      start: groupSeq,
      count: maxGroupNum,
      dataVersion,
    })
    const wrapper = { ...groups.wrapper(), subscriptionGroupTable: page.entries }
    return reply({ totalGroupNum: page.total }, { body: [encodeSubscriptionGroupWrapper(wrapper)] })
  })
}
