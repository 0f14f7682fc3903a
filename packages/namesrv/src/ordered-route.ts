// SPDX-License-Identifier: Apache-2.0
// A topic's route together with the fixed order of its queues, which is configured rather than registered.
import type { TopicRouteData } from '@rocketmq-ts/remoting/bodies'
import type { NameServerSettings } from './config/settings.ts'
import { ORDER_TOPIC_CONFIG, type KvConfig } from './kv-config.ts'

export interface OrderedRouteParts {
  readonly routes: { route(topic: string): TopicRouteData | undefined }
  readonly kvConfig: KvConfig
  readonly settings: NameServerSettings
}

/** What a client is told of a topic; undefined when no live broker has it. */
export function orderedRoute(
  { kvConfig, routes, settings }: OrderedRouteParts,
  topic: string,
): TopicRouteData | undefined {
  const route = routes.route(topic)
  if (route === undefined || !settings.current.orderMessageEnable) return route
  return { ...route, orderTopicConf: kvConfig.get(ORDER_TOPIC_CONFIG, topic) }
}
