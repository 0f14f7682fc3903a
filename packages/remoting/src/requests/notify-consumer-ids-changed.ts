// SPDX-License-Identifier: Apache-2.0
// Broker to consumer: the members of the group have changed, rebalance.
import { noFields, string, type NoFields, type RequestType } from '../protocol/schema.ts'

/** What NOTIFY_CONSUMER_IDS_CHANGED asks. Source: RequestCode.NOTIFY_CONSUMER_IDS_CHANGED, NotifyConsumerIdsChangedRequestHeader. */
export interface NotifyConsumerIdsChangedRequest {
  readonly consumerGroup: string
}

/** Broker to consumer: the members of the group have changed, rebalance. Source: RequestCode.NOTIFY_CONSUMER_IDS_CHANGED, NotifyConsumerIdsChangedRequestHeader. */
export const notifyConsumerIdsChanged: RequestType<NotifyConsumerIdsChangedRequest, NoFields> = {
  code: 40,
  name: 'NOTIFY_CONSUMER_IDS_CHANGED',
  inherits: 'RpcRequestHeader',
  request: {
    consumerGroup: string('consumerGroup'),
  },
  response: noFields,
}
