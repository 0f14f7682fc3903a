// SPDX-License-Identifier: Apache-2.0
// From a topic's route to the queues a producer may write and a consumer may read.
import type { BrokerData, QueueData, TopicRouteData } from '@rocketmq-ts/remoting/bodies'
import { compareText, type MessageQueue } from './message-queue.ts'

/** Broker id of a master. */
export const MASTER_ID = 0

const PERM_READ = 4
const PERM_WRITE = 2

/** Where a producer sends messages of a topic. */
export interface PublishInfo {
  readonly topic: string
  readonly queues: readonly MessageQueue[]
  /** The topic has a fixed order of queues, kept in the name server. */
  readonly ordered: boolean
}

/** Queues with write permission whose broker has a master. Source: MQClientInstance.topicRouteData2TopicPublishInfo. */
export function publishInfoOf(topic: string, route: TopicRouteData): PublishInfo {
  if (route.orderTopicConf !== undefined && route.orderTopicConf !== '') {
    return { topic, queues: orderedQueues(topic, route.orderTopicConf), ordered: true }
  }
  const queues: MessageQueue[] = []
  for (const data of [...route.queueDatas].sort((a, b) =>
    compareText(a.brokerName, b.brokerName),
  )) {
    if ((data.perm & PERM_WRITE) === 0) continue
    const broker = route.brokerDatas.find((one) => one.brokerName === data.brokerName)
    if (broker === undefined || !broker.brokerAddrs.has(MASTER_ID)) continue
    pushQueues(queues, topic, data.brokerName, data.writeQueueNums)
  }
  return { topic, queues, ordered: false }
}

/** Queues with read permission, sorted as a rebalance needs them. Source: MQClientInstance.topicRouteData2TopicSubscribeInfo. */
export function subscribeQueuesOf(topic: string, route: TopicRouteData): MessageQueue[] {
  const queues: MessageQueue[] = []
  for (const data of [...route.queueDatas].sort((a, b) =>
    compareText(a.brokerName, b.brokerName),
  )) {
    if ((data.perm & PERM_READ) !== 0)
      pushQueues(queues, topic, data.brokerName, data.readQueueNums)
  }
  return queues
}

/**
 * The default topic's route as a new topic would get it: at most `maxQueues` queues on each broker.
 * Source: MQClientInstance.updateTopicRouteInfoFromNameServer with isDefault.
 */
export function routeOfNewTopic(defaultRoute: TopicRouteData, maxQueues: number): TopicRouteData {
  const queueDatas = defaultRoute.queueDatas.map((data): QueueData => {
    const queues = Math.min(maxQueues, data.readQueueNums)
    return { ...data, readQueueNums: queues, writeQueueNums: queues }
  })
  return { ...defaultRoute, queueDatas }
}

/** Whether two routes say the same, in whatever order the name server lists brokers. */
export function sameRoute(left: TopicRouteData, right: TopicRouteData): boolean {
  return routeText(left) === routeText(right)
}

function routeText(route: TopicRouteData): string {
  const queues = route.queueDatas.map(
    (data) =>
      `${data.brokerName} ${data.readQueueNums} ${data.writeQueueNums} ${data.perm} ${data.topicSysFlag}`,
  )
  return [
    route.orderTopicConf ?? '',
    ...queues.sort(),
    ...route.brokerDatas.map(brokerText).sort(),
  ].join('\n')
}

function brokerText(broker: BrokerData): string {
  const addresses = [...broker.brokerAddrs].map(([id, address]) => `${id}=${address}`).sort()
  return `${broker.cluster} ${broker.brokerName} ${broker.enableActingMaster} ${addresses.join(' ')}`
}

/** `broker-a:4;broker-b:4` */
function orderedQueues(topic: string, orderConf: string): MessageQueue[] {
  const queues: MessageQueue[] = []
  for (const item of orderConf.split(';')) {
    const [brokerName = '', count = ''] = item.split(':')
    if (brokerName !== '') pushQueues(queues, topic, brokerName, Number.parseInt(count, 10) || 0)
  }
  return queues
}

function pushQueues(
  queues: MessageQueue[],
  topic: string,
  brokerName: string,
  count: number,
): void {
  for (let queueId = 0; queueId < count; queueId++) queues.push({ topic, brokerName, queueId })
}
