// SPDX-License-Identifier: Apache-2.0
// GET_BROKER_MEMBER_GROUP: who else has a broker's name.
import { handle, reply, type Handler } from '@rocketmq-ts/remoting'
import { encodeGetBrokerMemberGroupBody } from '@rocketmq-ts/remoting/bodies'
import { getBrokerMemberGroup } from '@rocketmq-ts/remoting/requests'
import type { NameServerContext } from '../context.ts'

export function onGetBrokerMemberGroup(context: NameServerContext): Handler {
  const { routes } = context
  return handle(getBrokerMemberGroup, ({ request: { brokerName, clusterName } }) => {
    // The cluster is answered as asked, whatever cluster the name is in.
    const brokerAddrs = brokerName === undefined ? new Map() : routes.membersOf(brokerName)
    const brokerMemberGroup = { brokerAddrs, brokerName, cluster: clusterName }
    const body = encodeGetBrokerMemberGroupBody({ brokerMemberGroup })
    // Java forgets to take its placeholder away.
    return reply({}, { body: [body], remark: 'not set any response code' })
  })
}
