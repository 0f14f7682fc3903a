// SPDX-License-Identifier: Apache-2.0
// BROKER_HEARTBEAT: a broker lives and has nothing new to tell.
import { handle, reply, type Handler } from '@rocketmq-ts/remoting'
import { brokerHeartbeat } from '@rocketmq-ts/remoting/requests'
import type { NameServerContext } from '../context.ts'

export function onBrokerHeartbeat(context: NameServerContext): Handler {
  const { clock, routes } = context
  return handle(brokerHeartbeat, ({ request: { brokerAddr, clusterName } }) => {
    routes.heard({ brokerAddr, clusterName }, clock.monotonicMs())
    return reply({})
  })
}
