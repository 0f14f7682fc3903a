// SPDX-License-Identifier: Apache-2.0
// Finds the address of a broker by its name, asking for the route once when it is not known.
import { RocketMQError } from '@rocketmq-ts/remoting'
import type { ClientInstance } from './instance.ts'
import type { MessageQueue } from './message-queue.ts'
import { MASTER_ID } from './route-queues.ts'

/** The master that holds the queue, or another broker of its group when there is no master. @throws RMQ_NO_ROUTE, RMQ_NO_NAME_SERVER */
export async function masterOf(instance: ClientInstance, queue: MessageQueue): Promise<string> {
  const known = instance.routes.addressToRead(queue.brokerName, MASTER_ID)
  if (known !== undefined) return known.address
  await instance.routes.refresh(queue.topic)
  const found = instance.routes.addressToRead(queue.brokerName, MASTER_ID)
  if (found !== undefined) return found.address
  throw new RocketMQError(
    'RMQ_NO_ROUTE',
    `no name server knows an address of broker ${queue.brokerName}`,
  )
}
