// SPDX-License-Identifier: Apache-2.0
// Read the client ids of a consumer group; the answer is a GetConsumerListByGroupResponseBody.
import { noFields, string, type NoFields, type RequestType } from '../protocol/schema.ts'

/** What GET_CONSUMER_LIST_BY_GROUP asks. Source: RequestCode.GET_CONSUMER_LIST_BY_GROUP, GetConsumerListByGroupRequestHeader. */
export interface GetConsumerListByGroupRequest {
  readonly consumerGroup: string
}

/** Read the client ids of a consumer group; the answer is a GetConsumerListByGroupResponseBody. Source: RequestCode.GET_CONSUMER_LIST_BY_GROUP, GetConsumerListByGroupRequestHeader. */
export const getConsumerListByGroup: RequestType<GetConsumerListByGroupRequest, NoFields> = {
  code: 38,
  name: 'GET_CONSUMER_LIST_BY_GROUP',
  inherits: 'RpcRequestHeader',
  request: {
    consumerGroup: string('consumerGroup'),
  },
  response: noFields,
}
