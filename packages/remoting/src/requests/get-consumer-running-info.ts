// SPDX-License-Identifier: Apache-2.0
// Ask one consumer, through the broker, what it is doing; the answer is a ConsumerRunningInfo body.
import {
  absentAs,
  boolean,
  noFields,
  string,
  type NoFields,
  type RequestType,
} from '../protocol/schema.ts'

/** What GET_CONSUMER_RUNNING_INFO asks. Source: RequestCode.GET_CONSUMER_RUNNING_INFO, GetConsumerRunningInfoRequestHeader. */
export interface GetConsumerRunningInfoRequest {
  readonly consumerGroup: string
  readonly clientId: string
  readonly jstackEnable: boolean
}

/** Ask one consumer, through the broker, what it is doing; the answer is a ConsumerRunningInfo body. Source: RequestCode.GET_CONSUMER_RUNNING_INFO, GetConsumerRunningInfoRequestHeader. */
export const getConsumerRunningInfo: RequestType<GetConsumerRunningInfoRequest, NoFields> = {
  code: 307,
  name: 'GET_CONSUMER_RUNNING_INFO',
  inherits: 'RpcRequestHeader',
  request: {
    consumerGroup: string('consumerGroup'),
    clientId: string('clientId'),
    jstackEnable: absentAs(boolean('jstackEnable'), false),
  },
  response: noFields,
}
