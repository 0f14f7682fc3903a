// SPDX-License-Identifier: Apache-2.0
// GET_HAS_UNIT_SUB_TOPIC_LIST: the topics that groups of units subscribe to.
import { handle, refuse, reply, ResponseCode, type Handler } from '@rocketmq-ts/remoting'
import { encodeTopicList } from '@rocketmq-ts/remoting/bodies'
import { getHasUnitSubTopicList } from '@rocketmq-ts/remoting/requests'
import type { NameServerContext } from '../context.ts'

export function onGetHasUnitSubTopicList(context: NameServerContext): Handler {
  const { routes, settings } = context
  return handle(getHasUnitSubTopicList, () => {
    if (!settings.current.enableTopicList) return refuse(ResponseCode.SYSTEM_ERROR, 'disable')
    return reply({}, { body: [encodeTopicList(routes.unitSubTopics())] })
  })
}
