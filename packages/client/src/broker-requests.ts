// SPDX-License-Identifier: Apache-2.0
// What brokers ask of a client. Codes without a handler are answered as not supported by remoting.
import { handle, reply, type Handler } from '@rocketmq-ts/remoting'
import { notifyConsumerIdsChanged } from '@rocketmq-ts/remoting/requests'
import type { ConsumerMember } from './instance.ts'

/** Where the groups of a client are found. */
export interface Members {
  consumer(group: string): ConsumerMember | undefined
}

/** Source: ClientRemotingProcessor. */
export function brokerRequestHandlers(members: Members): readonly Handler[] {
  return [
    handle(notifyConsumerIdsChanged, ({ request }) => {
      members.consumer(request.consumerGroup)?.rebalanceSoon()
      return reply({})
    }),
  ]
}
