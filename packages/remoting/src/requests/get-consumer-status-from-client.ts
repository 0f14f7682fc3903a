// SPDX-License-Identifier: Apache-2.0
// Broker to consumer: how far is each of your queues; the answer is a GetConsumerStatusBody.
import { noFields, optional, string, type NoFields, type RequestType } from '../protocol/schema.ts'

/** What GET_CONSUMER_STATUS_FROM_CLIENT asks. Source: RequestCode.GET_CONSUMER_STATUS_FROM_CLIENT, GetConsumerStatusRequestHeader. */
export interface GetConsumerStatusFromClientRequest {
  readonly topic: string
  readonly group: string
  readonly clientAddr: string | undefined
}

/** Broker to consumer: how far is each of your queues; the answer is a GetConsumerStatusBody. Source: RequestCode.GET_CONSUMER_STATUS_FROM_CLIENT, GetConsumerStatusRequestHeader. */
export const getConsumerStatusFromClient: RequestType<
  GetConsumerStatusFromClientRequest,
  NoFields
> = {
  code: 221,
  name: 'GET_CONSUMER_STATUS_FROM_CLIENT',
  inherits: 'TopicRequestHeader',
  request: {
    topic: string('topic'),
    group: string('group'),
    clientAddr: optional(string('clientAddr')),
  },
  response: noFields,
}
