// SPDX-License-Identifier: Apache-2.0
// mqadmin topicStatus: how far each queue of a topic reaches.
import { addressToAsk } from '@rocketmq-ts/client/admin'
import type { TopicStatsTable } from '@rocketmq-ts/remoting/bodies'
import { optional, required, valueOption, type Command, type CommandContext } from '../command.ts'
import { humanTime, javaDouble, left } from '../java-format.ts'

/** Source: TopicStatusSubCommand. */
export const topicStatus: Command = {
  name: 'topicStatus',
  options: [
    valueOption('t', 'topic', 'topic name', 'required'),
    valueOption('c', 'cluster', 'cluster name or lmq parent topic, lmq is used to find the route.'),
  ],

  async run(context) {
    const stats = await statsOf(context, required(context, 'topic'), optional(context, 'cluster'))
    context.print(line('#Broker Name', '#QID', '#Min Offset', '#Max Offset', '#Last Updated'))
    const rows = [...stats.offsetTable].sort(
      ([a], [b]) => compare(a.brokerName, b.brokerName) || a.queueId - b.queueId,
    )
    for (const [queue, { minOffset, maxOffset, lastUpdateTimestamp: atMs }] of rows) {
      const { host } = context.runtime
      const updated = atMs > 0 ? humanTime(atMs, host.utcOffsetMinutes(atMs)) : ''
      context.print(
        line(queue.brokerName.slice(0, 32), queue.queueId, minOffset, maxOffset, updated),
      )
    }
    context.print(`\nTopic Put TPS: ${javaDouble(stats.topicPutTps)}\n`)
  },
}

/** With a cluster, the topic named like the cluster gives the brokers to ask. */
async function statsOf(
  context: CommandContext,
  topic: string,
  cluster: string | undefined,
): Promise<TopicStatsTable> {
  const { signal } = context
  if (cluster === undefined) return context.admin().examineTopicStats(topic, { signal })
  const { brokerDatas } = await context.admin().examineTopicRouteInfo(cluster, { signal })
  const offsetTable: TopicStatsTable['offsetTable'][number][] = []
  for (const broker of brokerDatas) {
    const address = addressToAsk(broker)
    if (address === undefined) continue
    const stats = await context.admin().examineTopicStatsOfBroker(address, topic, { signal })
    offsetTable.push(...stats.offsetTable)
  }
  // Java leaves the rate out when it goes by the cluster.
  return { offsetTable, topicPutTps: 0 }
}

function line(
  brokerName: string,
  queueId: string | number,
  minOffset: string | number,
  maxOffset: string | number,
  updated: string,
): string {
  return `${left(brokerName, 32)}  ${left(queueId, 4)}  ${left(minOffset, 20)}  ${left(maxOffset, 20)}    ${updated}\n`
}

function compare(left: string, right: string): number {
  if (left === right) return 0
  return left < right ? -1 : 1
}
