// SPDX-License-Identifier: Apache-2.0
// GET_UNIT_TOPIC_LIST: the topics that belong to a unit.
import { handle, refuse, reply, ResponseCode, type Handler } from '@rocketmq-ts/remoting'
import { encodeTopicList } from '@rocketmq-ts/remoting/bodies'
import { getUnitTopicList } from '@rocketmq-ts/remoting/requests'
import type { NameServerContext } from '../context.ts'

export function onGetUnitTopicList(context: NameServerContext): Handler {
  const { routes, settings } = context
  return handle(getUnitTopicList, () => {
    if (!settings.current.enableTopicList) return refuse(ResponseCode.SYSTEM_ERROR, 'disable')
    return reply({}, { body: [encodeTopicList(routes.unitTopics())] })
  })
}
