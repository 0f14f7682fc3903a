// SPDX-License-Identifier: Apache-2.0
// DELETE_EXPIRED_COMMITLOG: removes expired log files whatever the hour, in the next rounds.
import { handle, reply, type Handler } from '@rocketmq-ts/remoting'
import { deleteExpiredCommitlog } from '@rocketmq-ts/remoting/requests'
import type { BrokerContext } from '../context.ts'

/** @see AdminBrokerProcessor.deleteExpiredCommitLog */
export function onDeleteExpiredCommitlog(broker: BrokerContext): Handler {
  return handle(deleteExpiredCommitlog, () => {
    broker.store.deleteExpiredFiles()
    return reply({})
  })
}
