// SPDX-License-Identifier: Apache-2.0
// GET_BROKER_CONFIG: all settings as Java properties text.
import { handle, refuse, reply, ResponseCode, type Handler } from '@rocketmq-ts/remoting'
import { encodeDataVersion } from '@rocketmq-ts/remoting/bodies'
import { getBrokerConfig } from '@rocketmq-ts/remoting/requests'
import type { BrokerContext } from '../context.ts'

/** @see AdminBrokerProcessor.getBrokerConfig */
export function onGetBrokerConfig(broker: BrokerContext): Handler {
  return handle(getBrokerConfig, () => {
    const version = Buffer.from(encodeDataVersion(broker.settings.version)).toString()
    const text = broker.settings.asProperties()
    return text === ''
      ? refuse(ResponseCode.SYSTEM_ERROR, 'the broker has no configuration')
      : reply({ version }, { body: [Buffer.from(text)] })
  })
}
