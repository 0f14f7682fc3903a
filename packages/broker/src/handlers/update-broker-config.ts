// SPDX-License-Identifier: Apache-2.0
// UPDATE_BROKER_CONFIG: changes settings while the broker runs.
import {
  handle,
  parseJavaProperties,
  refuse,
  reply,
  ResponseCode,
  type Handler,
} from '@rocketmq-ts/remoting'
import { updateBrokerConfig } from '@rocketmq-ts/remoting/requests'
import type { BrokerContext } from '../context.ts'

/** A changed permission is told to the name servers at once. @see AdminBrokerProcessor.updateBrokerConfig */
export function onUpdateBrokerConfig(broker: BrokerContext): Handler {
  return handle(updateBrokerConfig, ({ body, connection }) => {
    if (body.length === 0) return reply({})
    const changes = parseJavaProperties(Buffer.from(body).toString())
    const { configBlackList } = broker.settings.current
    if (configBlackList.some((key) => changes.has(key))) {
      return refuse(ResponseCode.NO_PERMISSION, 'Can not update config in black list.')
    }
    const changed = broker.settings.update(changes)
    broker.logger.info(
      { keys: changed, peer: connection.remoteAddress },
      'settings were changed by an administrator',
    )
    if (changed.includes('brokerPermission')) {
      broker.topics.bumpVersion()
      void broker.registration.registerAll()
    }
    return reply({})
  })
}
