// SPDX-License-Identifier: Apache-2.0
// Read who consumes in a group and how; the answer is a ConsumerConnection body.
import { noFields, string, type NoFields, type RequestType } from '../protocol/schema.ts'

/** What GET_CONSUMER_CONNECTION_LIST asks. Source: RequestCode.GET_CONSUMER_CONNECTION_LIST, GetConsumerConnectionListRequestHeader. */
export interface GetConsumerConnectionListRequest {
  readonly consumerGroup: string
}

/** Read who consumes in a group and how; the answer is a ConsumerConnection body. Source: RequestCode.GET_CONSUMER_CONNECTION_LIST, GetConsumerConnectionListRequestHeader. */
export const getConsumerConnectionList: RequestType<GetConsumerConnectionListRequest, NoFields> = {
  code: 203,
  name: 'GET_CONSUMER_CONNECTION_LIST',
  inherits: 'RpcRequestHeader',
  request: {
    consumerGroup: string('consumerGroup'),
  },
  response: noFields,
}
