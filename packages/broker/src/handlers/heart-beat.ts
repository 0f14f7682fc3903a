// SPDX-License-Identifier: Apache-2.0
// HEART_BEAT: a client announces its producers and consumers.
import { handle, reply, type Call, type Handler } from '@rocketmq-ts/remoting'
import { decodeHeartbeatData, type ConsumerData } from '@rocketmq-ts/remoting/bodies'
import { heartBeat } from '@rocketmq-ts/remoting/requests'
import type { BrokerContext } from '../context.ts'
import { MAX_QUEUE_COUNT } from '../queue-count.ts'
import { READ, WRITE } from '../permission.ts'
import { retryTopicOf } from '../topic-names.ts'

/** Bit of a retry topic's sysFlag for groups of a unit. @see TopicSysFlag.FLAG_UNIT_SUB */
const UNIT_SUBSCRIPTION = 0x2

/**
 * With a fingerprint (heartbeat v2) a client whose subscriptions have not changed may leave them out;
 * IS_SUB_CHANGE tells it when we need them in full. @see ClientManageProcessor.heartBeat
 */
export function onHeartBeat(broker: BrokerContext): Handler {
  return handle(heartBeat, (call) => {
    const data = decodeHeartbeatData(call.body)
    const fingerprint = data.heartbeatFingerprint
    let changed = fingerprint === 0
    for (const consumer of data.consumerDataSet) {
      if (fingerprint !== 0 && broker.clients.noteFingerprint(consumer.groupName, fingerprint)) {
        changed = true
      }
      registerConsumer(broker, call, consumer, data.clientID, data.isWithoutSub)
    }
    for (const { groupName } of data.producerDataSet) {
      broker.clients.registerProducer(groupName, channelOf(broker, call, data.clientID))
    }
    return reply({ IS_SUPPORT_HEART_BEAT_V2: true, IS_SUB_CHANGE: changed })
  })
}

function registerConsumer(
  broker: BrokerContext,
  call: Call<unknown>,
  consumer: ConsumerData,
  clientId: string,
  withoutSubscriptions: boolean,
): void {
  const group = broker.groups.getOrCreate(consumer.groupName)
  if (group === undefined) return
  broker.topics.getOrCreate({
    topic: retryTopicOf(consumer.groupName),
    queueCount: Math.min(group.retryQueueNums, MAX_QUEUE_COUNT),
    perm: READ | WRITE,
    topicSysFlag: consumer.unitMode ? UNIT_SUBSCRIPTION : 0,
    order: consumer.subscriptionDataSet.some(
      ({ topic }) => broker.topics.get(topic)?.order ?? false,
    ),
  })
  broker.clients.registerConsumer(consumer, channelOf(broker, call, clientId), {
    notify: group.notifyConsumerIdsChangedEnable,
    withoutSubscriptions,
  })
}

function channelOf(
  broker: BrokerContext,
  call: Call<unknown>,
  clientId: string,
): ReturnType<BrokerContext['clients']['channelOf']> {
  const { connection, language, version } = call
  return broker.clients.channelOf(connection, { clientId, language, version })
}
