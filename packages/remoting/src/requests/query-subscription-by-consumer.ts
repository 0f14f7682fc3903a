// SPDX-License-Identifier: Apache-2.0
// Read a group's subscription to a topic; the answer is a QuerySubscriptionResponseBody.
import { noFields, optional, string, type NoFields, type RequestType } from '../protocol/schema.ts'

/** What QUERY_SUBSCRIPTION_BY_CONSUMER asks. Source: RequestCode.QUERY_SUBSCRIPTION_BY_CONSUMER, QuerySubscriptionByConsumerRequestHeader. */
export interface QuerySubscriptionByConsumerRequest {
  readonly group: string
  readonly topic: string | undefined
}

/** Read a group's subscription to a topic; the answer is a QuerySubscriptionResponseBody. Source: RequestCode.QUERY_SUBSCRIPTION_BY_CONSUMER, QuerySubscriptionByConsumerRequestHeader. */
export const querySubscriptionByConsumer: RequestType<
  QuerySubscriptionByConsumerRequest,
  NoFields
> = {
  code: 345,
  name: 'QUERY_SUBSCRIPTION_BY_CONSUMER',
  inherits: 'TopicRequestHeader',
  request: {
    group: string('group'),
    topic: optional(string('topic')),
  },
  response: noFields,
}
