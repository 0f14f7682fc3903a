// SPDX-License-Identifier: Apache-2.0
// UNREGISTER_BROKER: a broker leaves in order.
import { handle, reply, type Handler } from '@rocketmq-ts/remoting'
import { unregisterBroker } from '@rocketmq-ts/remoting/requests'
import type { NameServerContext } from '../context.ts'

export function onUnregisterBroker(context: NameServerContext): Handler {
  const { logger, minIdNotice, routes } = context
  return handle(
    unregisterBroker,
    ({ request: { brokerAddr, brokerId, brokerName, clusterName } }) => {
      minIdNotice.send(routes.unregister({ brokerAddr, brokerId, brokerName, clusterName }))
      logger.info({ brokerAddr, brokerId, brokerName, clusterName }, 'broker has left')
      return reply({})
    },
  )
}
