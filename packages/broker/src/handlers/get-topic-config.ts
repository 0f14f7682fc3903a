// SPDX-License-Identifier: Apache-2.0
// GET_TOPIC_CONFIG: one topic's configuration.
import { handle, refuse, reply, ResponseCode, type Handler } from '@rocketmq-ts/remoting'
import { encodeTopicConfig } from '@rocketmq-ts/remoting/bodies'
import { getTopicConfig } from '@rocketmq-ts/remoting/requests'
import type { BrokerContext } from '../context.ts'

/** @see AdminBrokerProcessor.getTopicConfig */
export function onGetTopicConfig(broker: BrokerContext): Handler {
  return handle(getTopicConfig, ({ request: { topic } }) => {
    const config = broker.topics.get(topic)
    return config === undefined
      ? refuse(ResponseCode.TOPIC_NOT_EXIST, `No topic in this broker. topic: ${topic}`)
      : reply({}, { body: [encodeTopicConfig(config)] })
  })
}
