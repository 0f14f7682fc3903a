// SPDX-License-Identifier: Apache-2.0
// Give all queues of a broker their write permission back.
import { absentAs, int32, string, type RequestType } from '../protocol/schema.ts'

/** What ADD_WRITE_PERM_OF_BROKER asks. Source: RequestCode.ADD_WRITE_PERM_OF_BROKER, AddWritePermOfBrokerRequestHeader. */
export interface AddWritePermOfBrokerRequest {
  readonly brokerName: string
}

/** What ADD_WRITE_PERM_OF_BROKER answers. Source: AddWritePermOfBrokerResponseHeader. */
export interface AddWritePermOfBrokerResponse {
  readonly addTopicCount: number
}

/** Give all queues of a broker their write permission back. Source: RequestCode.ADD_WRITE_PERM_OF_BROKER, AddWritePermOfBrokerRequestHeader. */
export const addWritePermOfBroker: RequestType<
  AddWritePermOfBrokerRequest,
  AddWritePermOfBrokerResponse
> = {
  code: 327,
  name: 'ADD_WRITE_PERM_OF_BROKER',
  request: {
    brokerName: absentAs(string('brokerName'), 'null'),
  },
  response: {
    addTopicCount: int32('addTopicCount'),
  },
}
