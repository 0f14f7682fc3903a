// SPDX-License-Identifier: Apache-2.0
// UNREGISTER_CLIENT: a client withdraws its producer or consumer group.
import { handle, reply, type Handler } from '@rocketmq-ts/remoting'
import { unregisterClient } from '@rocketmq-ts/remoting/requests'
import type { BrokerContext } from '../context.ts'

/** @see ClientManageProcessor.unregisterClient */
export function onUnregisterClient(broker: BrokerContext): Handler {
  return handle(unregisterClient, ({ request, connection }) => {
    const { producerGroup, consumerGroup } = request
    if (producerGroup !== undefined) broker.clients.unregisterProducer(producerGroup, connection)
    if (consumerGroup !== undefined) {
      const notify = broker.groups.get(consumerGroup)?.notifyConsumerIdsChangedEnable ?? true
      broker.clients.unregisterConsumer(consumerGroup, connection, notify)
    }
    return reply({})
  })
}
