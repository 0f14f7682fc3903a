// SPDX-License-Identifier: Apache-2.0
// GET_CONSUMER_CONNECTION_LIST: who consumes in a group and how.
import {
  handle,
  LanguageCode,
  refuse,
  reply,
  ResponseCode,
  type Handler,
} from '@rocketmq-ts/remoting'
import { encodeConsumerConnection } from '@rocketmq-ts/remoting/bodies'
import { getConsumerConnectionList } from '@rocketmq-ts/remoting/requests'
import type { BrokerContext } from '../context.ts'

const languageNames: ReadonlyMap<number, string> = new Map(
  Object.entries(LanguageCode).map(([name, code]) => [code, name]),
)

/** @see AdminBrokerProcessor.getConsumerConnectionList */
export function onGetConsumerConnectionList(broker: BrokerContext): Handler {
  return handle(getConsumerConnectionList, ({ request }) => {
    const group = broker.clients.consumerGroup(request.consumerGroup)
    if (group === undefined) {
      return refuse(
        ResponseCode.CONSUMER_NOT_ONLINE,
        `the consumer group[${request.consumerGroup}] not online`,
      )
    }
    const body = encodeConsumerConnection({
      connectionSet: [...group.channels()].map(({ connection, clientId, language, version }) => ({
        clientAddr: connection.remoteAddress,
        clientId,
        language: languageNames.get(language),
        version,
      })),
      ...group.mode,
      subscriptionTable: new Map(
        [...group.subscriptions()].map(([topic, { data }]) => [topic, data]),
      ),
    })
    return reply({}, { body: [body] })
  })
}
