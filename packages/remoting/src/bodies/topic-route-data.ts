// SPDX-License-Identifier: Apache-2.0
// Which broker groups serve a topic: the answer of GET_ROUTEINFO_BY_TOPIC.
import { initially, list, mapOf, optional, record, text, type Shape } from '../java-json/shape.ts'
import type { JsonForm } from '../java-json/write.ts'
import { decodeBody, encodeBody } from './body.ts'
import { brokerDataShape, type BrokerData } from './broker-data.ts'
import { queueDataShape, type QueueData } from './queue-data.ts'
import { topicQueueMappingInfoShape, type TopicQueueMappingInfo } from './topic-queue-mapping.ts'

/** Java's TopicRouteData. */
export interface TopicRouteData {
  readonly brokerDatas: readonly BrokerData[]
  readonly filterServerTable: ReadonlyMap<string, readonly string[]>
  /** `broker-a:4;broker-b:4` for topics with a fixed order of queues. */
  readonly orderTopicConf?: string | undefined
  readonly queueDatas: readonly QueueData[]
  /** By broker name, of static topics only. */
  readonly topicQueueMappingByBroker?: ReadonlyMap<string, TopicQueueMappingInfo> | undefined
}

const shape: Shape<TopicRouteData> = record<TopicRouteData>({
  brokerDatas: initially(list(brokerDataShape), () => []),
  filterServerTable: initially(mapOf(text, list(text)), () => new Map()),
  orderTopicConf: optional(text),
  queueDatas: initially(list(queueDataShape), () => []),
  topicQueueMappingByBroker: optional(mapOf(text, topicQueueMappingInfoShape)),
})

/** @throws {JavaJsonError} when the bytes are not a TopicRouteData. */
export function decodeTopicRouteData(bytes: Uint8Array): TopicRouteData {
  return decodeBody('TopicRouteData', shape, bytes)
}

/** The bytes Java's TopicRouteData writes. */
export function encodeTopicRouteData(body: TopicRouteData, form?: JsonForm): Uint8Array {
  return encodeBody(shape, body, form)
}
