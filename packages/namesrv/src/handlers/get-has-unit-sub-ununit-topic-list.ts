// SPDX-License-Identifier: Apache-2.0
// GET_HAS_UNIT_SUB_UNUNIT_TOPIC_LIST: those of them that belong to no unit.
import { handle, refuse, reply, ResponseCode, type Handler } from '@rocketmq-ts/remoting'
import { encodeTopicList } from '@rocketmq-ts/remoting/bodies'
import { getHasUnitSubUnunitTopicList } from '@rocketmq-ts/remoting/requests'
import type { NameServerContext } from '../context.ts'

export function onGetHasUnitSubUnunitTopicList(context: NameServerContext): Handler {
  const { routes, settings } = context
  return handle(getHasUnitSubUnunitTopicList, () => {
    if (!settings.current.enableTopicList) return refuse(ResponseCode.SYSTEM_ERROR, 'disable')
    return reply({}, { body: [encodeTopicList(routes.unitSubTopicsOutsideUnits())] })
  })
}
