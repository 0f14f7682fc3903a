// SPDX-License-Identifier: Apache-2.0
// WIPE_WRITE_PERM_OF_BROKER: producers shall leave a broker, until it registers its topics anew.
import { handle, reply, type Handler } from '@rocketmq-ts/remoting'
import { wipeWritePermOfBroker } from '@rocketmq-ts/remoting/requests'
import type { NameServerContext } from '../context.ts'

export function onWipeWritePermOfBroker(context: NameServerContext): Handler {
  const { logger, routes } = context
  return handle(wipeWritePermOfBroker, ({ connection, request: { brokerName } }) => {
    const wipeTopicCount = routes.wipeWritePermission(brokerName)
    const peer = connection.remoteAddress
    logger.info({ brokerName, peer, wipeTopicCount }, 'write permission of a broker wiped')
    return reply({ wipeTopicCount })
  })
}
