// SPDX-License-Identifier: Apache-2.0
// Read which producers of a group are connected; the answer is a ProducerConnection body.
import { noFields, string, type NoFields, type RequestType } from '../protocol/schema.ts'

/** What GET_PRODUCER_CONNECTION_LIST asks. Source: RequestCode.GET_PRODUCER_CONNECTION_LIST, GetProducerConnectionListRequestHeader. */
export interface GetProducerConnectionListRequest {
  readonly producerGroup: string
}

/** Read which producers of a group are connected; the answer is a ProducerConnection body. Source: RequestCode.GET_PRODUCER_CONNECTION_LIST, GetProducerConnectionListRequestHeader. */
export const getProducerConnectionList: RequestType<GetProducerConnectionListRequest, NoFields> = {
  code: 204,
  name: 'GET_PRODUCER_CONNECTION_LIST',
  inherits: 'RpcRequestHeader',
  request: {
    producerGroup: string('producerGroup'),
  },
  response: noFields,
}
