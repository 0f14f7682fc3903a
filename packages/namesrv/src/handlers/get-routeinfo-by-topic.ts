// SPDX-License-Identifier: Apache-2.0
// GET_ROUTEINFO_BY_TOPIC: which brokers serve a topic.
import { handle, refuse, reply, ResponseCode, type Handler } from '@rocketmq-ts/remoting'
import { encodeTopicRouteData, type TopicRouteData } from '@rocketmq-ts/remoting/bodies'
import { getRouteinfoByTopic } from '@rocketmq-ts/remoting/requests'
import type { NameServerContext } from '../context.ts'
import { ORDER_TOPIC_CONFIG } from '../kv-config.ts'
import { withinZone, ZONE_MODE_FIELD, ZONE_NAME_FIELD } from '../zone.ts'

/** Clients from 4.9.4 (its number on the wire) on read standard JSON; older ones want bare integer keys. */
const FIRST_VERSION_WITH_STANDARD_JSON = 401
const FAQ = '\nSee https://rocketmq.apache.org/docs/bestPractice/06FAQ for further details.'

export function onGetRouteinfoByTopic(context: NameServerContext): Handler {
  const { routes } = context
  return handle(getRouteinfoByTopic, (call) => {
    const { request, version } = call
    if (isTooEarly(context)) return refuse(ResponseCode.SYSTEM_ERROR, 'name server not ready')
    const { topic, acceptStandardJsonOnly = false } = request
    const found = routes.route(topic)
    if (found === undefined) {
      const remark = `No topic route info in name server for the topic: ${topic}${FAQ}`
      return refuse(ResponseCode.TOPIC_NOT_EXIST, remark)
    }
    const route = withOrder(context, topic, found)
    const zoneName = call.ext(ZONE_NAME_FIELD)?.trim()
    if (call.ext(ZONE_MODE_FIELD)?.toLowerCase() === 'true' && zoneName) {
      // Java filters the answer after it was made and writes it anew in its old form, whoever asked.
      return reply({}, { body: [encodeTopicRouteData(withinZone(route, zoneName))] })
    }
    const isStandard = acceptStandardJsonOnly || version >= FIRST_VERSION_WITH_STANDARD_JSON
    return reply({}, { body: [encodeTopicRouteData(route, isStandard ? 'standard' : 'compact')] })
  })
}

/** Right after the start the brokers have not registered yet, and a client would take topics for missing. */
function isTooEarly({ clock, config, startedAtMs }: NameServerContext): boolean {
  if (!config.needWaitForService) return false
  return clock.monotonicMs() - startedAtMs < config.waitSecondsForService * 1000
}

function withOrder(
  { config, kvConfig }: NameServerContext,
  topic: string,
  route: TopicRouteData,
): TopicRouteData {
  if (!config.orderMessageEnable) return route
  return { ...route, orderTopicConf: kvConfig.get(ORDER_TOPIC_CONFIG, topic) }
}
