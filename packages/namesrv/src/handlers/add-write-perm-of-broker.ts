// SPDX-License-Identifier: Apache-2.0
// ADD_WRITE_PERM_OF_BROKER: all topics of a broker may be read and written.
import { handle, reply, type Handler } from '@rocketmq-ts/remoting'
import { addWritePermOfBroker } from '@rocketmq-ts/remoting/requests'
import type { NameServerContext } from '../context.ts'

export function onAddWritePermOfBroker(context: NameServerContext): Handler {
  const { logger, routes } = context
  return handle(addWritePermOfBroker, ({ connection, request: { brokerName } }) => {
    const addTopicCount = routes.addWritePermission(brokerName)
    const peer = connection.remoteAddress
    logger.info({ brokerName, peer, addTopicCount }, 'write permission of a broker given')
    return reply({ addTopicCount })
  })
}
