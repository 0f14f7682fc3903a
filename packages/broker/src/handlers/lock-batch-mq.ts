// SPDX-License-Identifier: Apache-2.0
// LOCK_BATCH_MQ: locks queues for orderly consumption.
import { handle, reply, type Handler } from '@rocketmq-ts/remoting'
import { decodeLockBatchBody, encodeLockBatchResult } from '@rocketmq-ts/remoting/bodies'
import { lockBatchMq } from '@rocketmq-ts/remoting/requests'
import type { BrokerContext } from '../context.ts'

/** @see AdminBrokerProcessor.lockBatchMQ */
export function onLockBatchMq(broker: BrokerContext): Handler {
  return handle(lockBatchMq, ({ body }) => {
    const { consumerGroup, clientId, mqSet } = decodeLockBatchBody(body)
    const lockOKMQSet = broker.queueLocks.lock(consumerGroup, mqSet, clientId)
    return reply({}, { body: [encodeLockBatchResult({ lockOKMQSet })] })
  })
}
