// SPDX-License-Identifier: Apache-2.0
// Withdraw a client's producer or consumer group.
import {
  absentAs,
  noFields,
  optional,
  string,
  type NoFields,
  type RequestType,
} from '../protocol/schema.ts'

/** What UNREGISTER_CLIENT asks. Source: RequestCode.UNREGISTER_CLIENT, UnregisterClientRequestHeader. */
export interface UnregisterClientRequest {
  readonly clientID: string
  readonly producerGroup: string | undefined
  readonly consumerGroup: string | undefined
}

/** Withdraw a client's producer or consumer group. Source: RequestCode.UNREGISTER_CLIENT, UnregisterClientRequestHeader. */
export const unregisterClient: RequestType<UnregisterClientRequest, NoFields> = {
  code: 35,
  name: 'UNREGISTER_CLIENT',
  inherits: 'RpcRequestHeader',
  request: {
    clientID: absentAs(string('clientID'), ''),
    producerGroup: optional(string('producerGroup')),
    consumerGroup: optional(string('consumerGroup')),
  },
  response: noFields,
}
