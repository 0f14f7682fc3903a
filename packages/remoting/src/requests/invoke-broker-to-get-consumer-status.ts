// SPDX-License-Identifier: Apache-2.0
// Ask the consumers of a group, through the broker, how far they are; the answer is a GetConsumerStatusBody.
import { noFields, optional, string, type NoFields, type RequestType } from '../protocol/schema.ts'

/** What INVOKE_BROKER_TO_GET_CONSUMER_STATUS asks. Source: RequestCode.INVOKE_BROKER_TO_GET_CONSUMER_STATUS, GetConsumerStatusRequestHeader. */
export interface InvokeBrokerToGetConsumerStatusRequest {
  readonly topic: string
  readonly group: string
  readonly clientAddr: string | undefined
}

/** Ask the consumers of a group, through the broker, how far they are; the answer is a GetConsumerStatusBody. Source: RequestCode.INVOKE_BROKER_TO_GET_CONSUMER_STATUS, GetConsumerStatusRequestHeader. */
export const invokeBrokerToGetConsumerStatus: RequestType<
  InvokeBrokerToGetConsumerStatusRequest,
  NoFields
> = {
  code: 223,
  name: 'INVOKE_BROKER_TO_GET_CONSUMER_STATUS',
  inherits: 'TopicRequestHeader',
  request: {
    topic: string('topic'),
    group: string('group'),
    clientAddr: optional(string('clientAddr')),
  },
  response: noFields,
}
