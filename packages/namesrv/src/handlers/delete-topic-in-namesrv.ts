// SPDX-License-Identifier: Apache-2.0
// DELETE_TOPIC_IN_NAMESRV: drops a topic's routes; a broker that still has the topic brings them back.
import { handle, reply, type Handler } from '@rocketmq-ts/remoting'
import { deleteTopicInNamesrv } from '@rocketmq-ts/remoting/requests'
import type { NameServerContext } from '../context.ts'

export function onDeleteTopicInNamesrv(context: NameServerContext): Handler {
  const { logger, routes } = context
  return handle(deleteTopicInNamesrv, ({ request: { clusterName, topic } }) => {
    routes.deleteTopic(topic, clusterName === '' ? undefined : clusterName)
    logger.info({ clusterName, topic }, 'topic routes deleted')
    return reply({})
  })
}
