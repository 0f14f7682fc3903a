// SPDX-License-Identifier: Apache-2.0
// UNLOCK_BATCH_MQ: gives up queue locks.
import { handle, reply, type Handler } from '@rocketmq-ts/remoting'
import { decodeLockBatchBody } from '@rocketmq-ts/remoting/bodies'
import { unlockBatchMq } from '@rocketmq-ts/remoting/requests'
import type { BrokerContext } from '../context.ts'

/** @see AdminBrokerProcessor.unlockBatchMQ */
export function onUnlockBatchMq(broker: BrokerContext): Handler {
  return handle(unlockBatchMq, ({ body }) => {
    const { consumerGroup, clientId, mqSet } = decodeLockBatchBody(body)
    broker.queueLocks.unlock(consumerGroup, mqSet, clientId)
    return reply({})
  })
}
