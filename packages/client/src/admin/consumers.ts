// SPDX-License-Identifier: Apache-2.0
// Admin calls about consumer groups: members, progress, offsets.
import { RocketMQError, ResponseCode } from '@rocketmq-ts/remoting'
import {
  decodeConsumerConnection,
  decodeConsumeStats,
  type ConsumerConnection,
  type ConsumeStats,
} from '@rocketmq-ts/remoting/bodies'
import * as requests from '@rocketmq-ts/remoting/requests'
import { retryTopicOf } from '../names.ts'
import type { AdminCallOptions, AdminSession } from './session.ts'
import { addressToAsk } from './topology.ts'
import { examineTopicRouteInfo } from './topics.ts'

/** Progress on all brokers that hold the group's retry topic, or only on `topic`. @throws RMQ_REFUSED when no broker knows the group */
export async function examineConsumeStats(
  session: AdminSession,
  consumerGroup: string,
  topic: string | undefined,
  options?: AdminCallOptions,
): Promise<ConsumeStats> {
  const offsetTable: ConsumeStats['offsetTable'][number][] = []
  let consumeTps = 0
  for (const address of await brokersOfGroup(session, consumerGroup, options)) {
    const stats = await session.body(
      address,
      requests.getConsumeStats,
      { consumerGroup, topic, topicList: undefined },
      decodeConsumeStats,
      options,
    )
    offsetTable.push(...stats.offsetTable)
    consumeTps += stats.consumeTps
  }
  return { offsetTable, consumeTps }
}

/** The members of a group and what they subscribe to. @throws RMQ_REFUSED with CONSUMER_NOT_ONLINE when there is none */
export async function examineConsumerConnectionInfo(
  session: AdminSession,
  consumerGroup: string,
  address: string | undefined,
  options?: AdminCallOptions,
): Promise<ConsumerConnection> {
  const asked =
    address === undefined ? await brokersOfGroup(session, consumerGroup, options) : [address]
  let failure: unknown
  for (const one of asked) {
    try {
      return await session.body(
        one,
        requests.getConsumerConnectionList,
        { consumerGroup },
        decodeConsumerConnection,
        options,
      )
    } catch (error) {
      // Members register with every broker, but one may have missed it so far.
      if (!RocketMQError.is(error) || error.responseCode !== ResponseCode.CONSUMER_NOT_ONLINE)
        throw error
      failure = error
    }
  }
  throw (
    failure ??
    new RocketMQError('RMQ_NO_ROUTE', `no broker holds the retry topic of group ${consumerGroup}`)
  )
}

/** Brokers know a group by its retry topic. */
async function brokersOfGroup(
  session: AdminSession,
  consumerGroup: string,
  options: AdminCallOptions | undefined,
): Promise<readonly string[]> {
  const { brokerDatas } = await examineTopicRouteInfo(session, retryTopicOf(consumerGroup), options)
  return brokerDatas.flatMap((broker) => addressToAsk(broker) ?? [])
}
