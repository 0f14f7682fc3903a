// SPDX-License-Identifier: Apache-2.0
// Broker to client, oneway: you no longer subscribe to this lite topic.
import { noFields, string, type NoFields, type RequestType } from '../protocol/schema.ts'

/** What NOTIFY_UNSUBSCRIBE_LITE asks. Source: RequestCode.NOTIFY_UNSUBSCRIBE_LITE, NotifyUnsubscribeLiteRequestHeader. */
export interface NotifyUnsubscribeLiteRequest {
  readonly liteTopic: string
  readonly consumerGroup: string
  readonly clientId: string
}

/** Broker to client, oneway: you no longer subscribe to this lite topic. Source: RequestCode.NOTIFY_UNSUBSCRIBE_LITE, NotifyUnsubscribeLiteRequestHeader. */
export const notifyUnsubscribeLite: RequestType<NotifyUnsubscribeLiteRequest, NoFields> = {
  code: 200073,
  name: 'NOTIFY_UNSUBSCRIBE_LITE',
  inherits: 'RpcRequestHeader',
  request: {
    liteTopic: string('liteTopic'),
    consumerGroup: string('consumerGroup'),
    clientId: string('clientId'),
  },
  response: noFields,
}
