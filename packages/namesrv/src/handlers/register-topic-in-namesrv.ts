// SPDX-License-Identifier: Apache-2.0
// REGISTER_TOPIC_IN_NAMESRV: queues of one topic on brokers that are known.
import { handle, reply, type Handler } from '@rocketmq-ts/remoting'
import { decodeTopicRouteData } from '@rocketmq-ts/remoting/bodies'
import { registerTopicInNamesrv } from '@rocketmq-ts/remoting/requests'
import type { NameServerContext } from '../context.ts'

export function onRegisterTopicInNamesrv(context: NameServerContext): Handler {
  const { logger, routes } = context
  return handle(registerTopicInNamesrv, ({ body, connection, request: { topic } }) => {
    if (topic === undefined || body.length === 0) return reply({})
    const { queueDatas } = decodeTopicRouteData(body)
    // Java answers SUCCESS also when it has taken nothing.
    if (!routes.registerTopic(topic, queueDatas)) {
      const peer = connection.remoteAddress
      logger.warn({ peer, topic }, 'a topic was registered on a broker that is not known')
    }
    return reply({})
  })
}
