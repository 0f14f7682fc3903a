// SPDX-License-Identifier: Apache-2.0
// mqadmin topicRoute: which brokers serve a topic, with how many queues.
import { encodeTopicRouteData, type TopicRouteData } from '@rocketmq-ts/remoting/bodies'
import { flagOption, required, valueOption, type Command } from '../command.ts'
import { left } from '../java-format.ts'

/** Source: TopicRouteSubCommand. */
export const topicRoute: Command = {
  name: 'topicRoute',
  options: [
    valueOption('t', 'topic', 'topic name', 'required'),
    flagOption('l', 'list', 'Use list format to print data'),
  ],

  async run(context) {
    const topic = required(context, 'topic')
    const route = await context.admin().examineTopicRouteInfo(topic, { signal: context.signal })
    context.print(context.values.has('list') ? listed(route) : pretty(route))
  },
}

function pretty(route: TopicRouteData): string {
  return `${Buffer.from(encodeTopicRouteData(route, 'pretty')).toString('utf8')}\n`
}

function listed(route: TopicRouteData): string {
  const queues = new Map(route.queueDatas.map((data) => [data.brokerName, data]))
  const brokers = [...route.brokerDatas].sort((a, b) => (a.brokerName < b.brokerName ? -1 : 1))
  let text = line(
    '#ClusterName',
    '#BrokerName',
    '#BrokerAddrs',
    '#ReadQueue',
    '#WriteQueue',
    '#Perm',
  )
  let readQueues = 0
  let writeQueues = 0
  for (const { cluster, brokerName, brokerAddrs } of brokers) {
    const { readQueueNums = 0, writeQueueNums = 0, perm = 0 } = queues.get(brokerName) ?? {}
    readQueues += readQueueNums
    writeQueues += writeQueueNums
    const addresses = [...brokerAddrs].map(([id, address]) => `${id}=${address}`).join(', ')
    text += line(cluster, brokerName, `{${addresses}}`, readQueueNums, writeQueueNums, perm)
  }
  const total = line('Total:', route.brokerDatas.length, '', readQueues, writeQueues, '')
  return `${text}${'-'.repeat(158)}\n${total}`
}

function line(
  cluster: string,
  brokerName: string | number,
  addresses: string,
  readQueues: string | number,
  writeQueues: string | number,
  perm: string | number,
): string {
  return `${left(cluster, 45)} ${left(brokerName, 32)} ${left(addresses, 50)} ${left(readQueues, 10)} ${left(writeQueues, 11)} ${left(perm, 5)}\n`
}
