// SPDX-License-Identifier: Apache-2.0
// UNREGISTER_BROKER: a broker leaves in order.
import { handle, reply, type Handler } from '@rocketmq-ts/remoting'
import { unregisterBroker } from '@rocketmq-ts/remoting/requests'
import type { NameServerContext } from '../context.ts'

export function onUnregisterBroker(context: NameServerContext): Handler {
  const { logger, routes } = context
  return handle(unregisterBroker, ({ request: { brokerAddr, brokerName, clusterName } }) => {
    routes.unregister({ brokerAddr, brokerName, clusterName })
    logger.info({ brokerAddr, brokerName, clusterName }, 'broker has left')
    return reply({})
  })
}
