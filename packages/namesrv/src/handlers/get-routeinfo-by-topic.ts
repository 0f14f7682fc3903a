// SPDX-License-Identifier: Apache-2.0
// GET_ROUTEINFO_BY_TOPIC: which brokers serve a topic.
import { handleHot, ResponseCode, slotsOf, type Handler } from '@rocketmq-ts/remoting'
import { encodeTopicRouteData } from '@rocketmq-ts/remoting/bodies'
import { getRouteinfoByTopic } from '@rocketmq-ts/remoting/requests'
import { isTooEarly, type NameServerContext } from '../context.ts'
import { withinZone, ZONE_MODE_FIELD, ZONE_NAME_FIELD } from '../zone.ts'

/** Clients from 4.9.4 (its number on the wire) on read standard JSON; older ones want bare integer keys. */
const FIRST_VERSION_WITH_STANDARD_JSON = 401
const FAQ = '\nSee https://rocketmq.apache.org/docs/bestPractice/06FAQ for further details.'

const slots = slotsOf(getRouteinfoByTopic.request)
const NO_HEADER = {}

export function onGetRouteinfoByTopic(context: NameServerContext): Handler {
  const { routeBytes, routeOf } = context
  return handleHot(getRouteinfoByTopic, (call) => {
    if (isTooEarly(context)) {
      call.refuse(ResponseCode.SYSTEM_ERROR, 'name server not ready')
      return
    }
    const topic = call.fields.string(slots.topic) ?? 'null'
    const isStandard =
      call.version >= FIRST_VERSION_WITH_STANDARD_JSON ||
      call.fields.boolean(slots.acceptStandardJsonOnly) === true
    const body = routeBytes.of(topic, isStandard ? 'standard' : 'compact')
    if (body === undefined) {
      const remark = `No topic route info in name server for the topic: ${topic}${FAQ}`
      call.refuse(ResponseCode.TOPIC_NOT_EXIST, remark)
    } else if (call.ext(ZONE_MODE_FIELD)?.toLowerCase() === 'true') {
      const zoneName = call.ext(ZONE_NAME_FIELD)?.trim()
      const route = zoneName ? routeOf(topic) : undefined
      // Java filters the answer after it was made and writes it anew in its old form, whoever asked.
      if (!zoneName || route === undefined) call.reply(NO_HEADER, body)
      else call.reply(NO_HEADER, [encodeTopicRouteData(withinZone(route, zoneName))])
    } else call.reply(NO_HEADER, body)
  })
}
