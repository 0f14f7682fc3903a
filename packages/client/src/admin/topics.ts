// SPDX-License-Identifier: Apache-2.0
// Admin calls about topics: create, delete, list, route, figures.
import { RocketMQError } from '@rocketmq-ts/remoting'
import {
  decodeTopicConfigSerializeWrapper,
  decodeTopicList,
  decodeTopicRouteData,
  decodeTopicStatsTable,
  type TopicConfig,
  type TopicList,
  type TopicRouteData,
  type TopicStatsTable,
} from '@rocketmq-ts/remoting/bodies'
import * as requests from '@rocketmq-ts/remoting/requests'
import { successBody } from '../answers.ts'
import { AUTO_CREATE_TOPIC } from '../names.ts'
import type { AdminCallOptions, AdminSession } from './session.ts'
import { addressToAsk } from './topology.ts'

/** @throws RMQ_REFUSED with TOPIC_NOT_EXIST when no broker serves the topic */
export function examineTopicRouteInfo(
  session: AdminSession,
  topic: string,
  options?: AdminCallOptions,
): Promise<TopicRouteData> {
  const header = { topic, acceptStandardJsonOnly: undefined }
  return session.bodyFromNameServer(
    requests.getRouteinfoByTopic,
    header,
    decodeTopicRouteData,
    options,
  )
}

export async function createAndUpdateTopicConfig(
  session: AdminSession,
  address: string,
  config: TopicConfig,
  options?: AdminCallOptions,
): Promise<void> {
  const header = {
    topic: config.topicName,
    defaultTopic: AUTO_CREATE_TOPIC,
    readQueueNums: config.readQueueNums,
    writeQueueNums: config.writeQueueNums,
    perm: config.perm,
    topicFilterType: config.topicFilterType,
    topicSysFlag: config.topicSysFlag,
    order: config.order,
    attributes: attributesText(config.attributes),
    force: undefined,
  }
  await session.ask(address, requests.updateAndCreateTopic, header, options)
}

/** All topics of a broker, however many pages they take. */
export async function getAllTopicConfig(
  session: AdminSession,
  address: string,
  options?: AdminCallOptions,
): Promise<ReadonlyMap<string, TopicConfig>> {
  const topics = new Map<string, TopicConfig>()
  let dataVersion: string | undefined
  for (;;) {
    const header = { topicSeq: topics.size, dataVersion, maxTopicNum: topicsPerPage }
    const response = await session.request(address, requests.getAllTopicConfig, header, options)
    const page = successBody(response, address, decodeTopicConfigSerializeWrapper)
    for (const [topic, config] of page.topicConfigTable) topics.set(topic, config)
    const { totalTopicNum } = response.header()
    // Brokers before paging answer everything at once and no total.
    if (totalTopicNum === undefined || topics.size >= totalTopicNum) return topics
    if (page.topicConfigTable.size === 0) return topics
    const { stateVersion, timestamp, counter } = page.dataVersion
    dataVersion = JSON.stringify({
      counter: Number(counter),
      stateVersion: Number(stateVersion),
      timestamp: Number(timestamp),
    })
  }
}

export function fetchAllTopicList(
  session: AdminSession,
  options?: AdminCallOptions,
): Promise<TopicList> {
  return session.bodyFromNameServer(
    requests.getAllTopicListFromNameserver,
    {},
    decodeTopicList,
    options,
  )
}

export function fetchTopicsByCluster(
  session: AdminSession,
  cluster: string,
  options?: AdminCallOptions,
): Promise<TopicList> {
  return session.bodyFromNameServer(
    requests.getTopicsByCluster,
    { cluster },
    decodeTopicList,
    options,
  )
}

/** Figures of all brokers of the topic's route together. @throws RMQ_NO_ROUTE when there are none */
export async function examineTopicStats(
  session: AdminSession,
  topic: string,
  options?: AdminCallOptions,
): Promise<TopicStatsTable> {
  const { brokerDatas } = await examineTopicRouteInfo(session, topic, options)
  const offsetTable: TopicStatsTable['offsetTable'][number][] = []
  let topicPutTps = 0
  for (const broker of brokerDatas) {
    const address = addressToAsk(broker)
    if (address === undefined) continue
    const stats = await examineTopicStatsOfBroker(session, address, topic, options)
    offsetTable.push(...stats.offsetTable)
    topicPutTps += stats.topicPutTps
  }
  if (offsetTable.length === 0) {
    throw new RocketMQError('RMQ_NO_ROUTE', `no broker has figures of topic ${topic}`)
  }
  return { offsetTable, topicPutTps }
}

export function examineTopicStatsOfBroker(
  session: AdminSession,
  address: string,
  topic: string,
  options?: AdminCallOptions,
): Promise<TopicStatsTable> {
  return session.body(
    address,
    requests.getTopicStatsInfo,
    { topic },
    decodeTopicStatsTable,
    options,
  )
}

export async function deleteTopicInBroker(
  session: AdminSession,
  addresses: Iterable<string>,
  topic: string,
  options?: AdminCallOptions,
): Promise<void> {
  for (const address of addresses) {
    await session.ask(address, requests.deleteTopicInBroker, { topic }, options)
  }
}

export function deleteTopicInNameServer(
  session: AdminSession,
  addresses: Iterable<string>,
  topic: string,
  clusterName: string | undefined,
  options?: AdminCallOptions,
): Promise<void> {
  const header = { topic, clusterName }
  return session.tellAllNameServers(requests.deleteTopicInNamesrv, header, addresses, options)
}

/** `+key=value` sets, `-key` removes. Source: AttributeParser.parseToString. */
function attributesText(attributes: ReadonlyMap<string, string>): string {
  return [...attributes]
    .map(([name, value]) => (value === '' ? name : `${name}=${value}`))
    .join(',')
}

// Java's maxPageSizeInGetMetadata.
const topicsPerPage = 2000
